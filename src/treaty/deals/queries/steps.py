"""What is to be done next with a user's own deals, for Today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from treaty.deals.queries.bin import NOT_BINNED
from treaty.deals.queries.rows import DealRow, rows_asked
from treaty.deals.rules import sums
from treaty.kit import sql
from treaty.kit.rules.money import Money
from treaty.staff.queries import User

SHOWN = 8
"""Rows in all, the most urgent ones; the counts tell of all."""
AT_LEAST = 3
"""Rows of deals without a step, however many steps are due."""


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Next steps overdue or due on a day, and open deals without one: the first rows of each, and how many in all."""

    dated: tuple[DealRow, ...]
    without: tuple[DealRow, ...]
    overdue_count: int
    due_count: int
    without_count: int

    @property
    def rows(self) -> tuple[DealRow, ...]:
        """All that is shown, the most urgent first."""
        return (*self.dated, *self.without)

    @property
    def dated_more(self) -> int:
        """Steps that are due and not shown."""
        return self.overdue_count + self.due_count - len(self.dated)

    @property
    def without_more(self) -> int:
        """Deals without a step that are not shown."""
        return self.without_count - len(self.without)

    @property
    def values(self) -> tuple[Money, ...]:
        """The sum of the deals shown, by currency."""
        known = (deal.value for deal in self.rows if deal.value is not None)
        return sums((value.minor, value.currency) for value in known)


OWN = f"deals_deal.owner_id = %s AND deals_deal.closed_at IS NULL AND deals_deal.id {NOT_BINNED}"
COUNTS = f"""
SELECT (SELECT COUNT(*) FROM deals_deal WHERE {OWN} AND next_step_at < %s),
       (SELECT COUNT(*) FROM deals_deal WHERE {OWN} AND next_step_at >= %s AND next_step_at < %s),
       (SELECT COUNT(*) FROM deals_deal WHERE {OWN} AND next_step_kind = '')
"""
DATED = f"""
WHERE {OWN} AND deals_deal.next_step_at < %s ORDER BY deals_deal.next_step_at, deals_deal.id LIMIT {{limit}}
"""
"""The limit stands there as it is: a plan that is kept has to know that it is short."""
WITHOUT = f"""
WHERE deals_deal.id IN (
    SELECT id FROM deals_deal WHERE {OWN} AND next_step_kind = '' ORDER BY value_minor DESC NULLS LAST, id DESC LIMIT {{limit}}
) ORDER BY deals_deal.value_minor DESC NULLS LAST, deals_deal.id DESC
"""
"""Put in order by an index alone before rows are read: most deals may be without a step."""


def next_steps(user: User, day: date) -> NextSteps:
    """What a user has to do with the own open deals until the end of a day, in the zone that is active."""
    begins = make_aware(datetime.combine(day, time()))
    ends = make_aware(datetime.combine(day + timedelta(days=1), time()))
    begin, end = sql.stamp(begins), sql.stamp(ends)
    ((late, due, none),) = sql.ask(COUNTS, [user.pk, begin, user.pk, begin, end, user.pk])
    first = rows_asked(DATED.format(limit=SHOWN), [user.pk, end]) if late or due else []
    left = max(SHOWN - len(first), AT_LEAST)
    rest = rows_asked(WITHOUT.format(limit=left), [user.pk]) if none else []
    return NextSteps(tuple(first), tuple(rest), late, due, none)
