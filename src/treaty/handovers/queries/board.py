"""The board of handovers: a column for each state of the work, its count, and the cards that matter first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from treaty.handovers.models import Handover
from treaty.handovers.queries.cards import Card, cards_of, in_order
from treaty.handovers.queries.standing import IN_SALES_HANDS, visible_handovers
from treaty.people.rules import Stage
from treaty.staff.queries import User

CARDS_SHOWN = 25
SHOWN_FOR = timedelta(days=30)
"""How long what is returned or done stays on the board; the table shows all."""
COUNTED_TO = 10_000

IN_WORK = frozenset({*IN_SALES_HANDS, Stage.MQL.value})
"""Stages in which an accepted lead is still being worked on; beyond, its deal was won or lost."""
COLUMNS = {
    "offered": Q(state="offered"),
    "accepted": Q(state="accepted", first_touch_at=None, person__stage__in=IN_WORK),
    "working": Q(state="accepted", first_touch_at__isnull=False, person__stage__in=IN_WORK),
    "returned": Q(state="returned"),
    "done": Q(state="accepted") & ~Q(person__stage__in=IN_WORK),
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
    drawn = {card.id: card for card in cards_of([row for some in rows.values() for row in some], user, at)}
    return Board(
        tuple(
            Column(key, tuple(drawn[row.pk] for row in rows[key]), _count(shown[key], rows[key]))
            for key in COLUMNS
        )
    )


def _shown(rows: QuerySet[Handover], key: str, at: datetime) -> QuerySet[Handover]:
    if key not in ("returned", "done"):
        return in_order(rows)
    return in_order(rows.filter(decided_at__gte=at - SHOWN_FOR)).order_by("-decided_at", "-pk")


def _count(rows: QuerySet[Handover], shown: list[Handover]) -> int:
    if len(shown) < CARDS_SHOWN:
        return len(shown)
    return rows.order_by()[:COUNTED_TO].count()
