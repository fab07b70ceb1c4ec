"""What is to be done next with a user's own deals, for Today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.timezone import make_aware

from treaty.deals.models import Deal
from treaty.deals.queries.deals import DealRow, deal_row, value_of, with_names
from treaty.deals.rules import sums
from treaty.kit.rules.money import Money
from treaty.staff.queries import User

SHOWN = 20
"""Rows of each kind; the counts tell of all."""


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Next steps overdue and due on a day, and open deals without one: the first rows of each, and how many."""

    overdue: tuple[DealRow, ...]
    due: tuple[DealRow, ...]
    without: tuple[DealRow, ...]
    overdue_count: int
    due_count: int
    without_count: int
    values: tuple[Money, ...]
    """The sum of the deals shown, by currency."""

    @property
    def rows(self) -> tuple[DealRow, ...]:
        """All that is shown, the most urgent first."""
        return (*self.overdue, *self.due, *self.without)


def next_steps(user: User, day: date) -> NextSteps:
    """What a user has to do with the own open deals until the end of a day, in the zone that is active."""
    begins = make_aware(datetime.combine(day, time()))
    ends = make_aware(datetime.combine(day + timedelta(days=1), time()))
    own = Deal.objects.filter(owner=user.pk, closed_at__isnull=True)
    overdue = own.filter(next_step_at__lt=begins)
    due = own.filter(next_step_at__gte=begins, next_step_at__lt=ends)
    without = own.filter(next_step_kind="")
    shown = [_first(overdue, "next_step_at"), _first(due, "next_step_at"), _first(without, "-value_minor")]
    values = sums(
        (money.minor, money.currency) for rows in shown for deal in rows if (money := value_of(deal))
    )
    late, today, none = (tuple(deal_row(deal) for deal in rows) for rows in shown)
    return NextSteps(late, today, none, overdue.count(), due.count(), without.count(), values)


def _first(deals: QuerySet[Deal], order: str) -> list[Deal]:
    return list(with_names(deals).order_by(order, "id")[:SHOWN])
