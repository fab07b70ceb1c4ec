"""Two records become one person: identities, work and tags go over, history stays as it was written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from treaty.documents.commands import move_documents
from treaty.fields.commands import merge_values
from treaty.ledger.commands import record
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import identity_values
from treaty.people.commands import bulk
from treaty.people.commands.changes import MAIN, choose_main
from treaty.people.commands.standing import assign_owner
from treaty.people.facts import PersonsMerged
from treaty.people.models import (
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
from treaty.people.projections import refold_consents
from treaty.people.rules import STATED, folded_name
from treaty.search.commands import write
from treaty.search.rules import Kind
from treaty.staff.commands import audit

NAME = ("name", "given_name", "family_name")
"""Go over together."""
TAKEABLE = frozenset({*STATED, "company_id", "owner_id", "email", "phone"} - {*NAME[1:]})
"""What of the merged person can be taken over where both have it; `name` stands for its parts too."""
OWN = "own."
"""What begins the name of a field to take over that the company defined."""
MOMENTS = (
    "stage_since",
    "unsubscribed_at",
    "do_not_call_at",
    "forgotten_at",
    "created_at",
    "changed_at",
)
Kept = dict[str, Any]
"""What undoing needs, as JSON holds it: moments as ISO texts."""


class CannotMerge(ValueError):
    """Two persons cannot become one now; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was made."""

    id: int
    survivor: int


def merge_persons(
    survivor: int, *, merged: int, at: datetime, by: int | None, take: Collection[str] = ()
) -> Merged:
    """One person turned out to be another, who survives and keeps what it has, gets what it lacks, and `take`s fields.

    Whoever refused mail or calls in either record refuses them. Raises CannotMerge where a noun above says so.
    """
    own = {field.removeprefix(OWN) for field in take if field.startswith(OWN)}
    if unknown := {field for field in take if not field.startswith(OWN)} - TAKEABLE:
        raise ValueError(f"A person has no field {', '.join(sorted(unknown))} to take over.")
    if survivor == merged:
        raise ValueError("A person cannot be merged with itself.")
    with transaction.atomic():
        bulk.alone()
        rows = {row["id"]: row for row in Person.objects.filter(pk__in=[survivor, merged]).values()}
        if len(rows) < 2:
            raise CannotMerge(_("One of the two is not here any more."))
        before, other = rows[survivor], rows[merged]
        if before["forgotten_at"] or other["forgotten_at"]:
            raise CannotMerge(_("One of the two was forgotten; nothing is known that could be merged."))
        kept = _kept(before, other)
        kept["fields"] = merge_values("person", survivor=survivor, merged=merged, take=own)
        kept["documents"] = move_documents("person", survivor=survivor, merged=merged)
        merge = Merge.objects.create(
            merged=merged, name=other["name"], survivor=survivor, kept=kept, at=at, by_id=by
        )
        _move_links(before, other, take)
        _move_work_and_tags(survivor, merged)
        _state_fields(before, other, take, at)
        audit("persons_merged", about=("person", survivor), changes={"merged": [merged, None]}, by=by, at=at)
        fact = PersonsMerged(merged, survivor, other["anchor_id"], merge.pk)
        record(fact, about=about_identity(before["anchor_id"]), at=at, by=by, recorded_at=at)
        refold_consents([survivor])
        _settle_owner(before, other, take, at=at, by=by)
        _keep_apart(survivor, kept["apart"], at=at, by=by)
        _remove(merged)
        _remember_given(merge.pk, survivor)
    return Merged(merge.pk, survivor)


def follow_merge(merge: int, *, kind: str, moved: Collection[int]) -> None:
    """A noun above says which of its rows went over to the survivor, so that undoing brings back these and no others."""
    row = Merge.objects.get(pk=merge)
    row.kept["moved"] = row.kept.get("moved", {}) | {kind: sorted(moved)}
    Merge.objects.filter(pk=merge).update(kept=row.kept)


def _kept(before: Mapping[str, Any], other: Mapping[str, Any]) -> Kept:
    return {
        "merged": _plain(other),
        "before": _plain(before),
        "links": {str(row["id"]): links_of(row["id"]) for row in (before, other)},
        "work": {str(row["id"]): _work_of(row["id"]) for row in (before, other)},
        "tags": {str(row["id"]): tags_of(row["id"]) for row in (before, other)},
        "apart": _apart_from(other["id"]),
        "apart_before": _apart_from(before["id"]),
    }


def _plain(row: Mapping[str, Any]) -> Kept:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def links_of(person: int) -> list[list[Any]]:
    """[identity, label, is valid, is main] of each identity of a person."""
    rows = PersonIdentity.objects.filter(person=person).order_by("pk")
    return [list(row) for row in rows.values_list("identity_id", "label", "is_valid", "is_main")]


def _work_of(person: int) -> list[list[Any]]:
    rows = Employment.objects.filter(person=person).order_by("pk")
    return [
        [company, title, _day(since), _day(until)]
        for company, title, since, until in rows.values_list("company_id", "title", "since", "until")
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def tags_of(person: int) -> list[int]:
    """The tags a person wears."""
    return list(PersonTag.objects.filter(person=person).order_by("tag").values_list("tag_id", flat=True))


def _apart_from(person: int) -> list[int]:
    """From whom somebody said that this person is apart."""
    rows = Candidate.objects.filter(Q(one=person) | Q(other=person), state="apart").order_by("pk")
    return [other if one == person else one for one, other in rows.values_list("one_id", "other_id")]


def _move_links(before: Mapping[str, Any], other: Mapping[str, Any], take: Collection[str]) -> None:
    """Identities go over; which address and number is the main one follows what was taken."""
    ours, theirs = _mains(before["id"]), _mains(other["id"])
    PersonIdentity.objects.filter(person=other["id"]).update(person=before["id"], is_main=False)
    for kind in MAIN:
        if theirs[kind] and (kind in take or not ours[kind]):
            PersonIdentity.objects.filter(pk__in=ours[kind]).update(is_main=False)
            PersonIdentity.objects.filter(pk__in=theirs[kind]).update(is_main=True)


def _mains(person: int) -> dict[str, list[int]]:
    """The main address and number of a person."""
    rows = PersonIdentity.objects.filter(person=person, is_main=True).order_by("pk")
    values = identity_values(list(rows.values_list("identity_id", flat=True)))
    return {kind: [pk for pk, (of_kind, _) in values.items() if of_kind == kind] for kind in MAIN}


def _move_work_and_tags(survivor: int, merged: int) -> None:
    """Work and tags that the survivor lacks go over; what both have stays once."""
    rows = Employment.objects.filter(person=survivor).order_by("pk")
    ours = set(rows.values_list("company_id", "since", "until"))
    has = {company for company, _since, until in ours if until is None}
    theirs = Employment.objects.filter(person=merged).order_by("pk")
    same = [
        row.pk
        for row in theirs
        if (row.company_id, row.since, row.until) in ours or (row.until is None and row.company_id in has)
    ]
    Employment.objects.filter(pk__in=same).delete()
    Employment.objects.filter(person=merged).update(person=survivor)
    PersonTag.objects.filter(person=merged).exclude(tag__in=tags_of(survivor)).update(person=survivor)
    PersonTag.objects.filter(person=merged).delete()


def _state_fields(
    before: Mapping[str, Any], other: Mapping[str, Any], take: Collection[str], at: datetime
) -> None:
    names = [*(set(STATED) - {*NAME}), "company_id"]
    values = {name: other[name] for name in names if (name in take or not before[name]) and other[name]}
    if "name" in take:
        values |= {name: other[name] for name in NAME}
    elif before["name"] == other["name"]:
        values |= {name: other[name] for name in NAME[1:] if not before[name]}
    after = {**before, **values}
    values["folded"] = folded_name(after["name"], after["name_local"])
    values["created_at"] = min(before["created_at"], other["created_at"])
    Person.objects.filter(pk=before["id"]).update(**values, changed_at=at)
    choose_main(before["id"], at)


def _settle_owner(
    before: Mapping[str, Any],
    other: Mapping[str, Any],
    take: Collection[str],
    *,
    at: datetime,
    by: int | None,
) -> None:
    """The survivor's owner stays, unless the other's was taken or there is none."""
    is_taken = "owner_id" in take or before["owner_id"] is None
    assign_owner([before["id"]], owner=other["owner_id"] if is_taken else before["owner_id"], at=at, by=by)


def _keep_apart(survivor: int, others: Collection[int], *, at: datetime, by: int | None) -> None:
    """Whoever was said to be somebody else than the merged person is somebody else than the survivor."""
    for other in sorted({*others} - {survivor}):
        one, two = sorted((survivor, other))
        judged = {"state": "apart", "decided_at": at, "by_id": by}
        Candidate.objects.update_or_create(
            one_id=one, other_id=two, defaults=judged, create_defaults={**judged, "bits": 0, "found_at": at}
        )


def _remove(merged: int) -> None:
    """The merged person's row goes: plainly, so that the database refuses where a noun above did not follow."""
    Candidate.objects.filter(Q(one=merged) | Q(other=merged)).delete()
    DuplicateBlock.objects.filter(person=merged).delete()
    Unscanned.objects.filter(person=merged).delete()
    Consent.objects.filter(person=merged).delete()
    write(Kind.PERSON, [merged], ())
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Person._meta.db_table} WHERE id = %s", [merged])


def _remember_given(merge: int, survivor: int) -> None:
    """What the merge gave the survivor: undoing takes back what is still so, and leaves what staff changed since."""
    row = Merge.objects.get(pk=merge)
    row.kept["given"] = _plain(Person.objects.values().get(pk=survivor))
    Merge.objects.filter(pk=merge).update(kept=row.kept)
