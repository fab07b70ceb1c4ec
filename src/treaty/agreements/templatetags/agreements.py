"""Look-ups in what a draft still needs, and what is drawn in Python: a clause's margin, a draft's rows."""

from collections.abc import Mapping

from django import template

from treaty.agreements.drawing import beside
from treaty.agreements.row_drawing import draft_add, draft_row

register = template.Library()

for drawn in (beside, draft_row, draft_add):
    register.simple_tag(drawn)


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
