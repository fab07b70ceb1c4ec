"""Verbs about what persons agreed to: one person by hand or API, or a chunk of drafts set at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from treaty.ledger.commands import record
from treaty.ledger.facts import Fact, about_identity
from treaty.people.facts import ConsentGiven, ConsentWithdrawn
from treaty.people.models import Person
from treaty.people.queries import held_consents, purposes
from treaty.people.rules import Agreed, ConsentDraft, PersonDraft, Purpose, is_news
from treaty.staff.commands import audit


class NoSuchPurpose(ValueError):
    """There is no such purpose, or no such version of its words."""


class Consents:
    """To what some persons agree: what is known, and what is told of them."""

    def __init__(self, persons: Collection[int]) -> None:
        self.purposes: dict[int, Purpose] = {one.id: one for one in purposes(with_retired=True)}
        self.held: dict[tuple[int, int], Agreed] = held_consents(persons)
        self.touched: set[int] = set()

    @classmethod
    def told_by(cls, drafts: Sequence[PersonDraft], persons: Collection[int]) -> "Consents | None":
        """Those of the persons of some drafts; None where no draft tells any, so that nothing is read."""
        return cls(persons) if any(draft.consents for draft in drafts) else None

    def put(self, person: int, told: ConsentDraft, *, how: str, at: datetime) -> Fact | None:
        """The fact that a person agrees, or does not any more; None where that is known. Raises NoSuchPurpose."""
        purpose = self.purposes.get(told.purpose)
        asked = 1 if told.version is None else told.version
        if purpose is None or not 1 <= asked <= purpose.version:
            raise NoSuchPurpose(told.purpose)
        when, held = told.at or at, self.held.get((person, told.purpose))
        if not is_news(held, told, when):
            return None
        version = told.version or (purpose.version if told.is_given or held is None else held.version)
        kind = ConsentGiven if told.is_given else ConsentWithdrawn
        self.held[person, told.purpose] = Agreed(
            when, 0, told.purpose, version, told.is_given, how, told.place
        )
        self.touched.add(person)
        return kind(told.purpose, version, purpose.name, how, told.place)


def record_consent(
    person: int, told: ConsentDraft, *, how: str, at: datetime, by: int | None, note: str = ""
) -> bool:
    """A person agreed to a purpose, or took that back; whether that was news. `note` says how one knows, and can be
    forgotten.

    Raises NoSuchPurpose.
    """
    with transaction.atomic():
        anchor = Person.objects.select_for_update().values_list("anchor_id", flat=True).get(pk=person)
        fact = Consents([person]).put(person, told, how=how, at=at)
        if fact is None:
            return False
        record(fact, about=about_identity(anchor), at=told.at or at, by=by, recorded_at=at, text=note)
        verb = "consent_given" if told.is_given else "consent_withdrawn"
        audit(verb, about=("person", person), changes={"purpose": [None, told.purpose]}, by=by, at=at)
    return True
