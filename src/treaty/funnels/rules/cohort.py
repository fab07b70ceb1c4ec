"""Cohorts: persons by the period in which they first did something, and how many came back at which age, with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules import counting
from treaty.funnels.rules.counting import COUNTS, QUALIFIES, Floats
from treaty.funnels.rules.events import MOST_KINDS, Events, Ints
from treaty.funnels.rules.parts import in_parts
from treaty.funnels.rules.periods import Unit, periods
from treaty.funnels.rules.plan import Roles
from treaty.kit.rules.refusals import Refused

NOTHING = np.empty(0, np.float64)


@dataclass(frozen=True, slots=True)
class Question:
    """Whom a cohort table holds and what it counts.

    `qualifying`: kinds of events, the first of which lets a person in; None: any event does. `counted`: kinds that count as
    having come back, the qualifying event too where it is one of them; None: all. Periods are those of `zone`.
    """

    qualifying: tuple[int, ...] | None = None
    counted: tuple[int, ...] | None = None
    unit: Unit = Unit.MONTH
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, eq=False)
class Cohorts:
    """The table of B periods.

    `sizes`: (B) persons who qualified in each. `persons`: (B, B) of those, who had an event that counts, by age in periods.
    `revenue`: (B, B) sum of these events' values, None where no values were given. `since`: (P) each person's cohort, -1 for
    none. A cell whose cohort and age add up to B or more lies in the future and holds nothing: see `ages`.
    """

    question: Question
    events: Events
    edges: Ints
    days: tuple[date, ...]
    sizes: Ints
    persons: Ints
    revenue: Floats | None
    since: NDArray[np.int16]

    def ages(self, cohort: int) -> int:
        """How many periods of a cohort were there to see, its first one included."""
        return len(self.days) - cohort


def cohorts(
    events: Events, question: Question, value: NDArray[np.float64] | None = None, *, threads: int = 1
) -> Cohorts:
    """The table in one pass; `value` (E) in the order of the sorted events. The same for any number of threads.

    Raises Refused: bad_kind, lengths, bad_value (NaN or infinite), no_one where nobody qualifies, too_many_periods.
    """
    roles = _roles(question)
    _check_value(events, value)
    edges, days = periods(int(events.time.min()), int(events.time.max()), question.unit, question.zone)
    since = np.empty(events.persons, np.int16)
    size = (len(days), len(days))

    def part(first: int, last: int) -> tuple[Ints, Floats]:
        persons, revenue = np.zeros(size, np.int64), np.zeros(size, np.float64)
        counting.tabled(
            events.starts[first : last + 1],
            events.time,
            events.kind,
            roles,
            NOTHING if value is None else value,
            edges,
            since[first:last],
            persons,
            revenue,
        )
        return persons, revenue

    parts = in_parts(events.persons, part, threads=threads)
    sizes = np.bincount(since[since >= 0], minlength=len(days)).astype(np.int64)
    if not sizes.sum():
        raise Refused("no_one", "Nobody did what lets a person into a cohort.")
    persons = np.sum([one for one, _ in parts], axis=0)
    revenue = None if value is None else np.sum([one for _, one in parts], axis=0)
    return Cohorts(question, events, edges, tuple(days), sizes, persons, revenue, since)


def in_cell(table: Cohorts, cohort: int, age: int) -> Ints:
    """The persons whom a cell counts, as places in `events.who`; their number is the cell's figure.

    Raises Refused: no_cell.
    """
    if not (0 <= cohort < len(table.days) and 0 <= age < table.ages(cohort)):
        raise Refused("no_cell", "The table has no such cell.")
    chosen = in_cohort(table, cohort)
    is_there = np.empty(len(chosen), np.bool_)
    begin, end = table.edges[cohort + age], table.edges[cohort + age + 1]
    events = table.events
    counting.present(
        events.starts, events.time, events.kind, _roles(table.question), begin, end, chosen, is_there
    )
    return chosen[is_there]


def in_cohort(table: Cohorts, cohort: int) -> Ints:
    """The persons of a cohort, as places in `events.who`; their number is its size. Raises Refused: no_cell."""
    if not 0 <= cohort < len(table.days):
        raise Refused("no_cell", "The table has no such cell.")
    return np.flatnonzero(table.since == cohort)


def rows_of(table: Cohorts, cohort: int, age: int) -> Ints:
    """The events that count in a cell, as places in the sorted events: their values sum to the cell's revenue.

    Raises Refused: no_cell.
    """
    persons, events, roles = in_cell(table, cohort, age), table.events, _roles(table.question)
    begin, end = table.edges[cohort + age], table.edges[cohort + age + 1]
    spans = zip(events.starts[persons].tolist(), events.starts[persons + 1].tolist(), strict=True)
    rows = np.array([row for span in spans for row in range(*span)], np.int64)
    role, time = roles[events.kind[rows]], events.time[rows]
    whose = np.repeat(np.arange(len(persons)), np.diff(events.starts)[persons])
    qualified = np.flatnonzero(role & QUALIFIES)
    since = np.full(len(persons), len(rows))
    np.minimum.at(since, whose[qualified], qualified)
    is_in = (np.arange(len(rows)) >= since[whose]) & (role & COUNTS > 0) & (begin <= time) & (time < end)
    inside: Ints = rows[is_in]
    return inside


def _roles(question: Question) -> Roles:
    roles = np.zeros(MOST_KINDS, np.uint32)
    for kinds, role in ((question.qualifying, QUALIFIES), (question.counted, COUNTS)):
        roles[_chosen(kinds)] |= role
    return roles


def _chosen(kinds: Sequence[int] | None) -> slice | list[int]:
    if kinds is None:
        return slice(None)
    if not kinds or not all(0 <= kind < MOST_KINDS for kind in kinds):
        raise Refused(
            "bad_kind", f"Name one kind of event at least, as numbers from 0 to {MOST_KINDS - 1:,}."
        )
    return list(kinds)


def _check_value(events: Events, value: NDArray[np.float64] | None) -> None:
    if value is None:
        return
    if len(value) != len(events.time):
        raise Refused("lengths", f"{len(value)} values were given for {len(events.time)} events.")
    if not np.isfinite(value).all():
        place = np.flatnonzero(~np.isfinite(value))[:1]
        raise Refused("bad_value", f"Row {int(events.given(place)[0]) + 1} has no number as its value.")
