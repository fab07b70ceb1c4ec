"""Imports over REST: the newest runs, and what became of each."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from treaty.imports import queries
from treaty.kit.rest import LISTS, READS, Asked, Id, Part, part_of_few
from treaty.staff.access import Key
from treaty.staff.rules import RUN_IMPORTS

router = Router(tags=["imports"])
READ = Key("imports:read", RUN_IMPORTS)
NEWEST = 1_000
"""The runs that are listed."""


class ImportOut(Schema):
    """One run of an import; `counts` says how many rows came to what."""

    id: int
    kind: str
    file_name: str
    sha256: str
    counts: dict[str, Any]
    is_dry_run: bool = Field(description="Whether nothing was written.")
    by_id: int | None
    job_id: int | None
    started_at: datetime
    ended_at: datetime | None


class Imports(Schema):
    """A part of the runs, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[ImportOut]
    next: str | None


@router.get("/imports", response={200: Imports, **LISTS}, auth=READ, summary="List imports")
def list_imports(request: HttpRequest, asked: Query[Asked]) -> Part[Any]:
    """The newest thousand runs."""
    return part_of_few(queries.runs(NEWEST), asked, lambda row: row, number=lambda row: row.pk)


@router.get("/imports/{run}", response={200: ImportOut, **READS}, auth=READ, summary="Read an import")
def read_import(request: HttpRequest, run: Id) -> Any:
    """One run."""
    row = queries.run_by_id(run)
    if row is None:
        raise Http404
    return row
