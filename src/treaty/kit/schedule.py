"""What a recurring piece of work is, and how the worker runs it: claimed first, so that several workers do it once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

import structlog
from django.utils import timezone
from django_stubs_ext import StrPromise

from treaty.kit import commands, logs

log = structlog.get_logger("treaty.schedule")


@dataclass(frozen=True)
class Recurring:
    """A name, how often, and what to run; `run` takes the time and must bear being run twice or late."""

    name: str
    """What its row and its figures are called; never changed."""
    every: timedelta
    run: Callable[[datetime], object]
    title: StrPromise | str = ""
    """What people read."""


def recurring() -> tuple[Recurring, ...]:
    """What the root has written on its page of recurring work; named, not imported: it stands above the kit."""
    works: tuple[Recurring, ...] = import_module("treaty.schedule").RECURRING
    return works


def run_if_due(work: Recurring) -> bool:
    """Runs the work if it is due and no other worker took it."""
    if not commands.claim_tick(work.name, every=work.every, at=timezone.now()):
        return False
    run_now(work)
    return True


def run_now(work: Recurring) -> None:
    """Runs the work; an error is kept where people look, and the next turn tries again."""
    started, at, error = time.perf_counter(), timezone.now(), ""
    try:
        work.run(at)
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
        log.error("recurring work failed", work=work.name, **logs.place(failure))
    commands.record_tick(
        work.name, every=work.every, at=at, seconds=time.perf_counter() - started, error=error
    )


def run_all(works: Sequence[Recurring]) -> None:
    """Every one of them, once, due or not."""
    for work in works:
        run_now(work)
