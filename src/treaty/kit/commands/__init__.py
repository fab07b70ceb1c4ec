"""Verbs of long and recurring work, and of the views of lists.

Each claim is one conditional update: whoever changes the row has the work.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from treaty.kit import queries
from treaty.kit.models import Hold, Job, PinnedView, SavedView, Tick, UsualView

DEAD_AFTER = timedelta(seconds=60)
"""A running job whose worker gave no sign of life for so long is taken from it."""

MOST_ATTEMPTS = 5
KEPT = timedelta(days=30)
WAKE = "treaty.kit.jobs.run_next"


@dataclass(frozen=True)
class Claimed:
    """A job that this process has to do; `attempt` is the fence in every later update."""

    id: int
    name: str
    title: str
    arguments: dict[str, Any]
    by: int | None
    attempt: int


def start_job(name: str, *, title: str, arguments: Mapping[str, Any], at: datetime, by: int | None) -> int:
    """Asks for long work; it begins once the surrounding transaction is committed."""
    with transaction.atomic():
        job = Job.objects.create(
            name=name, title=title, arguments=dict(arguments), by=by, created_at=at, next_try_at=at
        )
        wake_worker()
    return job.pk


def wake_worker() -> None:
    """Puts a token into the queue: whoever takes it does the oldest waiting job, whichever that is."""
    async_task(WAKE)


def claim_job(*, at: datetime) -> Claimed | None:
    """Takes the oldest job that is due; None when there is none, or while outgoing work is held."""
    if queries.is_held():
        return None
    due = Job.objects.filter(state="waiting", next_try_at__lte=at).order_by("id")
    while job := due.first():
        if due.filter(pk=job.pk).update(
            state="running",
            attempts=F("attempts") + 1,
            started_at=at,
            beat_at=at,
            done=0,
            total=None,
            error="",
        ):
            return Claimed(job.pk, job.name, job.title, job.arguments, job.by, job.attempts + 1)
    return None


def beat(job: Claimed, *, at: datetime) -> bool:
    """Gives a sign of life; False when the job was taken from this worker."""
    return bool(held(job).update(beat_at=at))


def report_progress(job: Claimed, *, done: int, total: int | None, at: datetime) -> bool:
    """Keeps how far the job is; False when it was taken from this worker."""
    return bool(held(job).update(done=done, total=total, beat_at=at))


def is_cancelled(job: Claimed) -> bool:
    """Whether somebody asked to stop the job, or it is no longer this worker's."""
    return not held(job).filter(cancel_asked_at=None).exists()


def finish_job(job: Claimed, *, result: Any, at: datetime) -> bool:
    """The job is done."""
    return bool(held(job).update(state="done", result=result, ended_at=at, beat_at=None))


def stop_job(job: Claimed, *, at: datetime) -> bool:
    """The job stopped because somebody asked."""
    return bool(held(job).update(state="cancelled", ended_at=at, beat_at=None))


def fail_job(job: Claimed, *, reason: str, attempts: int, at: datetime) -> bool:
    """The job broke: it is tried again after 5, 20, 80, 320 seconds, or it is dead. True when it is dead."""
    if job.attempt >= attempts:
        return bool(held(job).update(state="dead", error=reason, ended_at=at, beat_at=None))
    later = at + timedelta(seconds=5 * 4 ** (job.attempt - 1))
    held(job).update(state="waiting", error=reason, next_try_at=later, beat_at=None)
    return False


def empty_argument(name: str, *, jobs: Collection[int]) -> None:
    """What an argument of jobs that have ended held is kept no longer; the argument itself stays, empty."""
    for row in Job.objects.filter(pk__in=list(jobs), state__in=queries.ENDED).order_by("pk"):
        if value := row.arguments.get(name):
            Job.objects.filter(pk=row.pk).update(arguments={**row.arguments, name: type(value)()})


def recover_jobs(at: datetime) -> None:
    """Takes back the jobs of dead workers, wakes workers for jobs that are due, forgets jobs long ended."""
    dead = Job.objects.filter(state="running", beat_at__lt=at - DEAD_AFTER)
    reason = "The worker died while it did this."
    dead.filter(cancel_asked_at__isnull=False).update(state="cancelled", ended_at=at, beat_at=None)
    dead.filter(attempts__gte=MOST_ATTEMPTS).update(state="dead", error=reason, ended_at=at, beat_at=None)
    dead.update(state="waiting", error=reason, next_try_at=at, beat_at=None)
    wake_for_due(at)
    Job.objects.filter(Q(state__in=queries.ENDED) & ~Q(state="dead"), ended_at__lt=at - KEPT).delete()


