"""Recurring work: done once for each turn, whoever looks; its errors are seen."""

from datetime import datetime, timedelta

import pytest
import time_machine

from treaty.kit import commands, queries, schedule
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
