"""The REST API of where a person works and worked."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.errors import ValidationError

from treaty.kit.rest import (
    ACTS,
    LISTS,
    READS,
    WRITES,
    Asked,
    Body,
    Day,
    Id,
    Names,
    Part,
    Shape,
    part_of_few,
    wrong,
)
from treaty.people import commands, queries
from treaty.people.api.door import READ, WRITE, Text120, one, router
from treaty.people.queries import Job
from treaty.staff.access import actor

WRONG = {
    "order": ("until", "It ends before it begins."),
    "future": ("since", "The day lies in the future."),
    "known": ("company_id", "The person works there already."),
}


class JobOut(Shape):
    """Where a person works or worked. `until` is null while it does; the row of the person repeats the main one."""

    id: int
    company_id: int
    company: str
    title: str
    since: date | None
    until: date | None
    is_main: bool


class Jobs(Schema):
    """A part of a person's jobs; `next` goes into `after` of the next call, and is null at the end."""

    items: list[JobOut]
    next: str | None


class JobIn(Body):
    """Where a person works or worked."""

    company_id: Names
    title: Text120 = ""
    since: Day | None = None
    until: Day | None = Field(None, description="The last day; null while the person works there.")
    is_main: bool = Field(
        True,
        strict=True,
        description="Whether it ends the main work so far; ignored where it has ended itself.",
    )


class JobChange(Body):
    """What to correct; what is left out stays, null empties a day."""

    title: Text120 = ""
    since: Day | None = None
    until: Day | None = None


@router.get(
    "/persons/{person}/work",
    response={200: Jobs, **LISTS, **READS},
    auth=READ,
    summary="List where a person works and worked",
)
def list_work(request: HttpRequest, person: Id, asked: Query[Asked]) -> Part[dict[str, Any]]:
    """The jobs of a person the key's owner sees, the newest entry first."""
    jobs = queries.jobs_of(one(queries.visible_persons(request.user), person))
    jobs.sort(key=lambda job: -job.id)
    return part_of_few(jobs, asked, told_job, number=lambda job: job.id)


@router.post(
    "/persons/{person}/work",
    response={201: JobOut, **WRITES},
    auth=WRITE,
    summary="Add where a person works or worked",
)
def add_job(request: HttpRequest, person: Id, told: JobIn) -> Any:
    """A main job without an end ends the one before it, and is what lists show."""
    one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    if not queries.visible_companies(request.user).filter(pk=told.company_id).exists():
        raise wrong("company_id", "There is no such company.")
    values = told.model_dump() | {"company": told.company_id}
    del values["company_id"]
    try:
        job = commands.add_job(person, **values, at=timezone.now(), by=actor(request))
    except commands.BadWork as mistake:
        raise _refusal(mistake) from None
    return Status(201, told_job(_found(request, person, job)))


@router.patch(
    "/persons/{person}/work/{job}",
    response={200: JobOut, **WRITES},
    auth=WRITE,
    summary="Correct where a person works or worked",
)
def change_job(request: HttpRequest, person: Id, job: Id, told: JobChange) -> dict[str, Any]:
    """Title and days. Where the main job ends, another that the person has becomes the main one."""
    one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    row = _found(request, person, job)
    values: dict[str, Any] = {"title": row.title, "since": row.since, "until": row.until} | told.model_dump(
        exclude_unset=True
    )
    try:
        commands.change_job(job, **values, at=timezone.now(), by=actor(request))
    except commands.BadWork as mistake:
        raise _refusal(mistake) from None
    return told_job(_found(request, person, job))


@router.delete(
    "/persons/{person}/work/{job}",
    response={204: None, **ACTS},
    auth=WRITE,
    summary="Remove where a person never worked",
)
def remove_job(request: HttpRequest, person: Id, job: Id) -> Status[None]:
    """What was true and is over has an end instead: `until`."""
    one(queries.visible_persons(request.user).filter(forgotten_at=None), person)
    _found(request, person, job)
    commands.remove_job(job, at=timezone.now(), by=actor(request))
    return Status(204, None)


def _found(request: HttpRequest, person: int, job: int) -> Job:
    if (found := queries.job_row(request.user, person, job)) is None:
        raise Http404
    return found


def _refusal(mistake: commands.BadWork) -> ValidationError:
    return wrong(*WRONG[mistake.code])


def told_job(job: Job) -> dict[str, Any]:
    """A job as the API tells it."""
    names = ("id", "title", "since", "until", "is_main")
    return {"company_id": job.company.pk, "company": job.company.name} | {
        name: getattr(job, name) for name in names
    }
