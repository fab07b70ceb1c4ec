"""Handovers as cards: who, why, and the clock that runs out; Today's queue and the board show the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from treaty.deals.queries import DealRow
from treaty.handovers import wording
from treaty.handovers.queries.faces import Ringed, faces, shown_clocks
from treaty.handovers.queries.rows import (
    BY_CLOCK,
    CardRow,
    Condition,
    awaited_by,
    cards_where,
    first_cards,
    seen_by,
    waiting_counts,
)
from treaty.handovers.queries.standing import may_decide
from treaty.handovers.queries.touches import TouchLine, last_touches
from treaty.handovers.rules.faces import Face
from treaty.kit import sql
from treaty.staff.queries import KnownCalendars, User

TOUCHES_SHOWN = 3
QUEUE_SHOWN = 8
"""Offers on Today: nobody answers more at a sitting, and the table holds all of them."""
WAITING = Face("waiting", 100, None, None)


@dataclass(frozen=True, slots=True)
class Ring:
    """A clock as a card draws it: ring, the time left in words, and when it is due."""

    state: str
    share: int
    words: str
    due: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Card:
    """One handover as a card. `line` says who the person is; `may_decide` whether its reader may accept or return."""

    id: int
    person_id: int
    person: str
    person_local: str
    language: str
    line: str
    grade: str
    state: str
    stage: str
    owner_id: int | None
    owner: str
    why: str
    ring: Ring
    touches: tuple[TouchLine, ...]
    email: str
    phone: str
    may_call: bool
    may_write: bool
    may_decide: bool
    reason: str = ""
    """Why the lead came back, in the agreement's words; empty where it did not."""
    deal: DealRow | None = None
    """The open deal with the person, on cards that say what became of the lead."""

    @property
    def url(self) -> str:
        """Where the handover is read."""
        return f"/handovers/{self.id}/"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Offers nobody answered yet: those a user is asked about, and all the user sees."""

    mine: int
    seen: int


def offered_to(
    user: User, at: datetime, limit: int = QUEUE_SHOWN, *, known: KnownCalendars | None = None
) -> list[Card]:
    """What waits for a user's decision, the clock that runs out first on top: the own offers and the whole team's."""
    rows = first_cards(awaited_by(user), BY_CLOCK, limit)
    return cards_of(rows, user, at, with_touches=True, known=known)


def waiting(user: User) -> Waiting:
    """How many offers wait for this user's decision, and how many of all that the user sees; one question."""
    return Waiting(*waiting_counts(user))


def pending_of_persons(user: User, persons: Collection[int], at: datetime) -> dict[int, Card]:
    """The open handover of each person, as far as the user sees it: offered, or accepted and not yet touched."""
    if not persons:
        return {}
    theirs = Condition(f"h.state <> 'returned' AND {sql.one_of('h.person_id')}", (sql.listed(persons),))
    newest = {row.person_id: row for row in cards_where(theirs & seen_by(user))}
    return {card.person_id: card for card in cards_of(list(newest.values()), user, at)}


def cards_of(
    rows: Sequence[CardRow],
    user: User,
    at: datetime,
    *,
    with_touches: bool = False,
    with_rings: bool = True,
    known: KnownCalendars | None = None,
) -> list[Card]:
    """Rows as cards, with the same few questions however many they are; `known` are the hours a page has read already.

    Without rings each waits: for cards that draw none.
    """
    shown = shown_clocks(rows) if with_rings else {}
    rings = faces(shown.values(), at, teams={row.pk: row.team_id for row in rows}, known=known)
    persons = [row.person_id for row in rows]
    touches = last_touches(persons, TOUCHES_SHOWN, at) if with_touches else {}
    return [
        _card(row, ring_of(shown.get(row.pk), rings, at), touches.get(row.person_id, ()), user)
        for row in rows
    ]


def ring_of(clock: Ringed | None, rings: Mapping[int, Face], at: datetime) -> Ring:
    """A clock's ring in words; one that waits where there is no clock."""
    face = WAITING if clock is None else rings[clock.pk]
    return Ring(face.state, face.share, wording.time_left(face), wording.due(face, at), face.due_at)


def _card(row: CardRow, ring: Ring, touches: Sequence[TouchLine], user: User) -> Card:
    touched = next((touch.text for touch in touches if touch.at == row.qualified_at), "")
    return Card(
        id=row.pk,
        person_id=row.person_id,
        person=row.person,
        person_local=row.person_local,
        language=row.language,
        line=row.line,
        grade=row.grade,
        state=row.state,
        stage=row.stage,
        owner_id=row.owner_id,
        owner=row.owner,
        why=wording.why(row.why, touched),
        ring=ring,
        touches=tuple(touches),
        email=row.email,
        phone=row.phone,
        may_call=row.may_call,
        may_write=row.may_write,
        may_decide=may_decide(user, row.owner_id, row.team_id),
        reason=row.reason,
    )
