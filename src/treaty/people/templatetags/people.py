"""Filters that say stages and kinds of identity in the page's language."""

from django import template

from treaty.people import wording
from treaty.people.rules import Stage

register = template.Library()


@register.filter
def stage_label(stage: str) -> str:
    """What a stage is called."""
    return str(wording.STAGES[Stage(stage)])


@register.filter
def kind_label(kind: str) -> str:
    """What a kind of identity is called."""
    return str(wording.KINDS.get(kind, kind))


@register.filter
def person_url(person: int) -> str:
    """A person's own page; the desk composes it, so it has no name here."""
    return f"/people/{person}/"
