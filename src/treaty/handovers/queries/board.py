"""The board of handovers: a column for each state of the work, its count, and the cards that matter first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from treaty.deals.queries.of_persons import has_lost_deal, open_deals_of
from treaty.handovers.models import Handover
from treaty.handovers.queries.cards import Card, cards_of
from treaty.handovers.queries.rows import cards_by_id
from treaty.handovers.queries.standing import IN_SALES_HANDS, visible_handovers
from treaty.handovers.queries.touches import last_touches
from treaty.handovers.rules.returns import WITHDRAWN
from treaty.kit.keyset import Mark, Order, field_of, mark_of
from treaty.people.queries import binned_persons
from treaty.people.rules import Stage
from treaty.staff.queries import User

CARDS_SHOWN = 8
"""Cards of a column at first, and how many more are shown when asked for."""
SHOWN_FOR = timedelta(days=30)
"""How long what is returned or done stays on the board; the table shows all."""
COUNTED_TO = 1_000

IN_WORK = frozenset({*IN_SALES_HANDS, Stage.MQL.value})
"""Stages in which an accepted lead is still being worked on."""
LOST = Q(person__stage=Stage.SQL.value) & Q(has_lost_deal())
"""Where a person stands whose deal was lost, until another one is opened."""
OPEN = Q(state="accepted", person__stage__in=IN_WORK) & ~LOST
COLUMNS = {
    "offered": Q(state="offered"),
    "accepted": OPEN & Q(first_touch_at=None),
    "working": OPEN & Q(first_touch_at__isnull=False),
    "returned": Q(state="returned") & ~Q(return_reason__in=WITHDRAWN),
    "done": Q(state="accepted") & (~Q(person__stage__in=IN_WORK) | LOST),
}
"""The columns in their order, each with the condition on its handovers."""
RINGED = frozenset({"offered", "accepted"})
"""Columns whose cards show a clock; of the others it stopped long ago."""
URGENT = Order("next_due_at")
ORDERS = {
    "working": Order("id", is_descending=True),
    "returned": Order("decided_at", is_descending=True),
    "done": Order("person__stage_since", is_descending=True),
}
"""What is in work or over, the newest first; all else by its clock."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the newest or most urgent cards, and how many handovers there are in all."""

    key: str
    cards: tuple[Card, ...]
    count: int
    after: str
    """The mark behind which the next cards begin; empty where all are shown."""

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """All columns of the board."""

    columns: tuple[Column, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever offered to those whose handovers the reader sees."""
        return not any(column.count for column in self.columns)


@dataclass(frozen=True, slots=True)
class MoreCards:
    """The cards of a column behind a mark, and the mark behind them; empty after the last."""

    cards: tuple[Card, ...]
    after: str


def board(user: User, at: datetime) -> Board:
    """The board of a user at an instant: what is open, and what was returned or done in the last thirty days."""
    shown = {key: _shown(user, key, at) for key in COLUMNS}
    found = {key: _first(rows, key) for key, rows in shown.items()}
    drawn = _drawn({key: some[:CARDS_SHOWN] for key, some in found.items()}, user, at)
    return Board(
        tuple(
            Column(key, _cards(some, drawn), _count(shown[key], len(some)), _after(some))
            for key, some in found.items()
        )
    )


def more_cards(user: User, key: str, after: str, at: datetime) -> MoreCards | None:
    """The next cards of a column behind a mark; None where there is no such column or the mark makes no sense."""
    order = ORDERS.get(key, URGENT)
    mark = mark_of(after, field_of(Handover, order.field))
    if key not in COLUMNS or mark is None:
        return None
    found = _first(order.behind(_shown(user, key, at), mark), key)
    return MoreCards(_cards(found, _drawn({key: found[:CARDS_SHOWN]}, user, at)), _after(found))


def _first(rows: QuerySet[Handover], key: str) -> list[Mark]:
    """The places of the first rows in the order of a column: its cards, and one more where there are more."""
    order = ORDERS.get(key, URGENT)
    found = order.sorted(rows).values_list(order.field, "pk")[: CARDS_SHOWN + 1]
    return [Mark(value, row) for value, row in found]


def _drawn(found: Mapping[str, Sequence[Mark]], user: User, at: datetime) -> dict[int, Card]:
    """The cards of some columns by their ids, with the same few questions however many they are."""
    ids = {mark.id: key for key, marks in found.items() for mark in marks}
    rows = cards_by_id(ids)
    ringed = [row for row in rows if ids[row.pk] in RINGED]
    others = [row for row in rows if ids[row.pk] not in RINGED]
    cards = [*cards_of(ringed, user, at), *cards_of(others, user, at, with_rings=False)]
    working = {mark.id for mark in found.get("working", ())}
    return {card.id: card for card in told(cards, working, user, at)}


def _cards(found: Sequence[Mark], drawn: Mapping[int, Card]) -> tuple[Card, ...]:
    return tuple(drawn[mark.id] for mark in found[:CARDS_SHOWN])


def _after(found: Sequence[Mark]) -> str:
    return found[CARDS_SHOWN - 1].text() if len(found) > CARDS_SHOWN else ""


def told(cards: Sequence[Card], working: Collection[int], user: User, at: datetime) -> list[Card]:
    """The cards, those in work with the last touch and the open deal: their clock stopped long ago."""
    persons = [card.person_id for card in cards if card.id in working]
    touches, deals = last_touches(persons, 1, at), open_deals_of(user, persons)
    return [
        replace(card, touches=tuple(touches[card.person_id]), deal=deals.get(card.person_id))
        if card.id in working
        else card
        for card in cards
    ]


def _shown(user: User, key: str, at: datetime) -> QuerySet[Handover]:
    """The handovers of a column; what is over leaves the board after a while."""
    rows = visible_handovers(user).filter(COLUMNS[key]).exclude(person__in=binned_persons())
    if key == "returned":
        return rows.filter(decided_at__gte=at - SHOWN_FOR)
    if key == "done":
        return rows.filter(person__stage_since__gte=at - SHOWN_FOR)
    return rows


def _count(rows: QuerySet[Handover], known: int) -> int:
    """How many stand in a column, counted only where not all are read anyway."""
    return known if known <= CARDS_SHOWN else rows.order_by()[:COUNTED_TO].count()
