"""When time alone can change a predicate's answer: windows that pass, scores that decay."""

import math
from bisect import bisect_right
from collections import abc
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from treaty.segments.rules.matching import compiled, day_of, getter, matching_touch, nodes
from treaty.segments.rules.predicate import (
    Date,
    Deal,
    Did,
    EngagementAtLeast,
    First,
    GradeIn,
    Last,
    Node,
    Predicate,
    Sequence,
    Since,
    steps,
)
from treaty.segments.rules.state import PersonState, decayed

MICROSECOND = timedelta(microseconds=1)
HALF_LIVES = 64
"""After so many half-lives nothing is left that could pass a threshold."""


def next_change(tree: Predicate | Node, state: PersonState, at: datetime) -> datetime | None:
    """The next instant after `at` at which the answer may differ; None if time alone never changes it.

    Until then the answer is what it is at `at`. Where a grade decides, this is its next change: the state of
    that instant has to be asked again.
    """
    root = tree.match if isinstance(tree, Predicate) else tree
    at = at.astimezone(UTC)  # in a zone with summer time, adding days would add wall-clock days
    return min((when for node in nodes(root) if (when := _flip(node, state, at))), default=None)


def first_crossing(
    parts: abc.Sequence[tuple[float, float]], threshold: float, at: datetime
) -> datetime | None:
    """The first instant after `at` at which the decayed sum passes from one side of the threshold to the other.

    One half-life for all has a closed form. Else the sum of what falls and the sum of what rises bound the
    value inside a span, so spans that cannot hold a crossing are skipped and the rest is halved.
    """
    lives = {half_life for points, half_life in parts if points}
    if not lives:
        return None
    if len(lives) == 1:
        return _closed_form(sum(points for points, _ in parts), lives.pop(), threshold, at)
    end = at + timedelta(days=HALF_LIVES * max(lives))
    return _search(parts, threshold, (at, at, end))


def _flip(node: Node, state: PersonState, at: datetime) -> datetime | None:
    match node:
        case Did():
            return _did_flip(node, state, at)
        case First() | Last() | Sequence() | Since():
            return _steps_flip(node, state, at)
        case Date() if node.of is None:
            return _date_flip(node, state, at)
        case Deal():
            return _deal_flip(node, state, at)
        case EngagementAtLeast() if state.as_of is not None:
            parts = [(decayed([part], at - state.as_of), part[1]) for part in state.decay]
            return first_crossing(parts, node.engagement_at_least, at)
        case GradeIn():
            when = state.grade_changes_at
            return when if when is not None and when > at else None
        case _:
            return None


def _did_flip(node: Did, state: PersonState, at: datetime) -> datetime | None:
    """The next instant at which a node's own answer differs: a touch begins or ceases to count."""
    fits, window = (
        matching_touch(node),
        None if node.within_days is None else timedelta(days=node.within_days),
    )
    times = sorted(touch.at for touch in state.touches if fits(touch))

    def answer(when: datetime) -> bool:
        gone = 0 if window is None else bisect_right(times, when - window)
        return bisect_right(times, when) - gone >= node.times

    ends = [] if window is None else [one + window for one in times]
    edges = sorted(edge for edge in {*times, *ends} if edge > at)
    return next((edge for edge in edges if answer(edge) is not answer(at)), None)


def _steps_flip(node: Node, state: PersonState, at: datetime) -> datetime | None:
    """The same for nodes whose touches depend on each other: asked again wherever one begins or ceases to count."""
    edges = set[datetime]()
    for step, days in steps(node):
        times = [touch.at for touch in state.touches if matching_touch(step)(touch)]
        edges.update(times, [] if days is None else [one + timedelta(days=days) for one in times])
    return _first_other(node, state, at, edges)


def _date_flip(node: Date, state: PersonState, at: datetime) -> datetime | None:
    """The midnight at which a date comes into its span or leaves it."""
    return _first_other(node, state, at, _midnights(node, state.attributes))


def _deal_flip(node: Deal, state: PersonState, at: datetime) -> datetime | None:
    """The same of the dates of deals, asked of all deals together."""
    dates = [part for part in node.deal if isinstance(part, Date) and part.of is None]
    edges = {one for deal in state.deals for part in dates for one in _midnights(part, deal)}
    return _first_other(node, state, at, edges)


def _midnights(node: Date, attributes: abc.Mapping[str, object]) -> set[datetime]:
    """Where a date begins or ceases to lie as a node asks; nowhere where it is not known."""
    day = day_of(getter(node.date)(attributes))
    if day is None:
        return set()
    ends = [node.to_days, None if node.from_days is None else node.from_days - 1]
    return {midnight for days in ends if days is not None and (midnight := _midnight(day, days))}


def _midnight(day: date, days: int) -> datetime | None:
    """The beginning of the day that lies `days` before another; None where the calendar has none."""
    try:
        return datetime.combine(day - timedelta(days=days), time(), UTC)
    except OverflowError:
        return None


def _first_other(
    node: Node, state: PersonState, at: datetime, edges: Collection[datetime]
) -> datetime | None:
    check = compiled(node)
    now = check(state, at)
    return next((edge for edge in sorted(edges) if edge > at and check(state, edge) is not now), None)


def _closed_form(points: float, half_life: float, threshold: float, at: datetime) -> datetime | None:
    """points x 2^(-t / half-life) < threshold, solved for t; a sum below the threshold never rises above it."""
    if points < threshold:
        return None
    passed = timedelta(days=half_life * math.log2(points / threshold))
    # The solution is exact to the rounding of a float; the answer is exact to the microsecond.
    while decayed([(points, half_life)], passed) < threshold:
        passed -= MICROSECOND
    while decayed([(points, half_life)], passed) >= threshold:
        passed += MICROSECOND
    return at + passed


def _search(
    parts: abc.Sequence[tuple[float, float]], threshold: float, span: tuple[datetime, datetime, datetime]
) -> datetime | None:
    """The first crossing within (low, high] of (origin, low, high)."""
    origin, low, high = span
    least, most = _bounds(parts, low - origin, high - origin)
    if least >= threshold or most < threshold:
        return None
    if high - low <= MICROSECOND:
        before, after = (decayed(parts, edge - origin) >= threshold for edge in (low, high))
        return high if before is not after else None
    middle = low + (high - low) // 2
    return _search(parts, threshold, (origin, low, middle)) or _search(
        parts, threshold, (origin, middle, high)
    )


def _bounds(parts: abc.Sequence[tuple[float, float]], low: timedelta, high: timedelta) -> tuple[float, float]:
    """What the sum is at least and at most between two times: gains only fall, penalties only rise."""
    gains, penalties = [part for part in parts if part[0] > 0], [part for part in parts if part[0] < 0]
    return (
        decayed(gains, high) + decayed(penalties, low),
        decayed(gains, low) + decayed(penalties, high),
    )
