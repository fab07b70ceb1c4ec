"""Everything that one month's figures are counted from, read with the same few questions however much there is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from treaty.agreements import queries as agreements
from treaty.agreements.queries import InForce
from treaty.agreements.queries.months import MonthVerdict, judging, month_verdicts
from treaty.deals.queries.wins import Win, won_between
from treaty.handovers.queries.figures import counted_leads, counted_promises
from treaty.handovers.rules.figures import CountedLead, CountedPromise
from treaty.handovers.rules.returns import WITHDRAWN
from treaty.kit.rules.business_time import Calendar
from treaty.scoreboard.rules import (
    Cohort,
    Month,
    Orders,
    Promise,
    Volume,
    business_days,
    orders_of,
    volume_of,
)
from treaty.staff import queries as staff
from treaty.staff.rules import MARKETING, SALES


@dataclass(frozen=True)
class MonthFacts:
    """One month as of an instant, read as far as it is asked for; months that have not begun hold nothing.

    `judge` is the version that judges the month's volume, `shown` the one in force.
    """

    month: Month
    at: datetime
    calendar: Calendar
    judge: InForce | None
    shown: InForce | None
    currency: str

    @cached_property
    def leads(self) -> tuple[CountedLead, ...]:
        """Whoever qualified in the month."""
        return tuple(counted_leads(self.month.start, self.month.end)) if self.has_begun else ()

    @cached_property
    def kept_clocks(self) -> tuple[CountedPromise, ...]:
        """What sales promised about them."""
        return tuple(counted_promises(self.month.start, self.month.end)) if self.has_begun else ()

    @cached_property
    def verdicts(self) -> tuple[MonthVerdict, ...]:
        """The verdicts about the month itself."""
        return tuple(month_verdicts(self.month.key))

    @cached_property
    def wins(self) -> tuple[Win, ...]:
        """What was won in the quarter until now."""
        return tuple(won_between(self.month.quarter_begins.start, self.month.seen_at(self.at)))

    @property
    def has_begun(self) -> bool:
        """Whether there is anything of it yet."""
        return self.at >= self.month.start

    @property
    def today(self) -> date:
        """The last day of the month that has begun."""
        return self.month.day_at(self.at)

    @property
    def is_over(self) -> bool:
        """Whether the month is past."""
        return self.at >= self.month.end

    @cached_property
    def cohort(self) -> Cohort:
        """The month's leads, parted."""
        return Cohort(self.leads, left_out_reasons({lead.version for lead in self.leads}))

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The promises of both sides: those about the month's leads, and those about the month itself."""
        return (*self._of_the_month(), *map(_of_sales, self.kept_clocks))

    @cached_property
    def volume(self) -> Volume | None:
        """Marketing's volume; None where no version judges the month."""
        if self.judge is None:
            return None
        return volume_in(self.month, self.judge, self.cohort, self.calendar, self.today)

    @cached_property
    def orders(self) -> Orders[Win]:
        """What was won in the quarter until now."""
        return orders_of(self.wins, self.currency)

    @cached_property
    def quarter_days(self) -> tuple[date, ...]:
        """The business days of the quarter."""
        quarter = self.month.quarter_begins
        return business_days(self.calendar, quarter.first, self.month.quarter_ends.last)

    def _of_the_month(self) -> list[Promise]:
        if self.verdicts:
            return [
                Promise(row.side, row.version, row.clause, row.verdict, None, row.due_at, row.recorded_at)
                for row in self.verdicts
            ]
        if self.judge is None:
            return []
        clause = self.judge.document.volume.clause
        return [Promise(MARKETING, self.judge.id, clause, "open", None, self.month.due_at)]


def month_facts(month: Month, at: datetime) -> MonthFacts:
    """The facts of a month as of `at`."""
    has_begun = at >= month.start
    judge = judging(month.start, month.end) if has_begun else None
    shown = (agreements.in_force(month.seen_at(at)) if has_begun else None) or judge
    return MonthFacts(
        month=month,
        at=at,
        calendar=staff.company_calendar(at),
        judge=judge,
        shown=shown,
        currency=shown.document.goals.currency if shown else staff.installation().currency,
    )


def volume_in(month: Month, judge: InForce, cohort: Cohort, calendar: Calendar, today: date) -> Volume:
    """The volume promise of a version for a month."""
    terms = judge.document.volume
    days = business_days(calendar, month.first, month.last)
    since = Month.of(judge.in_force_from, month.zone)
    begins = month.first if since.first < month.first else month.day_at(judge.in_force_from)
    promised = (terms.leads, terms.of_grade_a)
    return volume_of(cohort, promised, days=days, since=begins, today=today, zone=month.zone)


def left_out_reasons(versions: Collection[int]) -> frozenset[tuple[int, str]]:
    """The reasons, as (version, code), that count for neither side: agreed ones, and that a person is gone."""
    agreed = {
        (version, reason.code)
        for version in versions
        for reason in agreements.version_by_id(version).document.return_reasons
        if not reason.counts
    }
    return frozenset(agreed | {(version, reason) for version in versions for reason in WITHDRAWN})


def cohort_of(leads: Sequence[CountedLead]) -> Cohort:
    """Leads as their agreements count them."""
    return Cohort(tuple(leads), left_out_reasons({lead.version for lead in leads}))


def _of_sales(clock: CountedPromise) -> Promise:
    return Promise(
        SALES, clock.version, clock.clause, clock.verdict, clock.handover, clock.due_at, clock.stopped_at
    )
