"""How pages write amounts, stages, steps and lines of a deal's story."""

from collections.abc import Callable
from functools import cache

from django import template

from treaty.deals import cards, wording
from treaty.kit.nouns import offered
from treaty.kit.rules.money import Money
from treaty.ledger.queries import Recorded

register = template.Library()

register.simple_tag(cards.next_step)


@register.filter
def money(value: Money | None) -> str:
    """An amount in the language of the page; empty where it is unknown."""
    return wording.money(value)


@register.filter
def amounts(values: tuple[Money, ...]) -> str:
    """The sums of several currencies beside each other."""
    return " · ".join(wording.money(value) for value in values)


@register.filter
def stage_name(stage: object) -> str:
    """A stage row's name, or that of a stage's key."""
    if isinstance(stage, str):
        return wording.stage_name(stage)
    return wording.stage_name(getattr(stage, "key", ""), getattr(stage, "name", ""))


@register.filter
def step_name(kind: str) -> str:
    """What is done next, in a word."""
    return wording.step_name(kind)


@register.filter
def flag_name(flag: str) -> str:
    """What an import found odd."""
    return wording.flag_name(flag)


@cache
def tellers() -> tuple[Callable[[Recorded], str], ...]:
    """Every noun's way to tell its facts."""
    return tuple(told for _noun, told in offered("wording", "told"))


@register.filter
def told(line: Recorded) -> str:
    """The sentence of a line; its noun knows it."""
    return next((sentence for tell in tellers() if (sentence := tell(line))), line.kind)


@register.filter
def author(names: dict[int, str], user: int | None) -> str:
    """Who of ours wrote a line."""
    return names.get(user, "") if user is not None else ""


@register.filter
def person_url(person: int) -> str:
    """The person's page; it stands above deals, which know only its address."""
    return f"/people/{person}/"
