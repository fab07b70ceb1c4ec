"""Verbs of the bin: persons leave everything people look at, come back with all they had, or are forgotten after a month."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import about_identity
from treaty.people import projections
from treaty.people.commands import bulk
from treaty.people.commands.forgetting import forget_persons
from treaty.people.facts import PersonBinned, PersonRestored
from treaty.people.models import BinnedPerson, Candidate, DuplicateBlock, Person, Unscanned
from treaty.people.projections import refold_consents
from treaty.people.queries.bin import due_in_bin
from treaty.people.rules import KEPT_FOR
from treaty.search.commands import write
from treaty.search.rules import Kind
from treaty.staff.commands import audit_each

AT_ONCE = 500
"""Persons purged in one transaction."""


def bin_persons(persons: Collection[int], *, at: datetime, by: int | None, cause: str = "hand") -> list[int]:
    """Put persons into the bin; those who were neither there nor forgotten.

    What they are owed ends without blame. Nothing of them is erased for KEPT_FOR: `restore_persons` brings all back.
    """
    with transaction.atomic():
        bulk.alone()
        rows = among(Person, "id", persons).filter(forgotten_at=None)
        known = rows.exclude(pk__in=BinnedPerson.objects.values("person")).order_by("pk")
        anchors = dict(known.values_list("pk", "anchor_id"))
        facts = [Entry(PersonBinned(cause), about_identity(one), at, by) for one in anchors.values()]
        # Before they are hidden: who listens still finds them.
        record_many(facts, recorded_at=at)
        binned = [(one, sql.written(at), by, cause) for one in anchors]
        sql.write_rows("people_binnedperson", ("person_id", "at", "by_id", "cause"), binned)
        write(Kind.PERSON, list(anchors), ())
        Candidate.objects.filter(one__in=anchors, state="open").delete()
        Candidate.objects.filter(other__in=anchors, state="open").delete()
        DuplicateBlock.objects.filter(person__in=anchors).delete()
        Unscanned.objects.filter(person__in=anchors).delete()
        audit_each("person_binned", "person", list(anchors), changes={}, by=by, at=at)
    return list(anchors)


def restore_persons(
    persons: Collection[int], *, at: datetime, by: int | None, cause: str = "hand"
) -> list[int]:
    """Bring persons back from the bin; those who were there. What happened to them meanwhile counts as well."""
    with transaction.atomic():
        bulk.alone()
        there = list(
            among(BinnedPerson, "person_id", persons).filter(purged_at=None).values_list("person", flat=True)
        )
        anchors = dict(Person.objects.filter(pk__in=there).order_by("pk").values_list("pk", "anchor_id"))
        among(BinnedPerson, "person_id", list(anchors)).delete()
        projections.refold(list(anchors))
        refold_consents(list(anchors))
        bulk.changed(anchors)
        facts = [Entry(PersonRestored(cause), about_identity(one), at, by) for one in anchors.values()]
        record_many(facts, recorded_at=at)
        audit_each("person_restored", "person", list(anchors), changes={}, by=by, at=at)
    return list(anchors)


def purge_bin(*, at: datetime) -> int:
    """Forget the persons who lay in the bin for KEPT_FOR; how many. Figures stay, as after every forgetting."""
    purged = 0
    while persons := due_in_bin(before=at - KEPT_FOR, limit=AT_ONCE):
        purged += forget_persons(persons, at=at, by=None, cause="bin")
    return purged
