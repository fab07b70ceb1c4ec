"""Recurring work: done once for each turn, whoever looks; its errors are seen."""

from datetime import datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import OperationalError
from structlog.testing import capture_logs

from treaty.kit import commands, queries, schedule, worker
from treaty.kit.schedule import Recurring
from treaty.kit.tests.factories import AT

pytestmark = pytest.mark.django_db
EVERY = timedelta(seconds=15)


def counted(runs: list[datetime]) -> Recurring:
    commands.prepare_ticks({"count": EVERY}, at=AT)
    return Recurring("count", EVERY, runs.append)


def test_due_work_is_done_once_and_again_when_its_time_has_passed() -> None:
    runs: list[datetime] = []
    work = counted(runs)
    with time_machine.travel(AT, tick=False) as clock:
        assert schedule.run_if_due(work)
        assert not schedule.run_if_due(work)
        clock.shift(15)
        assert schedule.run_if_due(work)
    assert runs == [AT, AT + EVERY]


def test_of_two_workers_one_gets_the_turn() -> None:
    counted([])
    assert [commands.claim_tick("count", every=EVERY, at=AT) for _ in range(2)] == [True, False]


def test_an_error_is_kept_and_the_next_turn_tries_again() -> None:
    def break_down(_at: datetime) -> None:
        raise ValueError("no route")

    commands.prepare_ticks({"breaks": EVERY}, at=AT)
    schedule.run_if_due(Recurring("breaks", EVERY, break_down))
    assert queries.ticks()[0].error == "ValueError: no route"
    schedule.run_now(Recurring("breaks", EVERY, lambda _at: None))
    assert queries.ticks()[0].error == ""


def test_work_that_is_no_longer_scheduled_is_forgotten() -> None:
    commands.prepare_ticks({"old": EVERY, "kept": EVERY}, at=AT)
    commands.prepare_ticks({"kept": EVERY, "new": EVERY}, at=AT)
    assert [tick.name for tick in queries.ticks()] == ["kept", "new"]


def test_every_name_on_the_page_of_recurring_work_is_unique() -> None:
    names = [work.name for work in schedule.recurring()]
    assert len(names) == len(set(names))
    assert (
        max(work.every for work in schedule.recurring() if "clock" in work.name or "mail: del" in work.name)
        <= EVERY
    )


def test_what_is_due_is_asked_for_all_at_once() -> None:
    commands.prepare_ticks({"due": EVERY, "later": EVERY}, at=AT)
    assert commands.claim_tick("later", every=EVERY, at=AT)
    with time_machine.travel(AT, tick=False):
        assert worker.Look(0.5).due() - {queries.WORKER} == {"due"}
    assert queries.worker_beat() == AT


def test_a_database_that_is_away_is_asked_less_often_and_told_of_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Closed:
        def close(self) -> None:
            """The test keeps its connection."""

    def away(_at: datetime) -> set[str]:
        raise OperationalError

    look = worker.Look(0.5)
    with monkeypatch.context() as patched, capture_logs() as lines:
        patched.setattr(worker, "connection", Closed())
        patched.setattr(queries, "due_ticks", away)
        assert (look.due(), look.due(), look.pause) == (set(), set(), worker.BEAT_SECONDS)
    assert [line["event"] for line in lines] == ["the worker waits for the database"]
    with capture_logs() as lines:
        look.due()
    assert ([line["event"] for line in lines], look.pause) == (["the database answers again"], 0.5)


def test_a_worker_waits_for_a_database_that_is_away_when_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def close(self) -> None:
            """The test keeps its connection."""

    def away(_works: object) -> None:
        raise OperationalError from psycopg.OperationalError("nobody listens")

    with monkeypatch.context() as patched:
        patched.setattr(worker, "connection", Closed())
        patched.setattr(worker, "prepare", away)
        assert not worker.is_prepared(())
    assert worker.is_prepared(())


def test_a_lane_runs_its_work_when_it_is_called_and_ends_when_it_is_told() -> None:
    ran: list[str] = []

    class Work:
        name = "count"

    def due(work: Recurring) -> bool:
        ran.append(work.name)
        return True

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(worker, "run_if_due", due)
        lane = worker.Lane(Work())  # type: ignore[arg-type]
        lane.called.set()
        while not ran:
            pass
        lane.end()
    assert ran == ["count"]
    assert not lane.thread.is_alive()
