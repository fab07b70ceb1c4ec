"""Readings of long and recurring work, of bulks, and of the views of lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from treaty.kit import sql
from treaty.kit.models import Bulk, BulkLine, Hold, Job, PinnedView, SavedView, Tick, UsualView

WORKER = "worker"
"""The name of the row in which the worker gives its sign of life."""

ENDED = ("done", "dead", "cancelled", "discarded")


@dataclass(frozen=True)
class JobView:
    """A job as pages and the API show it; rate is pieces a second, left the seconds until its end."""

    id: int
    name: str
    title: str
    arguments: dict[str, Any]
    by: int | None
    state: str
    done: int
    total: int | None
    attempts: int
    result: Any
    error: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    next_try_at: datetime
    is_cancelling: bool
    rate: float | None
    left: timedelta | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """How much is done, None while nobody knows how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else None


@dataclass(frozen=True)
class TickView:
    """A recurring piece of work: when it last ran, for how many seconds, and what went wrong then."""

    name: str
    due_at: datetime
    ran_at: datetime | None
    seconds: float | None
    error: str


def job(job_id: int, at: datetime) -> JobView | None:
    """One job."""
    row = Job.objects.filter(pk=job_id).first()
    return None if row is None else view(row, at)


def running_jobs(at: datetime) -> list[JobView]:
    """Jobs that wait or run, the oldest first."""
    return [
        view(row, at) for row in Job.objects.filter(state__in=("waiting", "running")).order_by("id")[:200]
    ]


def dead_jobs(at: datetime) -> list[JobView]:
    """Jobs that will not be tried again by themselves, the newest first."""
    return [view(row, at) for row in Job.objects.filter(state="dead").order_by("-id")[:200]]


def ended_jobs(at: datetime) -> list[JobView]:
    """The last jobs that came to an end."""
    return [view(row, at) for row in Job.objects.filter(state__in=("done", "cancelled")).order_by("-id")[:20]]


def every_job(at: datetime) -> Iterator[JobView]:
    """All jobs that are kept, the newest first."""
    return (view(row, at) for row in Job.objects.order_by("-id").iterator(chunk_size=1000))


def jobs_by_state() -> dict[str, int]:
    """How many jobs wait, run or gave up; those at their end are left out."""
    rows = Job.objects.filter(state__in=("waiting", "running", "dead")).values_list("state")
    return {"waiting": 0, "running": 0, "dead": 0} | dict(rows.annotate(Count("id")).order_by("state"))


def ticks() -> list[TickView]:
    """All recurring work, by name."""
    rows = Tick.objects.exclude(name=WORKER).order_by("name")
    return [TickView(row.name, row.due_at, row.ran_at, row.seconds, row.error) for row in rows]


def due_ticks(at: datetime) -> set[str]:
    """The names of recurring work that is due."""
    return set(Tick.objects.filter(due_at__lte=at).values_list("name", flat=True))


def worker_beat() -> datetime | None:
    """The worker's last sign of life."""
    return Tick.objects.filter(name=WORKER).values_list("ran_at", flat=True).first()


def view(row: Job, at: datetime) -> JobView:
    """The row with its rate and the time left."""
    rate = speed(row, at)
    return JobView(
        id=row.pk,
        name=row.name,
        title=row.title,
        arguments=row.arguments,
        by=row.by,
        state=row.state,
        done=row.done,
        total=row.total,
        attempts=row.attempts,
        result=row.result,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        next_try_at=row.next_try_at,
        is_cancelling=row.cancel_asked_at is not None and row.state not in ENDED,
        rate=rate,
        left=timedelta(seconds=round((row.total - row.done) / rate)) if row.total and rate else None,
    )


def speed(row: Job, at: datetime) -> float | None:
    """Pieces a second since the start; None before the first."""
    if row.started_at is None or not row.done:
        return None
    seconds = ((row.ended_at or at) - row.started_at).total_seconds()
    return round(row.done / seconds, 1) if seconds > 0 else None


RESTORING = "restoring"
"""The file in the home folder that stands there while a restore runs, or after one that was cut off."""


def is_held() -> bool:
    """Whether nothing may leave the installation: after a restore until it is released, and while one is unfinished."""
    return (Path(settings.HOME) / RESTORING).exists() or Hold.objects.exists()


SCOPES = ("own", "team", "all")
"""Who is offered a view: who saved it, the team, everyone."""
MOST_VIEWS = 50
VIEWS = """
SELECT v.id, v.list, v.name, v.query, v.scope, v.owner = %s,
       EXISTS (SELECT 1 FROM kit_usualview u WHERE u.view_id = v.id AND u."user" = %s),
       EXISTS (SELECT 1 FROM kit_pinnedview p WHERE p.view_id = v.id AND p."user" = %s)
FROM kit_savedview v
WHERE v.list = %s AND v.removed_at IS NULL
  AND (v.owner = %s OR v.scope = 'all' OR (v.scope = 'team' AND v.team = %s))
ORDER BY v.name, v.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view of a list as somebody is offered it; the list opens with what `is_usual`, and shows first what `is_pinned`."""

    id: int
    list: str
    name: str
    query: str
    scope: str
    is_mine: bool
    is_usual: bool
    is_pinned: bool


