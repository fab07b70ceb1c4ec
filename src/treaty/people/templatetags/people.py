"""Filters that say stages, kinds of identity, countries and languages in the page's language."""

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.translation import get_language

from treaty.people import wording
from treaty.people.queries.leads import stage_label

register = template.Library()

register.filter(stage_label)


@register.filter
def channel_label(key: str) -> str:
    """What a channel is called; nothing where none is known."""
    return wording.channel(key)


@register.filter
def kind_label(kind: str) -> str:
    """What a kind of identity is called."""
    return str(wording.KINDS.get(kind, kind))


@register.filter
def identity_label(label: str) -> str:
    """What an address or number is."""
    return str(wording.LABELS.get(label, label))


@register.filter
def how_agreed(key: str) -> str:
    """How a consent came."""
    return str(wording.HOW_AGREED.get(key, key))


@register.filter
def person_url(person: int) -> str:
    """A person's own page; the desk composes it, so it has no name here."""
    return f"/people/{person}/"


def _locale() -> Locale:
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@register.filter
def country_name(code: str) -> str:
    """What a country is called; its code where it has no name."""
    return str(_locale().territories.get(code.upper(), code))


@register.filter
def language_name(code: str) -> str:
    """What a language is called, with the script or country it names; its code where it has no name."""
    try:
        return str(Locale.parse(code, sep="-").get_display_name(_locale()) or code)
    except (UnknownLocaleError, ValueError):
        return str(_locale().languages.get(code.lower(), code))


@register.filter
def record_value(value: str, field: str) -> str:
    """What stands in a field of a record, as people read it."""
    shown = {"country": country_name, "language": language_name, "channel": channel_label}.get(field)
    return shown(value) if shown and value else str(value)
