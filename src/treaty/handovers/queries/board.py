"""The board of handovers: a column for each state of the work, its count, and the cards that matter first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from treaty.deals.queries.of_persons import has_lost_deal, open_deals_of
from treaty.handovers.models import Handover
from treaty.handovers.queries.cards import Card, cards_of, in_order
from treaty.handovers.queries.standing import IN_SALES_HANDS, visible_handovers
from treaty.handovers.queries.touches import last_touches
from treaty.people.rules import Stage
from treaty.staff.queries import User

CARDS_SHOWN = 25
SHOWN_FOR = timedelta(days=30)
"""How long what is returned or done stays on the board; the table shows all."""
COUNTED_TO = 10_000

IN_WORK = frozenset({*IN_SALES_HANDS, Stage.MQL.value})
"""Stages in which an accepted lead is still being worked on."""
LOST = Q(person__stage=Stage.SQL.value) & Q(has_lost_deal())
"""Where a person stands whose deal was lost, until another one is opened."""
OPEN = Q(state="accepted", person__stage__in=IN_WORK) & ~LOST
COLUMNS = {
    "offered": Q(state="offered"),
    "accepted": OPEN & Q(first_touch_at=None),
    "working": OPEN & Q(first_touch_at__isnull=False),
    "returned": Q(state="returned"),
    "done": Q(state="accepted") & (~Q(person__stage__in=IN_WORK) | LOST),
}
"""The columns in their order, each with the condition on its handovers."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the newest or most urgent cards, and how many handovers there are in all."""

    key: str
    cards: tuple[Card, ...]
    count: int

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


def board(user: User, at: datetime) -> Board:
    """The board of a user at an instant: what is open, and what was returned or done in the last thirty days."""
    shown = {key: _shown(visible_handovers(user).filter(which), key, at) for key, which in COLUMNS.items()}
    rows = {key: list(some[:CARDS_SHOWN]) for key, some in shown.items()}
    cards = cards_of([row for some in rows.values() for row in some], user, at)
    drawn = {card.id: card for card in told(cards, {row.pk for row in rows["working"]}, user, at)}
    return Board(
        tuple(
            Column(key, tuple(drawn[row.pk] for row in rows[key]), _count(shown[key], rows[key]))
            for key in COLUMNS
        )
    )


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


def _shown(rows: QuerySet[Handover], key: str, at: datetime) -> QuerySet[Handover]:
    """What is urgent first by its clock, what is in work or over newest first."""
    if key == "working":
        return in_order(rows).order_by("-pk")
    if key == "returned":
        return in_order(rows.filter(decided_at__gte=at - SHOWN_FOR)).order_by("-decided_at", "-pk")
    if key == "done":
        over = rows.filter(person__stage_since__gte=at - SHOWN_FOR)
        return in_order(over).order_by("-person__stage_since", "-pk")
    return in_order(rows)


def _count(rows: QuerySet[Handover], shown: list[Handover]) -> int:
    if len(shown) < CARDS_SHOWN:
        return len(shown)
    return rows.order_by()[:COUNTED_TO].count()
