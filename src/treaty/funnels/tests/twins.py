"""Funnels and cohorts the slow way, as their definitions read: every attempt of every person, in lists and dictionaries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from treaty.funnels.rules import Order, Plan, Unit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Happened:
    """One event: who, when (microseconds), which of equal times, what."""

    person: int
    time: int
    id: int
    kind: int
    value: float = 0.0


def histories(events: Iterable[Happened]) -> dict[int, list[Happened]]:
    """Each person's events in order, persons in order."""
    found: dict[int, list[Happened]] = {}
    for event in sorted(events, key=lambda one: (one.person, one.time, one.id)):
        found.setdefault(event.person, []).append(event)
    return found


def attempt(history: Sequence[Happened], first: int, plan: Plan) -> tuple[list[int], bool]:
    """The ids that the attempt begun at a place takes, in their order, and whether an excluded event ended it."""
    start, taken, open_steps = history[first], [], list(plan.steps)
    window = plan.window
    for event in history[first:]:
        if window is not None and event.time - start.time > window:
            break
        if not open_steps:
            break
        wanted = open_steps if plan.order is Order.ANY else open_steps[:1]
        if event.kind in wanted:
            open_steps.remove(event.kind)
            taken.append(event.id)
        elif plan.order is Order.STRICT:
            break
        elif any(
            event.kind == one.kind and one.after <= len(taken) < (one.before or len(plan.steps))
            for one in plan.exclusions
        ):
            return taken, True
    return taken, False


def deepest(history: Sequence[Happened], plan: Plan) -> tuple[list[int], bool]:
    """The deepest attempt of a person, the earliest of equals."""
    begins = plan.steps if plan.order is Order.ANY else plan.steps[:1]
    tries = [attempt(history, place, plan) for place, one in enumerate(history) if one.kind in begins]
    return max(tries, key=lambda one: len(one[0]), default=([], False))


def cohort_cells(
    events: Iterable[Happened], qualifying: set[int], counted: set[int], unit: Unit
) -> tuple[Counter[date], dict[tuple[date, date], set[int]], Counter[tuple[date, date]]]:
    """Sizes by cohort; persons and sums by cohort and the period in which they came back. In UTC."""
    sizes: Counter[date] = Counter()
    persons: dict[tuple[date, date], set[int]] = {}
    sums: Counter[tuple[date, date]] = Counter()
    for person, history in histories(events).items():
        since = next((place for place, one in enumerate(history) if one.kind in qualifying), None)
        if since is None:
            continue
        cohort = period_of(history[since].time, unit)
        sizes[cohort] += 1
        for event in history[since:]:
            if event.kind in counted:
                cell = cohort, period_of(event.time, unit)
                persons.setdefault(cell, set()).add(person)
                sums[cell] += event.value  # type: ignore[assignment]  # a counter adds what it is given
    return sizes, persons, sums


def period_of(time: int, unit: Unit) -> date:
    """The first day of the period of a time, from the parts of the date."""
    day = (EPOCH + timedelta(microseconds=time)).date()
    first = {
        Unit.DAY: day,
        Unit.WEEK: day - timedelta(days=day.isoweekday() - 1),
        Unit.MONTH: day.replace(day=1),
        Unit.QUARTER: day.replace(month=(1, 4, 7, 10)[(day.month - 1) // 3], day=1),
        Unit.YEAR: day.replace(month=1, day=1),
    }
    return first[unit]
