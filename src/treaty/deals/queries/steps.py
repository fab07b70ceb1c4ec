"""What is to be done next with a user's own deals, for Today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q
from django.utils.timezone import make_aware

from treaty.deals.models import Deal
from treaty.deals.queries.rows import DealRow, rows_of
from treaty.deals.rules import sums
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


def next_steps(user: User, day: date) -> NextSteps:
    """What a user has to do with the own open deals until the end of a day, in the zone that is active."""
    begins = make_aware(datetime.combine(day, time()))
    ends = make_aware(datetime.combine(day + timedelta(days=1), time()))
    own = Deal.objects.filter(owner=user.pk, closed_at__isnull=True)
    dated, without = own.filter(next_step_at__lt=ends), own.filter(next_step_kind="")
    is_late = Q(next_step_at__lt=begins)
    late, due = (
        dated.order_by()
        .aggregate(late=Count("pk", filter=is_late), due=Count("pk", filter=~is_late))
        .values()
    )
    none = without.count()
    first = rows_of(dated.order_by("next_step_at", "id")[:SHOWN]) if late or due else []
    worthy = F("value_minor").desc(nulls_last=True)
    left = max(SHOWN - len(first), AT_LEAST)
    rest = rows_of(without.order_by(worthy, "-id")[:left]) if none else []
    return NextSteps(tuple(first), tuple(rest), late, due, none)