def team_of(user: Any) -> int | None:
    """The team of whoever asks, whom the kit does not know otherwise."""
    return getattr(user, "team_id", None)


def views_of(of: str, user: Any) -> list[ViewRow]:
    """The views of a list that a user is offered; written out, because every list asks."""
    found = sql.ask(VIEWS, [user.pk, user.pk, user.pk, of, user.pk, team_of(user) or 0, MOST_VIEWS])
    return [ViewRow(*row[:5], *map(bool, row[5:])) for row in found]


def view_for(view: int, user: Any) -> ViewRow | None:
    """One view, if the user is offered it."""
    row = _offered(user).filter(pk=view).first()
    return None if row is None else _view(row, user)


def _offered(user: Any) -> Any:
    seen = Q(owner=user.pk) | Q(scope="all")
    if team := team_of(user):
        seen |= Q(scope="team", team=team)
    usual = Exists(UsualView.objects.filter(view=OuterRef("pk"), user=user.pk))
    pinned = Exists(PinnedView.objects.filter(view=OuterRef("pk"), user=user.pk))
    return SavedView.objects.filter(seen, removed_at=None).annotate(is_usual=usual, is_pinned=pinned)


def _view(row: Any, user: Any) -> ViewRow:
    told = (row.pk, row.list, row.name, row.query, row.scope)
    return ViewRow(*told, row.owner == user.pk, row.is_usual, row.is_pinned)


@dataclass(frozen=True, slots=True)
class BulkView:
    """A verb for many rows as pages show it; `counts` has how many rows are in each state."""

    id: int
    verb: str
    title: str
    arguments: dict[str, Any]
    by: int
    job: int | None
    total: int
    counts: dict[str, int]
    has_ended: bool
    undo_asked: bool

    @property
    def may_be_undone(self) -> bool:
        """Whether something was done that nobody asked to take back."""
        return bool(self.counts["done"]) and not self.undo_asked


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody typed into a cell, and why it was not written."""

    typed: str
    why: str


LINES = ("waiting", "done", "same", "failed", "undone", "kept")
"""The states of a bulk's rows."""


def bulk(number: int) -> BulkView | None:
    """One bulk."""
    row = Bulk.objects.filter(pk=number).first()
    if row is None:
        return None
    found = dict(BulkLine.objects.filter(bulk=row).order_by().values_list("state").annotate(Count("id")))
    return BulkView(
        id=row.pk,
        verb=row.verb,
        title=row.title,
        arguments=row.arguments,
        by=row.by,
        job=row.job,
        total=row.total,
        counts=dict.fromkeys(LINES, 0) | found,
        has_ended=row.ended_at is not None,
        undo_asked=row.undo_asked_at is not None,
    )


def bulk_reasons(number: int, after: int = 0, limit: int = 1000) -> list[tuple[int, int, str]]:
    """Rows that failed or were not taken back, from behind a line on: the line, the record and why."""
    rows = BulkLine.objects.filter(bulk=number, state__in=("failed", "kept"), pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", "record", "reason")[:limit])


def tried_cells(number: int, *, by: int, column: str) -> dict[int, Tried]:
    """What a user typed into cells of a column that were not changed, by their rows; nothing of what others did."""
    told = Bulk.objects.filter(pk=number, by=by).values_list("arguments", flat=True).first() or {}
    rows = (
        BulkLine.objects.filter(bulk=number, state="failed").order_by("pk")
        if told.get("field") == column
        else ()
    )
    return {line.record: Tried(told["rows"][str(line.record)][1], line.reason) for line in rows}


def settled_mark() -> int | None:
    """The newest mark of a changed row before which none can appear any more; None while it is not known."""
    [(newest,)] = sql.ask("SELECT COALESCE(MAX(id), 0) FROM kit_changedrow")
    return int(newest) if sql.are_done("kit_changedrow") else None


def marks_end(after: int, until: int, most: int) -> int:
    """The last of at most so many marks behind one and up to another; that other one where no more than those are left."""
    statement = (
        "SELECT COUNT(*), MAX(id) FROM"
        " (SELECT id FROM kit_changedrow WHERE id > %s AND id <= %s ORDER BY id LIMIT %s) portion"
    )
    [(found, last)] = sql.ask(statement, [after, until, most])
    return int(last) if found == most else until


def changed_rows(kind: str, *, after: int, until: int) -> set[int]:
    """Rows of a kind that were marked as changed behind one mark and up to another."""
    statement = "SELECT DISTINCT row FROM kit_changedrow WHERE kind = %s AND id > %s AND id <= %s"
    return {row for (row,) in sql.ask(statement, [kind, after, until])}
