"""The board: a column for each stage, with its count and sum, and its newest cards."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from treaty.deals.models import Deal
from treaty.deals.queries.deals import DealRow, StageRow, deal_row, stages, visible_deals, with_names
from treaty.deals.rules import sums
from treaty.kit.rules.money import Money
from treaty.staff.queries import User

CLOSED_SHOWN = timedelta(days=30)
"""How long the board shows a deal that is won or lost; the table shows them all."""
CARDS = 30
"""Cards of a column; the table shows the rest."""

Card = DealRow


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with how many deals stand in it, their sum by currency, how many have no known value, and its cards."""

    stage: StageRow
    count: int
    values: tuple[Money, ...]
    unknown: int
    cards: tuple[DealRow, ...]

    @property
    def has_more(self) -> bool:
        """Whether not all of its deals are shown."""
        return self.count > len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """The columns, and the sum of all open deals."""

    columns: tuple[Column, ...]
    open_count: int
    open_values: tuple[Money, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(column.count for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Total:
    count: int = 0
    unknown: int = 0
    values: tuple[tuple[int | None, str], ...] = ()


def board(user: User, at: datetime, *, owner: int | None = None, cards: int = CARDS) -> Board:
    """The board of the deals a user sees, of one owner or all; its questions do not grow with the deals."""
    deals = _shown(visible_deals(user), at)
    if owner is not None:
        deals = deals.filter(owner=owner)
    totals = _totals(deals)
    columns = tuple(_column(deals, stage, totals, cards) for stage in stages())
    running = [totals.get(column.stage.id, _Total()) for column in columns if column.stage.type == "open"]
    values = sums(pair for total in running for pair in total.values)
    return Board(columns, sum(total.count for total in running), values)


def _shown(deals: QuerySet[Deal], at: datetime) -> QuerySet[Deal]:
    return deals.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at - CLOSED_SHOWN))


def _totals(deals: QuerySet[Deal]) -> dict[int, _Total]:
    """Count and sums of each stage, in one question."""
    rows = deals.order_by().values_list("stage", "currency")
    found: defaultdict[int, list[tuple[int, int, int | None, str]]] = defaultdict(list)
    for stage, currency, count, known, total in rows.annotate(
        Count("pk"), Count("value_minor"), Sum("value_minor")
    ):
        found[stage].append((count, known, total, currency))
    return {
        stage: _Total(
            sum(count for count, *_ in of_stage),
            sum(count - known for count, known, *_ in of_stage),
            tuple((total, currency) for *_, total, currency in of_stage),
        )
        for stage, of_stage in found.items()
    }


def _column(deals: QuerySet[Deal], stage: StageRow, totals: Mapping[int, _Total], cards: int) -> Column:
    total = totals.get(stage.id, _Total())
    newest = (
        with_names(deals.filter(stage=stage.id)).order_by("-opened_at", "-id")[:cards] if total.count else ()
    )
    return Column(
        stage, total.count, sums(total.values), total.unknown, tuple(deal_row(deal) for deal in newest)
    )
