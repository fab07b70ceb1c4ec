"""Handovers for tests: an agreement in force, a pool, a buyer, and a lead on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from treaty.agreements.models import Version
from treaty.agreements.rules import Document, Member, Pool, Promise
from treaty.agreements.rules.starter import starter
from treaty.capture.facts import FormSubmitted
from treaty.handovers import commands
from treaty.handovers.models import Clock, Handover
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.people.commands import add_person
from treaty.people.models import Person
from treaty.people.rules import PersonDraft
from treaty.segments.rules import Predicate
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
"""A Thursday; the company works Monday to Friday, 09:00 to 17:00."""
SINCE = NOW - timedelta(days=10)
ASKED_FOR_A_PRICE = Predicate.model_validate(
    {"version": 1, "match": {"did": "FormSubmitted", "times": 1, "within_days": 30}}
)


def document(team: int, members: Sequence[int], **changes: Any) -> Document:
    """The starter with four hours to accept, two to touch, and a definition that one form meets."""
    agreed = starter(str, team=team, members=members)
    values: dict[str, Any] = {
        "definition": ASKED_FOR_A_PRICE,
        "accept": (Promise(grades=("A", "B", "C", "D"), hours=4),),
        "first_touch": (Promise(grades=("A", "B", "C", "D"), hours=2),),
        "pool": Pool(
            team=team,
            members=tuple(Member(user=user, capacity=40) for user in members),
            match_language=False,
        ),
    }
    return agreed.model_copy(update=values | changes)


def agreement(agreed: Document, *, since: datetime = SINCE, number: int = 1) -> Version:
    """A version in force since an instant."""
    return Version.objects.create(
        number=number,
        state="signed",
        document=agreed.model_dump(mode="json", by_alias=True, exclude_none=True),
        sha256="0" * 64,
        drafted_at=since,
        changed_at=since,
        proposed_at=since,
        signed_at=since,
        in_force_from=since,
        began_at=since,
    )


@dataclass
class World:
    """The cast, and the agreement between them."""

    ann: User
    bo: User
    cy: User
    lea: User
    mia: User
    head: User
    version: Version
    document: Document

    @property
    def team(self) -> int:
        """Ann's and Bo's team."""
        assert self.ann.team_id is not None
        return self.ann.team_id


def world(**changes: Any) -> World:
    """The cast at work under an agreement whose pool is Ann and Bo."""
    ann, bo, cy = staff.ann(), staff.bo(), staff.cy()
    lea, mia, head = staff.lea(), staff.mia(), staff.head_of_sales()
    assert ann.team_id is not None
    agreed = document(ann.team_id, [ann.pk, bo.pk], **changes)
    return World(ann, bo, cy, lea, mia, head, agreement(agreed), agreed)


def only_ann(**changes: Any) -> World:
    """The cast, with a pool of Ann alone."""
    ann = staff.ann()
    assert ann.team_id is not None
    pool = Pool(team=ann.team_id, members=(Member(user=ann.pk, capacity=1000),), match_language=False)
    return world(pool=pool, **changes)


def buyer(name: str = "Pia", **more: Any) -> Person:
    """A person, by name made once."""
    email = f"{name.lower().replace(' ', '.')}@example.com"
    draft = PersonDraft(name=name, emails=(email,), **more)
    added = add_person(draft, at=SINCE, by=None, source="hand")
    return Person.objects.get(pk=added.person_id)


def asks(person: Person, at: datetime = NOW, recorded_at: datetime | None = None) -> None:
    """The buyer sends a form."""
    fact = FormSubmitted("ask-for-a-price", page="/pricing")
    about = about_identity(person.anchor_id)
    ledger.record(fact, about=about, at=at, recorded_at=recorded_at or at)


def lead(person: Person | None = None, at: datetime = NOW) -> Handover:
    """A lead offered on purpose."""
    found = person or buyer()
    (made,) = commands.offer([found.pk], at=at, by=None)
    return Handover.objects.get(pk=made)


def clock(handover: Handover, name: str, sequence: int = 0) -> Clock:
    """One clock of a handover, as its row says now."""
    return Clock.objects.get(handover=handover, name=name, sequence=sequence)