def wake_for_due(at: datetime) -> None:
    """Puts in the tokens that are missing: a killed worker takes those it had fetched to its grave."""
    due = Job.objects.filter(state="waiting", next_try_at__lte=at).count()
    tokens = (
        OrmQ.objects.filter(key=settings.Q_CLUSTER["name"], lock__lte=timezone.now()).count() if due else 0
    )
    workers = int(str(settings.Q_CLUSTER["workers"]))
    for _missing in range(min(due - tokens, workers)):
        wake_worker()


def cancel_job(job_id: int, *, at: datetime, by: int | None) -> bool:
    """Ends a waiting job at once, and asks a running one to stop at its next step."""
    if Job.objects.filter(pk=job_id, state="waiting").update(
        state="cancelled", ended_at=at, cancel_asked_at=at
    ):
        return True
    return bool(Job.objects.filter(pk=job_id, state="running").update(cancel_asked_at=at))


def retry_job(job_id: int, *, at: datetime, by: int | None) -> bool:
    """Lets a dead or cancelled job begin anew."""
    with transaction.atomic():
        again = Job.objects.filter(pk=job_id, state__in=("dead", "cancelled")).update(
            state="waiting", attempts=0, error="", next_try_at=at, ended_at=None, cancel_asked_at=None
        )
        if again:
            wake_worker()
    return bool(again)


def discard_job(job_id: int, *, at: datetime, by: int | None) -> bool:
    """Takes a dead job off the list; nobody will try it again."""
    return bool(Job.objects.filter(pk=job_id, state="dead").update(state="discarded", ended_at=at))


def prepare_ticks(names: Mapping[str, timedelta], *, at: datetime) -> None:
    """Makes the rows of recurring work that are new, due at once, and forgets those no longer scheduled."""
    Tick.objects.bulk_create(
        [Tick(name=name, due_at=at) for name in (*names, queries.WORKER)], ignore_conflicts=True
    )
    Tick.objects.exclude(name__in=[*names, queries.WORKER]).delete()


def claim_tick(name: str, *, every: timedelta, at: datetime) -> bool:
    """Takes a due piece of recurring work; False when it is not due or another worker was faster."""
    return bool(Tick.objects.filter(name=name, due_at__lte=at).update(due_at=at + every))


def record_tick(name: str, *, every: timedelta, at: datetime, seconds: float, error: str) -> None:
    """Keeps how a piece of recurring work went."""
    Tick.objects.filter(name=name).update(
        due_at=at + every, ran_at=at, seconds=round(seconds, 3), error=error
    )


def give_sign_of_life(*, at: datetime) -> None:
    """The worker lives: /readyz and the jobs page say how long ago."""
    Tick.objects.filter(name=queries.WORKER).update(ran_at=at)


def held(job: Claimed) -> Any:
    """The row, as long as it is this worker's."""
    return Job.objects.filter(pk=job.id, state="running", attempts=job.attempt)


def hold(*, at: datetime) -> None:
    """Let nothing leave the installation until `release`: a restored database would send again what was sent since."""
    Hold.objects.get_or_create(pk=1, defaults={"since": at})


def release(*, at: datetime) -> bool:
    """Let mails, webhooks and jobs go again; whether they were held."""
    was_held = bool(Hold.objects.all().delete()[0])
    if was_held:
        wake_for_due(at)
    return was_held


def save_view(of: str, *, name: str, query: str, scope: str, team: int | None, at: datetime, by: int) -> int:
    """Keep what a list shows under a name, for oneself, one's team or all; its id."""
    return SavedView.objects.create(
        list=of, name=name, query=query, scope=scope, team=team, owner=by, changed_at=at
    ).pk


def change_view(
    view: int, *, name: str, query: str, scope: str, team: int | None, at: datetime, by: int
) -> bool:
    """Let a view mean what its list shows now; False where it is somebody else's."""
    return bool(_own(view, by).update(name=name, query=query, scope=scope, team=team, changed_at=at))


def remove_view(view: int, *, at: datetime, by: int) -> bool:
    """Offer a view to nobody any more; False where it is somebody else's."""
    return bool(_own(view, by).update(removed_at=at))


def restore_view(view: int, *, at: datetime, by: int) -> bool:
    """Offer a removed view again."""
    return bool(SavedView.objects.filter(pk=view, owner=by).update(removed_at=None, changed_at=at))


def open_with(view: int | None, *, of: str, by: int) -> None:
    """Let a list open with a view for this user, or as it comes."""
    if view is None:
        UsualView.objects.filter(user=by, list=of).delete()
    else:
        UsualView.objects.update_or_create(user=by, list=of, defaults={"view_id": view})


def pin_view(view: int, *, by: int) -> None:
    """Show a view of a list in front of the others to this user."""
    PinnedView.objects.get_or_create(user=by, view_id=view)


def unpin_view(view: int, *, by: int) -> None:
    """Show it among the others again."""
    PinnedView.objects.filter(user=by, view=view).delete()


def _own(view: int, by: int) -> Any:
    return SavedView.objects.filter(pk=view, owner=by, removed_at=None)
