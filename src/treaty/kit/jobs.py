"""Long work: nouns register functions by name, people start them, the worker runs them.

    @job("import_persons", attempts=1)
    def import_persons(progress: Progress, *, file: str) -> dict[str, int]:
        for number, chunk in enumerate(chunks):
            progress.check()
            ...
            progress.advance(number, total)

A job may run again after its worker died: it must be idempotent. What it returns is kept as its result.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.db import Error, connection, transaction
from django.utils import timezone

from treaty.kit import commands, logs, nouns, outage
from treaty.kit.commands import MOST_ATTEMPTS, Claimed

BEAT_SECONDS = 5.0
SAVE_SECONDS = 0.5

log = structlog.get_logger("treaty.jobs")


class Cancelled(Exception):
    """Somebody asked the job to stop."""


class Refused(Exception):
    """The job cannot be done, and trying again would not help; the text says why, for people."""


class Lost(Exception):
    """The job was taken from this worker, because it seemed dead: another one does it."""


class Progress:
    """How a job tells how far it is, and asks whether it should stop. Call it outside of long transactions."""

    def __init__(self, job: Claimed) -> None:
        self.job = job
        self.saved = 0.0

    def advance(self, done: int, total: int | None = None) -> None:
        """So many of so many pieces are done; written twice a second at most, and always at the end."""
        now = time.perf_counter()
        if now - self.saved < SAVE_SECONDS and done != total:
            return
        self.saved = now
        if not commands.report_progress(self.job, done=done, total=total, at=timezone.now()):
            raise Lost

    def reached(self, done: int, total: int | None = None) -> None:
        """So many are done; who stops here has told of them all. Raises Cancelled as `check` does."""
        if commands.is_cancelled(self.job):
            commands.report_progress(self.job, done=done, total=total, at=timezone.now())
            raise Cancelled
        self.advance(done, total)

    def check(self) -> None:
        """Raises Cancelled when somebody asked the job to stop."""
        if commands.is_cancelled(self.job):
            raise Cancelled


Work = Callable[..., Any]
Ended = Callable[[Claimed, str, str], None]
"""Called with the job, the state it came to, and the reason when it is dead."""


@dataclass(frozen=True)
class Kind:
    """A registered function, and how often it is tried when it breaks."""

    work: Work
    attempts: int


KINDS: dict[str, Kind] = {}
LISTENERS: list[Ended] = []


def job(name: str, *, attempts: int = MOST_ATTEMPTS) -> Callable[[Work], Work]:
    """Registers a function of a noun's jobs.py under a name that stays."""

    def register(work: Work) -> Work:
        KINDS[name] = Kind(work, attempts)
        return work

    return register


def when_ended(listener: Ended) -> None:
    """Names who is told that a job of somebody came to its end: done, dead or cancelled."""
    if listener not in LISTENERS:
        LISTENERS.append(listener)


def start(name: str, title: str, arguments: Mapping[str, Any], *, by: int | None) -> int:
    """Asks for long work and returns the job's id; its progress is shown at /jobs/<id>/."""
    return commands.start_job(name, title=title, arguments=arguments, at=timezone.now(), by=by)


def run_next() -> bool:
    """Does the oldest waiting job in this process; False when there is none."""
    claimed = commands.claim_job(at=timezone.now())
    if claimed is None:
        return False
    log.info("job began", job=claimed.id, name=claimed.name, attempt=claimed.attempt)
    state, _reason = run(claimed)
    log.info("job ended", job=claimed.id, name=claimed.name, state=state)
    return True


def run(claimed: Claimed) -> tuple[str, str]:
    """Does one claimed job and keeps its end; returns the state it came to (or `lost`), and why it failed."""
    kind = kind_of(claimed.name)
    try:
        with Beat(claimed):
            result = kind.work(Progress(claimed), **claimed.arguments)
    except Cancelled:
        return ended(claimed, "cancelled", commands.stop_job)
    except Lost:
        return "lost", ""
    except Refused as refusal:
        return failed(claimed, str(refusal), attempts=0)
    except Exception as error:
        if (why := outage.cause(error)) in {outage.AWAY, outage.FULL}:
            # As if the worker had died: it is taken back when the database hears of it again.
            log.warning("job is left where it is", job=claimed.id, name=claimed.name, why=why)
            return "lost", ""
        log.error("job broke", job=claimed.id, name=claimed.name, **logs.place(error))
        return failed(claimed, f"{type(error).__name__}: {error}", attempts=kind.attempts)
    return ended(claimed, "done", partial(commands.finish_job, result=result))


@transaction.atomic
def ended(claimed: Claimed, state: str, keep: Callable[..., bool], reason: str = "") -> tuple[str, str]:
    """Keeps the end of a job and tells it, both or neither; `lost` where the job is another worker's by now."""
    if not keep(claimed, at=timezone.now()):
        return "lost", ""
    for listener in LISTENERS:
        listener(claimed, state, reason)
    return state, reason


def failed(claimed: Claimed, reason: str, *, attempts: int) -> tuple[str, str]:
    """Dead, or waiting for its next attempt; and why."""
    keep = partial(commands.fail_job, reason=reason, attempts=attempts)
    if ended(claimed, "dead", keep, reason)[0] == "dead":
        return "dead", reason
    return "waiting", reason


def kind_of(name: str) -> Kind:
    """The registered function; the nouns' jobs are imported when the first is asked for."""
    if name not in KINDS:
        list(nouns.modules("jobs"))
        list(nouns.modules("bulk"))
    return KINDS.get(name) or Kind(unknown, 1)


def unknown(progress: Progress, **arguments: object) -> None:
    """Stands for a job of a noun that is gone."""
    raise Refused("This version of Treaty does not know this kind of job.")


class Beat:
    """Gives a sign of life every few seconds while a job runs, on a connection of its own."""

    def __init__(self, claimed: Claimed) -> None:
        self.claimed = claimed
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.go_on, name=f"beat of job {claimed.id}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def go_on(self) -> None:
        """Beats until the job is over; a database that is busy for a while hears the next beat."""
        while not self.over.wait(BEAT_SECONDS):
            try:
                commands.beat(self.claimed, at=timezone.now())
            except Error:
                log.warning("beat was not heard", job=self.claimed.id)
                connection.close()
        connection.close()
