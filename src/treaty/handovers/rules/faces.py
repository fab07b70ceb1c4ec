"""How a clock looks at an instant: which state, how much of it is left, and the time left or over in units."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = timedelta(minutes=60)
SOON_SHARE = 25
"""A clock is due soon in its last hour, or when less than a quarter of its budget is left, whichever comes later."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a ring shows. `left` is business time left, negative where over; None for a clock without a due time.

    `state` is run, due, late, kept or waiting; `share` the percentage of the budget that is left.
    """

    state: str
    share: int
    left: timedelta | None
    due_at: datetime | None


def face(
    *, state: str, verdict: str, due_at: datetime | None, budget: timedelta | None, left: timedelta | None
) -> Face:
    """The ring of one clock; `left` is None where nothing can be counted."""
    if verdict in ("kept", "excused"):
        return Face("kept", 100, left, due_at)
    if verdict == "broken" or (left is not None and left < timedelta()):
        return Face("late", 0, left, due_at)
    if state != "running" or left is None or not budget:
        return Face("waiting", 100, left, due_at)
    share = max(0, min(100, round(100 * left / budget)))
    soon = (left <= SOON and share <= 2 * SOON_SHARE) or share < SOON_SHARE
    return Face("due" if soon else "run", share, left, due_at)


def hours_and_minutes(span: timedelta) -> tuple[int, int, int]:
    """Days of 24 hours, hours and minutes of a span, its sign left out; a started minute counts."""
    minutes = -(-abs(span) // timedelta(minutes=1))
    return minutes // 1440, minutes // 60 % 24, minutes % 60
