"""Charts as plain shapes, computed on the server; a template writes them as SVG with classes, never with styles."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One element: path, rect, circle or text. Numbers are written already, alike in every language."""

    tag: str
    look: str
    at: tuple[str, ...]
    """The path's `d`; x, y, width, height; cx, cy, r; or x, y, anchor."""
    text: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart and what it says to those who do not see it."""

    width: int
    height: int
    label: str
    shapes: tuple[Shape, ...]


def path(look: str, *points: tuple[float, float]) -> Shape:
    """A line through points."""
    return Shape("path", look, ("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),))


def rect(look: str, x: float, y: float, width: float, height: float, *, title: str = "") -> Shape:
    """A rectangle."""
    return Shape("rect", look, (f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{height:.1f}"), title=title)


def circle(look: str, x: float, y: float, r: float, title: str = "") -> Shape:
    """A point."""
    return Shape("circle", look, (f"{x:.1f}", f"{y:.1f}", f"{r:.1f}"), title=title)


def text(words: str, x: float, y: float, anchor: str = "start", look: str = "", *, url: str = "") -> Shape:
    """Words; `anchor` is start, middle or end."""
    return Shape("text", look, (f"{x:.1f}", f"{y:.1f}", anchor), text=words, url=url)


def steps(highest: int, at_most: int = 5) -> tuple[int, ...]:
    """Round figures for an axis from 0 to `highest` or a little above."""
    for unit in (size * 10**power for power in range(10) for size in (1, 2, 3, 5)):
        if unit * at_most >= highest:
            break
    last = max(-(-highest // unit), 1)
    return tuple(unit * place for place in range(last + 1))


def grid(ticks: Sequence[int], left: float, right: float, top: float, bottom: float) -> list[Shape]:
    """Horizontal lines with their figures at the start."""
    found = []
    for tick in ticks:
        y = bottom - (bottom - top) * tick / ticks[-1]
        found.append(path("grid" if tick else "axis", (left, y), (right, y)))
        found.append(text(str(tick), left - 6, y + 4, "end"))
    return found
