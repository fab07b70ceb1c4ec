"""One record becomes two persons: a merge is undone, or identities that belong to somebody else leave."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from treaty.documents.commands import return_documents
from treaty.fields.commands import part_values
from treaty.ledger.commands import record
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import identity_values
from treaty.people import projections
from treaty.people.commands import bulk
from treaty.people.commands.add_persons import add_persons
from treaty.people.commands.changes import MAIN, choose_main
from treaty.people.commands.merging import MOMENTS, Kept
from treaty.people.commands.standing import assign_owner
from treaty.people.facts import PersonsSplit
from treaty.people.models import (
    Candidate,
    Company,
    Employment,
    Merge,
    Person,
    PersonIdentity,
    PersonTag,
    Tag,
)
from treaty.people.projections import refold_consents
from treaty.people.queries import is_staff
from treaty.people.rules import STATED, PersonDraft
from treaty.staff.commands import audit

RESTORED = (*STATED, "company_id", "folded")
"""What undoing gives back to the survivor, field by field, unless it was changed since."""


class CannotSplit(ValueError):
    """A record cannot become two now. `code` says why: undone, gone or nothing_left."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def undo_merge(merge: int, *, at: datetime, by: int | None, apart: bool = False) -> int:
    """The merged person is back as before, with its id, identities and work; the survivor loses what it got from it.

    What staff changed since stays as they left it. With `apart` the two are never shown as duplicates again. Raises
    CannotSplit where the merge is undone already, or the survivor itself was merged meanwhile: that one comes first.
    """
    with transaction.atomic():
        bulk.alone()
        row = Merge.objects.get(pk=merge)
        if row.undone_at is not None:
            raise CannotSplit("undone")
        now = Person.objects.filter(pk=row.survivor, forgotten_at=None).values().first()
        if now is None:
            raise CannotSplit("gone")
        Merge.objects.filter(pk=merge).update(undone_at=at)
        _bring_back(row.kept["merged"])
        _return_links(row, now)
        _return_work(row)
        _return_tags(row)
        part_values("person", survivor=row.survivor, merged=row.merged, kept=row.kept.get("fields", {}))
        documents = row.kept.get("documents", ())
        return_documents("person", documents, survivor=row.survivor, merged=row.merged)
        _restore_fields(row, now, at)
        for person in (row.survivor, row.merged):
            choose_main(person, at)
        _tell(row.survivor, row.merged, merge, at=at, by=by)
        _restore_owner(row, now, at=at, by=by)
        _judge(row, at=at, by=by, apart=apart)
        # What undoing needed is needed no more, and would outlive the forgetting of either person.
        Merge.objects.filter(pk=merge).update(name="", kept={})
    return row.merged


def split_person(person: int, *, identities: Collection[int], name: str, at: datetime, by: int | None) -> int:
    """Some addresses, numbers or keys of a person belong to somebody else, who gets a record; the new person's id.

    The owner is the same, and whoever refused mail or calls still does: nobody knows which of the two it was. Raises
    CannotSplit where no identity would go or none would stay.
    """
    with transaction.atomic():
        bulk.alone()
        held = identity_values(
            list(PersonIdentity.objects.filter(person=person).order_by("pk").values_list("pk", flat=True))
        )
        leaving = sorted(held.keys() & set(identities))
        if not leaving or len(leaving) == len(held):
            raise CannotSplit("nothing_left")
        other = add_persons([_draft(person, name)], at=at, by=by, source="hand", quiet=False)[0].person_id
        PersonIdentity.objects.filter(pk__in=leaving).update(person=other)
        for one in (person, other):
            choose_main(one, at)
        _tell(person, other, None, at=at, by=by)
    return other


def _draft(person: int, name: str) -> PersonDraft:
    row = Person.objects.get(pk=person)
    return PersonDraft(
        name=name,
        country=row.country,
        owner=row.owner_id,
        unsubscribed=row.unsubscribed_at is not None,
        do_not_call=row.do_not_call_at is not None,
    )


def _bring_back(row: Kept) -> None:
    """Insert the merged person's row as it was; a company or owner that is gone since stays away."""
    values = dict(row)
    for name in MOMENTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    if not Company.objects.filter(pk=values["company_id"] or 0).exists():
        values["company_id"] = None
    if not is_staff(values["owner_id"] or 0):
        values["owner_id"] = None
    Person.objects.create(**values)


