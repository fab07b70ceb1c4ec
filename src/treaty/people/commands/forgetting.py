"""A person is forgotten: names, addresses and texts go for ever; opaque keys, links and sums stay."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q

from treaty.fields.commands import erase_values
from treaty.ledger.commands import erase_readable, record
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import anchor_keys, anchors_about, identities_with_keys
from treaty.people import journal
from treaty.people.commands import bulk
from treaty.people.facts import PersonForgotten
from treaty.people.models import (
    Candidate,
    DuplicateBlock,
    Employment,
    Merge,
    Person,
    PersonIdentity,
    PersonTag,
    Unscanned,
)
from treaty.people.queries import merged_into, subjects_of
from treaty.people.rules import STATED
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit, erase_changes

BLANK = dict.fromkeys((*STATED, "email", "phone", "folded"), "")


def forget_person(person: int, *, at: datetime, by: int | None, cause: str = "hand") -> bool:
    """Erase what is readable of a person; False where that was done before. There is no way back.

    The row stays under its number with its stage, owner and links, so every figure stays; the opaque keys of its
    identities stay, so that whoever comes again with one of them is known as somebody who asked to be forgotten.
    Nouns above listen to PersonForgotten and erase what they hold.
    """
    with transaction.atomic():
        bulk.alone()
        row = Person.objects.filter(pk=person, forgotten_at=None).first()
        if row is None:
            return False
        Person.objects.filter(pk=person).update(forgotten_at=at)
        _erase(person, at)
        record(PersonForgotten(cause), about=about_identity(row.anchor_id), at=at, by=by, recorded_at=at)
        audit("person_forgotten", about=("person", person), changes={"cause": [None, cause]}, by=by, at=at)
        keys = anchor_keys([row.anchor_id])
        transaction.on_commit(lambda: journal.append(at.isoformat(), keys))
    return True


def forget_again(*, at: datetime, anchors: Collection[str]) -> int:
    """Forget whom a journal names and the database knows: what a restore owes to those forgotten since the backup."""
    identities = identities_with_keys("anchor", anchors)
    rows = Person.objects.filter(anchor__in=identities, forgotten_at=None).order_by("pk")
    return sum(
        forget_person(person, at=at, by=None, cause="restore")
        for person in list(rows.values_list("pk", flat=True))
    )


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


def _erase(person: int, at: datetime) -> None:
    """Everything readable that people, ledger and audit hold of one person."""
    merged = merged_into(person)
    erase_readable(subjects_of(person))
    erase_changes("person", [person, *merged])
    Person.objects.filter(pk=person).update(
        **{**BLANK, "name": f"#{person}", "company_id": None, "changed_at": at}
    )
    PersonIdentity.objects.filter(person=person).update(label="")
    Employment.objects.filter(person=person).delete()
    PersonTag.objects.filter(person=person).delete()
    erase_values("person", [person])
    Merge.objects.filter(survivor__in=[person, *merged]).update(name="", kept={})
    Candidate.objects.filter(Q(one=person) | Q(other=person)).delete()
    DuplicateBlock.objects.filter(person=person).delete()
    Unscanned.objects.filter(person=person).delete()
    follow(Kind.PERSON, [person])
