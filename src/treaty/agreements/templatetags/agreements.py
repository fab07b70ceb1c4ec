"""Look-ups in what a draft still needs, and what stands live beside a clause."""

from collections.abc import Mapping

from django import template

from treaty.agreements.drawing import beside

register = template.Library()

register.simple_tag(beside)


@register.filter
def of_clause(problems: Mapping[str, list[str]], number: str) -> list[str]:
    """The problems of one clause."""
    return problems.get(number, [])


@register.filter
def of_section(problems: Mapping[str, list[str]], section: str) -> list[str]:
    """The problems of all clauses of a section."""
    return [said for number, found in problems.items() if number.startswith(f"{section}.") for said in found]


@register.filter
def lookup(values: Mapping[str, object], key: str) -> object:
    """The value of a key; None without it."""
    return values.get(key)
