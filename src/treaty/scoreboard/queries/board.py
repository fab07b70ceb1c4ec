"""The scoreboard of a month: both sides' promises, the shared goal between them, and what the month was."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add

from treaty.agreements import queries as agreements
from treaty.agreements.queries import InForce
from treaty.agreements.rules import Clause, clauses
from treaty.scoreboard.queries.facts import MonthFacts
from treaty.scoreboard.queries.figures import numbers_of_rows
from treaty.scoreboard.rules import (
    Cohort,
    Goal,
    Month,
    Promise,
    Speed,
    Tally,
    Volume,
    speed_of,
    tally,
)
from treaty.scoreboard.rules.goals import line_of
from treaty.staff.queries.hours import company_zone
from treaty.staff.rules import MARKETING, SALES


@dataclass(frozen=True, slots=True)
class Row:
    """One clause that obliges a side, and how it was kept."""

    version: int
    number: int
    """The number of the version."""
    clause: Clause
    tally: Tally

    @property
    def is_volume(self) -> bool:
        """Whether it is the promise of leads a month."""
        return self.clause.code.startswith("volume")


@dataclass(frozen=True, slots=True)
class Side:
    """One side's promises, clause by clause."""

    side: str
    rows: tuple[Row, ...]

    @property
    def tally(self) -> Tally:
        """All of them together."""
        return reduce(add, (row.tally for row in self.rows), Tally())


@dataclass(frozen=True, slots=True)
class Standing:
    """The version of the agreement that a month stands under."""

    id: int
    number: int
    in_force_from: datetime


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """One month in figures, as of `at`; `today` is its last day that has begun.

    It holds no rows, so that it can be kept. Without an agreement both sides are empty.
    """

    month: Month
    at: datetime
    today: date
    is_over: bool
    agreement: Standing | None
    marketing: Side
    sales: Side
    goals: tuple[Goal, ...]
    currency: str
    counts: Mapping[str, int]
    """How many rows each figure opens, by the figure's name."""
    acceptance_rate: float | None
    average_first_minor: int | None
    """What a first order of the quarter was worth on average; None where none has a known value."""
    volume: Volume | None
    speed: Speed
    top_reason: tuple[str, str, int] | None
    """Code and label of the reason for most returns, and how many they were."""

    @property
    def is_empty(self) -> bool:
        """Whether no agreement was in force yet."""
        return self.agreement is None


def this_month(at: datetime) -> Month:
    """The month in which an instant lies, in the company's time zone."""
    return Month.of(at, company_zone(at))


def scoreboard(facts: MonthFacts) -> Scoreboard:
    """The scoreboard that the facts of a month make; it asks nothing more of the database."""
    return Scoreboard(
        month=facts.month,
        at=facts.at,
        today=facts.today,
        is_over=facts.is_over,
        agreement=_standing(facts.shown),
        marketing=_side(MARKETING, facts),
        sales=_side(SALES, facts),
        goals=_goals(facts),
        currency=facts.currency,
        counts=numbers_of_rows(facts),
        acceptance_rate=facts.cohort.acceptance_rate,
        average_first_minor=facts.orders.average_first_minor,
        volume=facts.volume,
        speed=speed_of(facts.cohort.touched),
        top_reason=_top_reason(facts.cohort),
    )


def _standing(version: InForce | None) -> Standing | None:
    return None if version is None else Standing(version.id, version.number, version.in_force_from)


def _side(side: str, facts: MonthFacts) -> Side:
    """The clauses of the version in force, and those of other versions that judged leads of the month."""
    counted: dict[tuple[int, str], list[Promise]] = defaultdict(list)
    for promise in facts.promises:
        if promise.side == side:
            counted[promise.version, promise.clause].append(promise)
    shown = {version.id: version for version in (facts.judge, facts.shown) if version}
    versions = shown | {one: agreements.version_by_id(one) for one, _clause in counted if one not in shown}
    rows = [row for version in versions.values() for row in _rows(side, version, facts, counted)]
    return Side(side, tuple(sorted(rows, key=lambda row: (row.clause.number, row.number))))


def _rows(
    side: str, version: InForce, facts: MonthFacts, counted: Mapping[tuple[int, str], list[Promise]]
) -> list[Row]:
    is_shown = facts.shown is not None and facts.shown.id == version.id
    found = []
    for clause in clauses(version.document):
        promises = counted.get((version.id, clause.number), [])
        # The volume of a month is judged by one version only, so another one in force shows no line of its own.
        if clause.side == side and (promises or (is_shown and side == SALES)):
            found.append(Row(version.id, version.number, clause, tally(promises)))
    return found


def _goals(facts: MonthFacts) -> tuple[Goal, ...]:
    if facts.shown is None:
        return ()
    goals, days = facts.shown.document.goals, facts.quarter_days
    wanted = (
        ("revenue", goals.revenue_minor, facts.orders.revenue_minor),
        ("customers", goals.new_customers, len(facts.orders.first)),
    )
    return tuple(
        Goal(code, goal, done, line_of(goal, days, facts.today)) for code, goal, done in wanted if goal
    )


def _top_reason(cohort: Cohort) -> tuple[str, str, int] | None:
    if cohort.top_reason is None:
        return None
    version, code = cohort.top_reason
    reason = agreements.version_by_id(version).document.return_reason(code)
    return code, reason.label, len(cohort.returned_for(code))
