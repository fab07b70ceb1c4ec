"""Today of a seller: the queue, the next steps, the own promises, what was won, what is new."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from treaty.agreements.queries import Counts
from treaty.agreements.queries.personal import OwnPromise, own_promises
from treaty.deals.queries import DealRow, NextSteps, next_steps
from treaty.deals.queries.quarter import Won, won_by
from treaty.handovers.queries import Card, offered_to
from treaty.handovers.queries.cards import QUEUE_SHOWN
from treaty.handovers.queries.untouched import untouched_by
from treaty.scoreboard.rules import Month
from treaty.staff.queries import KnownCalendars, User

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One deal that waits for its owner; `state` is late, soon, today or none (nobody said what happens next)."""

    deal: DealRow
    state: str
    minutes: int
    """Until a step that is due soon."""


@dataclass(frozen=True, slots=True)
class SalesDay:
    """Everything that Today shows a seller."""

    leads: tuple[Card, ...]
    leads_count: int
    untouched: tuple[Card, ...]
    steps: NextSteps
    step_lines: tuple[StepLine, ...]
    month: Month
    promises: tuple[OwnPromise, ...]
    all_promises: Counts
    won: Won
    today: date

    @property
    def leads_more(self) -> int:
        """Leads that wait and are not shown."""
        return self.leads_count - len(self.leads)

    @property
    def yesterday(self) -> date:
        """The last day of which every step is overdue."""
        return self.today - timedelta(days=1)


def sales_day(user: User, at: datetime, known: KnownCalendars, waits: Callable[[], int]) -> SalesDay:
    """Today of a user; the number of questions does not grow with what there is to do."""
    leads, count = queue(user, at, known, waits)
    today = localtime(at).date()
    untouched = tuple(untouched_by(user, at, known=known))
    steps = next_steps(user, today)
    month = Month.of(at, known.company().zone)
    promises = own_promises(user.pk, month.start, month.end)
    won = won_by(user.pk, month.quarter_begins.start, at)
    lines = tuple(step_line(deal, at) for deal in steps.rows)
    return SalesDay(
        leads, count, untouched, steps, lines, month, tuple(promises), counted(promises), won, today
    )


def queue(
    user: User, at: datetime, known: KnownCalendars, waits: Callable[[], int]
) -> tuple[tuple[Card, ...], int]:
    """What waits for a user's decision, and how much that is in all; `waits` counts it where not all is shown."""
    leads = tuple(offered_to(user, at, known=known))
    return leads, len(leads) if len(leads) < QUEUE_SHOWN else max(len(leads), waits())


def counted(promises: list[OwnPromise]) -> Counts:
    """All promises together."""
    total = Counts()
    for promise in promises:
        total += promise.counts
    return total


def step_line(deal: DealRow, at: datetime) -> StepLine:
    """A deal with how urgent its next step is."""
    due = deal.next_step_at
    if not deal.next_step_kind or due is None:
        return StepLine(deal, "none", 0)
    if due < at:
        return StepLine(deal, "late", 0)
    left = due - at
    if left < SOON:
        return StepLine(deal, "soon", max(1, round(left.total_seconds() / 60)))
    return StepLine(deal, "today", 0)
