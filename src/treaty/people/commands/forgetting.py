"""A person is forgotten: names, addresses and texts go for ever; opaque keys, links and sums stay."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from treaty.documents.commands import erase_documents
from treaty.fields.commands import erase_values
from treaty.kit.commands.bulk import forget_rows
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, erase_readable, record_many
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import anchor_keys, anchors_about, identities_with_keys
from treaty.people import journal
from treaty.people.commands import bulk
from treaty.people.facts import PersonForgotten
from treaty.people.models import (
    BinnedPerson,
    Candidate,
    Consent,
    DuplicateBlock,
    Employment,
    Merge,
    Person,
    PersonIdentity,
    PersonTag,
    Unscanned,
)
from treaty.people.queries import identities_of, merged_into
from treaty.people.rules import STATED
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit_each, erase_answers, erase_changes

BLANK = dict.fromkeys((*STATED, "email", "phone", "folded"), "")
AT_ONCE = 500
"""Persons forgotten in one transaction."""


def forget_person(person: int, *, at: datetime, by: int | None, cause: str = "hand") -> bool:
    """Erase what is readable of a person; False where that was done before. There is no way back."""
    return forget_persons([person], at=at, by=by, cause=cause) == 1


def forget_persons(persons: Collection[int], *, at: datetime, by: int | None, cause: str) -> int:
    """Erase what is readable of some hundreds of persons, set at once; how many were not forgotten before.

    Each row stays under its number with its stage, owner and links, so every figure stays; the opaque keys of its
    identities stay, so that whoever comes again with one of them is known as somebody who asked to be forgotten.
    Nouns above listen to PersonForgotten and erase what they hold.
    """
    with transaction.atomic():
        bulk.alone()
        known = Person.objects.filter(pk__in=sorted(persons), forgotten_at=None).order_by("pk")
        anchors = dict(known.values_list("pk", "anchor_id"))
        if not anchors:
            return 0
        Person.objects.filter(pk__in=list(anchors)).update(forgotten_at=at)
        keys = anchor_keys(anchors.values())
        # Before files are taken away, which a disk may refuse.
        transaction.on_commit(lambda: journal.append(at.isoformat(), keys))
        # Whoever listens has to find those in the bin, too.
        if hidden := list(BinnedPerson.objects.filter(person__in=list(anchors))):
            BinnedPerson.objects.filter(person__in=list(anchors)).delete()
        _erase(list(anchors), at)
        record_many(
            [Entry(PersonForgotten(cause), about_identity(anchor), at, by) for anchor in anchors.values()],
            recorded_at=at,
        )
        audit_each(
            "person_forgotten", "person", list(anchors), changes={"cause": [None, cause]}, by=by, at=at
        )
        BinnedPerson.objects.bulk_create(_purged(hidden, at))
    return len(anchors)


def _purged(hidden: Iterable[BinnedPerson], at: datetime) -> list[BinnedPerson]:
    """Who was forgotten in the bin stays out of sight, and does not come back."""
    return [
        BinnedPerson(person_id=row.person_id, at=row.at, by_id=row.by_id, cause=row.cause, purged_at=at)
        for row in hidden
    ]


def forget_again(*, at: datetime, anchors: Collection[str]) -> int:
    """Forget whom a journal names and the database knows: what a restore owes to those forgotten since the backup."""
    identities = identities_with_keys("anchor", anchors)
    rows = among(Person, "anchor_id", identities).filter(forgotten_at=None).order_by("pk")
    known = list(rows.values_list("pk", flat=True))
    portions = (known[start : start + AT_ONCE] for start in range(0, len(known), AT_ONCE))
    return sum(forget_persons(portion, at=at, by=None, cause="restore") for portion in portions)


def mend_journal(*, at: datetime) -> int:
    """Write into the journal whom the ledger says forgotten and it does not name; how many those were."""
    missing = sorted(set(anchors_about(PersonForgotten.__name__)) - set(journal.anchors()))
    if missing:
        journal.append(at.isoformat(), missing)
    return len(missing)


def before_restore(*, at: datetime) -> None:
    """The journal names everybody whom the database to be replaced knows forgotten, if it can still be read."""
    with suppress(DatabaseError):
        mend_journal(at=at)


def after_restore(*, at: datetime) -> None:
    """Whoever was forgotten since the backup is forgotten again."""
    forget_again(at=at, anchors=set(journal.anchors()))


def _erase(persons: Collection[int], at: datetime) -> None:
    """Everything readable that people, ledger and audit hold of some persons."""
    merged = merged_into(persons)
    erase_readable([about_identity(one) for held in identities_of(persons).values() for one in held])
    erase_changes("person", [*persons, *merged])
    erase_answers()
    forget_rows("people.", [*persons, *merged])
    number = Concat(Value("#"), Cast("pk", CharField()))
    Person.objects.filter(pk__in=persons).update(
        **{**BLANK, "name": number, "company_id": None, "changed_at": at}
    )
    PersonIdentity.objects.filter(person__in=persons).update(label="", is_valid=False)
    Employment.objects.filter(person__in=persons).delete()
    PersonTag.objects.filter(person__in=persons).delete()
    Consent.objects.filter(person__in=persons).delete()
    erase_values("person", persons)
    erase_documents("person", persons)
    Merge.objects.filter(survivor__in=[*persons, *merged]).update(name="", kept={})
    Candidate.objects.filter(Q(one__in=persons) | Q(other__in=persons)).delete()
    DuplicateBlock.objects.filter(person__in=persons).delete()
    Unscanned.objects.filter(person__in=persons).delete()
    follow(Kind.PERSON, persons)
