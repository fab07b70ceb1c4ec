"""The board: a column for each stage, with its count and sum, and the cards that came last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet, Sum

from treaty.deals.models import Deal
from treaty.deals.queries.deals import stages, visible_deals
from treaty.deals.queries.rows import DealRow, StageRow, rows_of
from treaty.deals.rules import sums
from treaty.kit.keyset import Mark, Order, field_of, mark_of
from treaty.kit.rules.money import Money
from treaty.staff.queries import User

CLOSED_SHOWN = timedelta(days=30)
"""How long the board shows a deal that is won or lost; the table shows them all."""
CARDS = 10
"""Cards of a column at first, and how many more are shown when asked for."""
LATEST = Order("stage_since", is_descending=True)
"""What came into the stage last stands on top: a card that was just moved is seen."""

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

    @property
    def after(self) -> str:
        """The mark behind which the next cards begin; empty where all are shown."""
        return mark_behind(self.cards) if self.has_more else ""


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
class MoreCards:
    """The cards of a stage behind a mark, the mark behind them ("" after the last), and the pipeline they move in."""

    cards: tuple[DealRow, ...]
    after: str
    stage: StageRow
    stages: tuple[StageRow, ...]


@dataclass(frozen=True, slots=True)
class _Total:
    count: int = 0
    unknown: int = 0
    values: tuple[tuple[int | None, str], ...] = ()


def board(user: User, at: datetime, *, owner: int | None = None, cards: int = CARDS) -> Board:
    """The board of the deals a user sees, of one owner or all; its questions do not grow with the deals."""
    pipeline, deals = stages(), _deals(user, owner)
    totals = {**_totals(deals, pipeline, at, is_open=True), **_totals(deals, pipeline, at, is_open=False)}
    columns = tuple(_column(deals, stage, totals.get(stage.id, _Total()), at, cards) for stage in pipeline)
    running = [totals.get(stage.id, _Total()) for stage in pipeline if stage.type == "open"]
    values = sums(pair for total in running for pair in total.values)
    return Board(columns, sum(total.count for total in running), values)


def more_cards(
    user: User, stage: str, after: str, at: datetime, *, owner: int | None = None, cards: int = CARDS
) -> MoreCards | None:
    """The next cards of a column behind a mark; None where there is no such stage or the mark makes no sense."""
    pipeline, mark = stages(), mark_of(after, field_of(Deal, LATEST.field))
    column = next((one for one in pipeline if one.key == stage), None)
    if column is None or mark is None:
        return None
    behind = LATEST.behind(_standing(_deals(user, owner), column, at), mark)
    found = rows_of(LATEST.sorted(behind)[: cards + 1])
    shown = tuple(found[:cards])
    return MoreCards(shown, mark_behind(shown) if len(found) > cards else "", column, pipeline)


def mark_behind(cards: Sequence[DealRow]) -> str:
    """The mark of the last of some cards."""
    return Mark(cards[-1].stage_since, cards[-1].id).text() if cards else ""


def _deals(user: User, owner: int | None) -> QuerySet[Deal]:
    deals = visible_deals(user)
    return deals if owner is None else deals.filter(owner=owner)


def _standing(deals: QuerySet[Deal], stage: StageRow, at: datetime) -> QuerySet[Deal]:
    """The deals of a column."""
    of_stage = deals.filter(stage=stage.id)
    return of_stage if stage.type == "open" else of_stage.filter(closed_at__gt=at - CLOSED_SHOWN)


def _totals(
    deals: QuerySet[Deal], pipeline: Sequence[StageRow], at: datetime, *, is_open: bool
) -> Mapping[int, _Total]:
    """Count and sums of each open stage, or of those that end a deal, in one question to one index."""
    asked = [stage.id for stage in pipeline if (stage.type == "open") is is_open]
    when = {"closed_at__isnull": True} if is_open else {"closed_at__gt": at - CLOSED_SHOWN}
    rows = deals.filter(stage__in=asked, **when).order_by().values_list("stage", "currency")
    found: defaultdict[int, list[tuple[int, int, int | None, str]]] = defaultdict(list)
    for stage, currency, count, known, total in rows.annotate(
        Count("pk"), Count("value_minor"), Sum("value_minor")
    ):
        found[stage].append((count, known, total, currency))
    return {stage: _total(of_stage) for stage, of_stage in found.items()}


def _total(rows: Sequence[tuple[int, int, int | None, str]]) -> _Total:
    return _Total(
        sum(count for count, *_ in rows),
        sum(count - known for count, known, *_ in rows),
        tuple((total, currency) for *_, total, currency in rows),
    )


def _column(deals: QuerySet[Deal], stage: StageRow, total: _Total, at: datetime, cards: int) -> Column:
    latest = rows_of(LATEST.sorted(_standing(deals, stage, at))[:cards]) if total.count else []
    return Column(stage, total.count, sums(total.values), total.unknown, tuple(latest))