def _return_links(row: Merge, now: Mapping[str, Any]) -> None:
    """Identities go back; whether one reaches its person, and as what, stays as it is known today."""
    links = row.kept["links"]
    for identity, _label, _valid, is_main in links[str(row.merged)]:
        theirs = PersonIdentity.objects.filter(pk=identity, person=row.survivor)
        theirs.update(person=row.merged, is_main=is_main)
    values = identity_values([identity for identity, *_ in links[str(row.survivor)]])
    for identity, _label, _valid, is_main in links[str(row.survivor)]:
        kind = values.get(identity, ("", ""))[0]
        if kind in MAIN and now[kind] == row.kept["given"][kind]:
            PersonIdentity.objects.filter(pk=identity, person=row.survivor).update(is_main=is_main)


def _return_work(row: Merge) -> None:
    """Jobs go back as they were; one that staff changed since stays with the survivor, too."""
    ours, theirs = (_jobs(row.kept["work"][str(person)]) for person in (row.survivor, row.merged))
    there = set(
        Company.objects.filter(pk__in=[job[0] for job in theirs]).order_by("pk").values_list("pk", flat=True)
    )
    now = Employment.objects.filter(person=row.survivor).order_by("pk")
    gone = [
        one.pk
        for one in now
        if (job := (one.company_id, one.title, one.since, one.until)) in theirs and job not in ours
    ]
    Employment.objects.filter(pk__in=gone).delete()
    Employment.objects.bulk_create(
        Employment(person_id=row.merged, company_id=company, title=title, since=since, until=until)
        for company, title, since, until in theirs
        if company in there
    )


def _jobs(kept: Sequence[Sequence[Any]]) -> list[tuple[int, str, date | None, date | None]]:
    return [(company, title, _day(since), _day(until)) for company, title, since, until in kept]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _return_tags(row: Merge) -> None:
    ours, theirs = (set(row.kept["tags"][str(person)]) for person in (row.survivor, row.merged))
    PersonTag.objects.filter(person=row.survivor, tag__in=theirs - ours).delete()
    there = Tag.objects.filter(pk__in=theirs).order_by("pk").values_list("pk", flat=True)
    PersonTag.objects.bulk_create(PersonTag(person_id=row.merged, tag_id=tag) for tag in there)


def _restore_fields(row: Merge, now: Mapping[str, Any], at: datetime) -> None:
    before, given = row.kept["before"], row.kept["given"]
    values = {name: before[name] for name in RESTORED if now[name] == given[name]}
    if not Company.objects.filter(pk=values.get("company_id") or 0).exists():
        values.pop("company_id", None)
    created = datetime.fromisoformat(before["created_at"])
    Person.objects.filter(pk=row.survivor).update(**values, created_at=created, changed_at=at)


def _tell(person: int, other: int, merge: int | None, *, at: datetime, by: int | None) -> None:
    """Record the split; both persons stand where their own histories lead."""
    anchor = Person.objects.values_list("anchor_id", flat=True).get(pk=person)
    audit("persons_split", about=("person", person), changes={"other": [None, other]}, by=by, at=at)
    fact = PersonsSplit(person, other, merge)
    record(fact, about=about_identity(anchor), at=at, by=by, recorded_at=at)
    projections.refold([person, other])
    refold_consents([person, other])


def _restore_owner(row: Merge, now: Mapping[str, Any], *, at: datetime, by: int | None) -> None:
    owner = row.kept["before"]["owner_id"]
    if now["owner_id"] == row.kept["given"]["owner_id"] and (owner is None or is_staff(owner)):
        assign_owner([row.survivor], owner=owner, at=at, by=by)


def _judge(row: Merge, *, at: datetime, by: int | None, apart: bool) -> None:
    """From whom the merged person was apart, it is again; and from the survivor, where that was found out."""
    others = [*row.kept["apart"], *([row.survivor] if apart else [])]
    there = Person.objects.filter(pk__in=others).order_by("pk").values_list("pk", flat=True)
    Candidate.objects.bulk_create(
        [
            Candidate(one_id=min(row.merged, other), other_id=max(row.merged, other), bits=0, state="apart",
                      found_at=at, decided_at=at, by_id=by)
            for other in there
        ]
    )  # fmt: skip
    only_by_merge = [other for other in row.kept["apart"] if other not in row.kept["apart_before"]]
    for other in only_by_merge:
        one, two = sorted((row.survivor, other))
        Candidate.objects.filter(one=one, other=two, state="apart").delete()
