"""The burn-up of Today: what was promised as a line, what was delivered above or below it, as points of an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from treaty.scoreboard.rules import Volume

WIDE, HIGH, AIR = 640, 112, 10
"""The drawing in its own units, and the room left above the highest point."""


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Polylines as SVG writes them, and the point of today; texts stand beside the drawing, not in it."""

    plan: str
    delivered: str
    now_x: str
    now_y: str
    line_y: str
    box: str = f"0 0 {WIDE} {HIGH}"
    wide: int = WIDE
    base: int = HIGH - 2


def burn_up(volume: Volume) -> BurnUp:
    """The drawing of a month: business days from start to end, leads upwards."""
    days = max(len(volume.days), 1)
    top = max(volume.promised, volume.delivered, 1)
    totals = [0, *(point.total for point in volume.points)]
    lines = [0, *(point.line for point in volume.points)]
    now = len(totals) - 1
    return BurnUp(
        plan=_path([(0, 0), (days, volume.promised)], days, top),
        delivered=_path(list(enumerate(totals)), days, top),
        now_x=_x(now, days),
        now_y=_y(totals[-1], top),
        line_y=_y(lines[-1], top),
    )


def _path(points: Sequence[tuple[int, int]], days: int, top: int) -> str:
    return " ".join(f"{_x(day, days)},{_y(leads, top)}" for day, leads in points)


def _x(day: int, days: int) -> str:
    return f"{day * WIDE / days:.1f}"


def _y(leads: int, top: int) -> str:
    return f"{HIGH - 2 - leads * (HIGH - 2 - AIR) / top:.1f}"
