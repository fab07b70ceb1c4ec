"""What only the shell's own templates ask: which hue a side wears, what a toast undoes."""

from typing import NamedTuple

from django import template

from treaty.kit import markup

register = template.Library()

register.filter("hue", markup.hue)


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
