"""What the shell's components must compute: which hue a side wears, how a bar is parted, what a toast undoes."""

from typing import NamedTuple

from django import template

register = template.Library()

HUES = {"marketing": "mkt", "mkt": "mkt", "sales": "sal", "sal": "sal"}
SEEN_AT_LEAST = 2.5
"""Percent of a bar below which a part could not be seen."""


class Part(NamedTuple):
    """One part of a bar, in percent of its length, written for SVG in every language alike."""

    kind: str
    x: str
    width: str


@register.filter
def hue(side: object) -> str:
    """The class that gives a side its hue; `both` for what is shared."""
    return HUES.get(str(side).lower(), "both")


def counts(values: dict[str, object]) -> dict[str, int]:
    """What is not a positive whole number counts nothing."""
    numbers = {kind: int(str(value)) if str(value).isdecimal() else 0 for kind, value in values.items()}
    return {kind: number for kind, number in numbers.items() if number}


def widths(numbers: dict[str, int]) -> dict[str, float]:
    """Percent of each part; none is so small that one cannot see it."""
    total = sum(numbers.values())
    raised = {kind: max(number * 100 / total, SEEN_AT_LEAST) for kind, number in numbers.items()}
    scale = 100 / sum(raised.values())
    return {kind: width * scale for kind, width in raised.items()}


@register.simple_tag
def bar_parts(kept: object, broken: object, excused: object, running: object) -> list[Part]:
    """The parts of a promise's bar from the counts of its verdicts; an empty list where nothing was counted."""
    numbers = counts({"kept": kept, "broken": broken, "excused": excused, "open": running})
    if not numbers:
        return []
    parts, x = [], 0.0
    for kind, width in widths(numbers).items():
        parts.append(Part(kind, f"{x:.3f}", f"{width:.3f}"))
        x += width
    return parts


class Undo(NamedTuple):
    """How a toast's undo is asked for, and whether the toast tells of a failure."""

    url: str
    method: str
    bad: bool


@register.simple_tag
def undo_of(message: object) -> Undo:
    """The undo a message brought in its extra tags, written "undo METHOD /address"; without one the url is empty."""
    words = str(getattr(message, "extra_tags", "") or "").split()
    bad = getattr(message, "level_tag", "") == "error"
    if len(words) == 3 and words[0] == "undo":
        return Undo(url=words[2], method=words[1], bad=bad)
    return Undo(url="", method="POST", bad=bad)
