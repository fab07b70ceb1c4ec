"""The board: a column for each stage, with its count and sum, and the cards that came last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db.models import QuerySet

from treaty.deals.models import Deal
from treaty.deals.queries.deals import sighted_deals, stages, visible_deals
from treaty.deals.queries.rows import DealRow, StageRow, lines_of, rows_of, rows_read
from treaty.deals.queries.sums import Counted, counts, in_bin_of, less
from treaty.deals.rules import sums
from treaty.kit.composed import ID, MOMENT
from treaty.kit.keyset import Mark, Order, field_of, mark_of
from treaty.kit.rules.money import Money
from treaty.staff.queries import Seen, User

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
    pipeline = stages()
    totals = _totals(user, owner, pipeline, at)
    columns = tuple(
        _column(stage, totals[stage.id], _cards(user, owner, stage, at, cards))
        if stage.id in totals
        else _column(stage, _Total(), ())
        for stage in pipeline
    )
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
    user: User, owner: int | None, pipeline: Sequence[StageRow], at: datetime
) -> Mapping[int, _Total]:
    """Count and sums of each stage: a question about those that are open and one about those that end a deal, and as many
    about the bin."""
    opened = [stage.id for stage in pipeline if stage.type == "open"]
    ending = [stage.id for stage in pipeline if stage.type != "open"]
    found = _counted(user, owner, opened) | _counted(user, owner, ending, at - CLOSED_SHOWN)
    of_stages: dict[int, list[tuple[str, Counted]]] = {}
    for (stage, currency), counted in found.items():
        of_stages.setdefault(stage, []).append((currency, counted))
    return {stage: _total(of_stage) for stage, of_stage in of_stages.items()}


def _counted(
    user: User, owner: int | None, stages: Sequence[int], *since: datetime
) -> dict[tuple[Any, ...], Counted]:
    """How many deals stand in some stages, by stage and currency; of ended ones those of some time."""
    if not stages:
        return {}
    owners = () if owner is None else (owner,)
    everything, binned = (
        _counts(len(owners), len(stages), len(since), is_binned).rows(user, *owners, *stages, *since)
        for is_binned in (False, True)
    )
    return less(everything, binned)


@cache
def _counts(owners: int, stages: int, moments: int, is_binned: bool) -> "Seen[tuple[Any, ...]]":
    """Asks what `less` takes: of one owner or all, of open deals or of those that ended after a moment."""

    def rows_of(user: User, *places: Any) -> "QuerySet[Deal, tuple[Any, ...]]":
        rows = sighted_deals(user).filter(stage__in=places[owners : owners + stages])
        rows = rows.filter(owner=places[0]) if owners else rows
        rows = rows.filter(closed_at__gt=places[-1]) if moments else rows.filter(closed_at=None)
        return counts(in_bin_of(rows) if is_binned else rows, "stage", "currency")

    return Seen(rows_of, ID * (owners + stages) + MOMENT * moments)


def _total(rows: Sequence[tuple[str, Counted]]) -> _Total:
    return _Total(
        sum(counted.number for _, counted in rows),
        sum(counted.number - counted.known for _, counted in rows),
        tuple((counted.minor, currency) for currency, counted in rows),
    )


def _column(stage: StageRow, total: _Total, cards: Sequence[DealRow]) -> Column:
    return Column(stage, total.count, sums(total.values), total.unknown, tuple(cards))


def _cards(user: User, owner: int | None, stage: StageRow, at: datetime, cards: int) -> list[DealRow]:
    """The deals that came into a stage last, of one owner or all."""
    owners = () if owner is None else (owner,)
    since = () if stage.type == "open" else (at - CLOSED_SHOWN,)
    return rows_read(_latest(len(owners), len(since), cards).rows(user, *owners, stage.id, *since))


@lru_cache(maxsize=100)
def _latest(owners: int, moments: int, cards: int) -> "Seen[tuple[Any, ...]]":
    """Asks for the cards of a column, of one owner or all."""

    def rows_of(user: User, *places: Any) -> "QuerySet[Deal, tuple[Any, ...]]":
        rows = visible_deals(user).filter(stage=places[owners])
        rows = rows.filter(owner=places[0]) if owners else rows
        rows = rows.filter(closed_at__gt=places[-1]) if moments else rows
        return lines_of(LATEST.sorted(rows)[:cards])

    return Seen(rows_of, ID * (owners + 1) + MOMENT * moments)
