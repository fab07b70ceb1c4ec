"""Verbs about where a person works and worked: jobs are added, corrected, ended and removed by hand."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from treaty.people.commands import bulk
from treaty.people.commands.changes import say_changed
from treaty.people.commands.employments import Work
from treaty.people.models import Employment, Person
from treaty.staff.commands import audit


class BadWork(ValueError):
    """A job that cannot be. `code` says why: order (it ends before it begins), future, known (somebody has it already)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_job(
    person: int,
    *,
    company: int,
    title: str = "",
    since: date | None = None,
    until: date | None = None,
    is_main: bool = True,
    at: datetime,
    by: int | None,
) -> int:
    """A person works, or until a day worked, for a company; the job's id. Raises BadWork.

    A main job is the one that lists show; it ends the one before it on the day it begins. One beside it ends nothing.
    """
    _check(since, until, at)
    with transaction.atomic():
        bulk.alone()
        row = Person.objects.values("company_id", "title").get(pk=person)
        if until is None and Employment.objects.filter(person=person, company=company, until=None).exists():
            raise BadWork("known")
        job = Employment.objects.create(
            person_id=person, company_id=company, title=title, since=since, until=until
        )
        if until is None and (is_main or row["company_id"] is None):
            work = Work([person], since or at.date())
            work.move(person, old=row["company_id"], new=company, was=row["title"])
            work.write()
            Person.objects.filter(pk=person).update(company=company, title=title)
        told: dict[str, list[Any]] = {
            "company_id": [None, company],
            "since": [None, since],
            "until": [None, until],
        }
        _tell(person, "job_added", told, at=at, by=by)
    return job.pk


def change_job(
    job: int, *, title: str, since: date | None, until: date | None, at: datetime, by: int | None
) -> bool:
    """Correct a job; whether anything differed. Where the main one ends, another that the person has becomes it.

    Raises BadWork.
    """
    _check(since, until, at)
    with transaction.atomic():
        bulk.alone()
        row = Employment.objects.select_related("person").get(pk=job)
        is_main = _is_main(row)
        held = row.person.title if is_main else row.title
        before: dict[str, object] = {"title": held, "since": row.since, "until": row.until}
        after: dict[str, object] = {"title": title, "since": since, "until": until}
        told = {name: [before[name], value] for name, value in after.items() if before[name] != value}
        if not told:
            return False
        same = Employment.objects.filter(person=row.person_id, company=row.company_id, until=None)
        if until is None and same.exclude(pk=job).exists():
            raise BadWork("known")
        Employment.objects.filter(pk=job).update(title=title, since=since, until=until)
        if is_main and until is None:
            Person.objects.filter(pk=row.person_id).update(title=title)
        settle(row.person_id)
        _tell(row.person_id, "job_changed", told, at=at, by=by)
    return True


def remove_job(job: int, *, at: datetime, by: int | None) -> None:
    """A person never had a job: it goes, and where it was the main one another becomes it."""
    with transaction.atomic():
        bulk.alone()
        row = Employment.objects.get(pk=job)
        Employment.objects.filter(pk=job).delete()
        settle(row.person_id)
        _tell(row.person_id, "job_removed", {"company_id": [row.company_id, None]}, at=at, by=by)


def _check(since: date | None, until: date | None, at: datetime) -> None:
    if since and until and until < since:
        raise BadWork("order")
    if any(day and day > at.date() for day in (since, until)):
        raise BadWork("future")


def _is_main(row: Employment) -> bool:
    """Whether a job is the one that the person's row repeats."""
    return row.until is None and row.company_id == row.person.company_id


def settle(person: int) -> None:
    """The person's row repeats a job that the person has: the one it repeated, else the newest, else none."""
    row = Person.objects.get(pk=person)
    has = Employment.objects.filter(person=person, until=None)
    if row.company_id is not None and not has.filter(company=row.company_id).exists():
        newest = has.order_by(F("since").desc(nulls_last=True), "-id").first()
        company, title = (newest.company_id, newest.title) if newest else (None, "")
        Person.objects.filter(pk=person).update(company=company, title=title)


def _tell(person: int, verb: str, told: dict[str, list[Any]], *, at: datetime, by: int | None) -> None:
    Person.objects.filter(pk=person).update(changed_at=at)
    bulk.changed([person])
    plain: dict[str, list[object]] = {
        name: [str(value) if isinstance(value, date) else value for value in pair]
        for name, pair in told.items()
    }
    audit(verb, about=("person", person), changes=plain, by=by, at=at)
    say_changed([person], ["company_id", "title", "work"], at=at, by=by)
