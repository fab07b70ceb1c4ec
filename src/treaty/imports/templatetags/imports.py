"""What imports brought in, and what columns hold, in words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django import template

from treaty.imports import wording
from treaty.imports.queries import STAFF, PreviewRow, own_fields
from treaty.imports.rules.columns import THINGS

register = template.Library()


@register.filter
def thing_name(key: str) -> str:
    """What was brought in."""
    return str(wording.THINGS.get(key, key))


@register.filter
def state_name(key: str) -> str:
    """What became of a run."""
    return str(wording.STATES.get(key, key))


@register.filter
def field_names(keys: str) -> str:
    """Fields by what they are called, commas between them."""
    return ", ".join(_field_name(key.strip()) for key in keys.split(","))


def _field_name(key: str) -> str:
    if key.startswith(("own.", "consent.")):
        names = (wording.own_names(own_fields(thing)) for thing in THINGS.values())
        return next((known[key] for known in names if key in known), key.partition(".")[2])
    return str(wording.NAMED.get(key, key))


class Cell(NamedTuple):
    """A cell of a preview: the column's name, the text, what is wrong with it, and the id of the text that says so."""

    place: int
    head: str
    text: str
    wrong: str
    why: str
    """Empty where nothing is wrong, and the cell is only shown."""
    is_staff: bool
    """Whether it names somebody on the staff."""


@register.filter
def cells(row: PreviewRow, heads: Sequence[tuple[int, str, str]]) -> Iterator[Cell]:
    """The cells of a row, each with its column's name, in the order of the heads."""
    texts = dict(row.cells)
    for place, head, field in heads:
        wrong = row.wrong.get(place, "")
        why = f"why_{row.number}" if row.is_broken else f"why_{row.number}_{place}" if wrong else ""
        yield Cell(place, head, texts[place], wrong, why, field in STAFF)
