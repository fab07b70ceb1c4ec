"""Handovers as cards: who, why, and the clock that runs out; Today's queue and the board show the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from treaty.deals.queries import DealRow
from treaty.handovers import wording
from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries.faces import faces, shown_clocks
from treaty.handovers.queries.standing import may_decide, visible_handovers
from treaty.handovers.queries.touches import TouchLine, last_touches
from treaty.handovers.rules.faces import Face
from treaty.staff.queries import KnownCalendars, User

TOUCHES_SHOWN = 3
QUEUE_SHOWN = 8
"""Offers on Today: nobody answers more at a sitting, and the table holds all of them."""
ON_A_CARD = (
    *("grade", "state", "why", "qualified_at", "person_id", "owner_id", "team_id"),
    *("person__name", "person__name_local", "person__language", "person__title", "person__city"),
    *("person__stage", "person__email", "person__phone", "person__do_not_call_at", "person__unsubscribed_at"),
    *("person__company__name", "owner__name"),
)
"""What is read of the rows behind a card."""
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
    rows = visible_handovers(user).filter(asked_of(user))
    return cards_of(in_order(rows)[:limit], user, at, with_touches=True, known=known)


def open_count(user: User) -> int:
    """How many offers wait for this user's decision."""
    return visible_handovers(user).filter(asked_of(user)).count()


def waiting(user: User) -> Waiting:
    """How many offers wait for this user's decision, and how many of all that the user sees; one question."""
    rows = visible_handovers(user).filter(state="offered").order_by()
    counts = rows.aggregate(mine=Count("pk", filter=asked_of(user)), seen=Count("pk"))
    return Waiting(counts["mine"], counts["seen"])


def pending_of_persons(user: User, persons: Collection[int], at: datetime) -> dict[int, Card]:
    """The open handover of each person, as far as the user sees it: offered, or accepted and not yet touched."""
    rows = visible_handovers(user).filter(person__in=persons).exclude(state="returned").order_by("pk")
    newest = {row.person_id: row for row in with_names(rows)}
    return {card.person_id: card for card in cards_of(list(newest.values()), user, at)}


def in_order(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    """The clock that runs out first on top; those without one last."""
    return with_names(rows).order_by(F("next_due_at").asc(nulls_last=True), "pk")


def cards_of(
    rows: Sequence[Handover] | QuerySet[Handover],
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
    chosen = list(rows)
    shown = shown_clocks(chosen) if with_rings else {}
    rings = faces(shown.values(), at, teams={row.pk: row.team_id for row in chosen}, known=known)
    persons = [row.person_id for row in chosen]
    touches = last_touches(persons, TOUCHES_SHOWN, at) if with_touches else {}
    return [
        _card(row, ring_of(shown.get(row.pk), rings, at), touches.get(row.person_id, ()), user)
        for row in chosen
    ]


def ring_of(clock: Clock | None, rings: dict[int, Face], at: datetime) -> Ring:
    """A clock's ring in words; one that waits where there is no clock."""
    face = WAITING if clock is None else rings[clock.pk]
    return Ring(face.state, face.share, wording.time_left(face), wording.due(face, at), face.due_at)


def _card(row: Handover, ring: Ring, touches: Sequence[TouchLine], user: User) -> Card:
    person = row.person
    company = person.company.name if person.company else ""
    touched = next((touch.text for touch in touches if touch.at == row.qualified_at), "")
    return Card(
        id=row.pk,
        person_id=person.pk,
        person=person.name,
        person_local=person.name_local,
        language=person.language,
        line=", ".join(part for part in (person.title, company, person.city) if part),
        grade=row.grade,
        state=row.state,
        stage=person.stage,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        why=wording.why(row.why, touched),
        ring=ring,
        touches=tuple(touches),
        email=person.email,
        phone=person.phone,
        may_call=bool(person.phone) and person.do_not_call_at is None,
        may_write=bool(person.email) and person.unsubscribed_at is None,
        may_decide=may_decide(user, row.owner_id, row.team_id),
    )


def asked_of(user: User) -> Q:
    """What a user is asked to decide: the own offers, and those of the whole team."""
    mine = Q(owner=user.pk)
    return (mine | Q(owner=None, team=user.team_id) if user.team_id else mine) & Q(state="offered")


def with_names(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    """Rows with all that a card shows; nothing else of them is read."""
    return rows.select_related("person__company", "owner").only(*ON_A_CARD)
