"""Long work: what is asked for is done once, tried again when it breaks, taken back from the dead."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django_q.models import OrmQ

from treaty.kit import commands, jobs, queries
from treaty.kit.queries import JobView
from treaty.kit.tests.factories import AT, Ran, asked

pytestmark = pytest.mark.django_db


def seen(job_id: int, at: datetime = AT) -> JobView:
    found = queries.job(job_id, at)
    assert found is not None
    return found


def test_a_job_is_done_with_its_arguments_and_keeps_its_result() -> None:
    Ran.calls.clear()
    job_id = asked(pieces=4)
    assert seen(job_id).state == "waiting"
    assert jobs.run_next()
    done = seen(job_id)
    assert (done.state, done.result, done.done, done.total, done.percent) == (
        "done",
        {"counted": 4},
        4,
        4,
        100,
    )
    assert Ran.calls == [{"pieces": 4}]
    assert not jobs.run_next()


def test_asking_and_waking_the_worker_are_one_transaction() -> None:
    with transaction.atomic():
        asked()
        transaction.set_rollback(True)
    assert not queries.running_jobs(AT)
    assert OrmQ.objects.count() == 0


def test_the_oldest_job_is_done_first() -> None:
    first, second = asked(), asked()
    jobs.run_next()
    assert (seen(first).state, seen(second).state) == ("done", "waiting")


def test_a_job_is_claimed_by_one_worker_only() -> None:
    asked()
    assert commands.claim_job(at=AT) is not None
    assert commands.claim_job(at=AT) is None


def test_a_job_that_breaks_is_tried_again_after_5_and_20_seconds_and_then_is_dead() -> None:
    job_id = asked("test_breaks", text="the disk is full")
    with time_machine.travel(AT, tick=False) as clock:
        jobs.run_next()
        assert (seen(job_id).state, seen(job_id).next_try_at) == ("waiting", AT + timedelta(seconds=5))
        assert not jobs.run_next()
        clock.shift(5)
        jobs.run_next()
        assert seen(job_id).next_try_at == AT + timedelta(seconds=25)
        clock.shift(20)
        jobs.run_next()
    dead = queries.dead_jobs(AT)[0]
    assert (dead.id, dead.error, dead.attempts) == (job_id, "ValueError: the disk is full", 3)
    assert dead.arguments == {"text": "the disk is full"}


def test_what_can_not_be_done_is_dead_at_once_with_its_reason() -> None:
    job_id = jobs.start("test_refuses", "Refuses", {}, by=None)
    jobs.run_next()
    assert (seen(job_id).state, seen(job_id).error) == ("dead", "The file has no head line.")


def test_a_job_of_an_unknown_kind_is_dead_with_a_reason() -> None:
    job_id = jobs.start("of_a_noun_that_is_gone", "Gone", {}, by=None)
    jobs.run_next()
    assert "does not know this kind" in seen(job_id).error


def test_a_dead_job_can_be_tried_again_or_discarded_and_nothing_else_can() -> None:
    retried, discarded, waiting = (asked("test_breaks", text="x") for _ in range(3))
    for job_id in (retried, discarded):
        claimed = commands.claim_job(at=AT)
        assert claimed is not None
        assert claimed.id == job_id
        commands.fail_job(claimed, reason="x", attempts=0, at=AT)
    assert commands.retry_job(retried, at=AT, by=None)
    assert commands.discard_job(discarded, at=AT, by=None)
    assert (seen(retried).state, seen(retried).attempts, seen(discarded).state) == ("waiting", 0, "discarded")
    assert not commands.retry_job(waiting, at=AT, by=None)
    assert not commands.discard_job(waiting, at=AT, by=None)


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_step() -> None:
    waiting = asked()
    assert commands.cancel_job(waiting, at=AT, by=None)
    assert seen(waiting).state == "cancelled"
    running = asked()
    claimed = commands.claim_job(at=AT)
    assert claimed is not None
    assert commands.cancel_job(running, at=AT, by=None)
    assert seen(running).is_cancelling
    assert jobs.run(claimed) == ("cancelled", "")
    assert seen(running).state == "cancelled"


def test_a_job_whose_worker_gave_no_sign_for_a_minute_is_taken_back_and_a_living_one_is_not() -> None:
    job_id = asked()
    claimed = commands.claim_job(at=AT)
    assert claimed is not None
    commands.beat(claimed, at=AT + timedelta(seconds=30))
    commands.recover_jobs(AT + timedelta(seconds=89))
    assert seen(job_id).state == "running"
    commands.recover_jobs(AT + timedelta(seconds=91))
    assert (seen(job_id).state, seen(job_id).attempts) == ("waiting", 1)


def test_a_worker_that_lost_its_job_can_no_longer_write_it() -> None:
    asked()
    late = commands.claim_job(at=AT)
    commands.recover_jobs(AT + timedelta(seconds=61))
    again = commands.claim_job(at=AT + timedelta(seconds=61))
    assert late is not None
    assert again is not None
    assert again.attempt == 2
    with pytest.raises(jobs.Lost):
        jobs.Progress(late).advance(3, 3)
    with pytest.raises(jobs.Cancelled):
        jobs.Progress(late).check()
    assert not commands.finish_job(late, result=None, at=AT)
    assert commands.finish_job(again, result=None, at=AT)


def test_a_job_whose_workers_died_five_times_is_dead() -> None:
    job_id, at = asked(), AT
    for _ in range(5):
        assert commands.claim_job(at=at) is not None
        at += timedelta(seconds=61)
        commands.recover_jobs(at)
    assert (seen(job_id).state, seen(job_id).attempts) == ("dead", 5)


def test_tokens_that_a_killed_worker_took_are_put_in_again_but_never_more_than_are_missing() -> None:
    asked()
    OrmQ.objects.all().delete()
    commands.recover_jobs(AT)
    commands.recover_jobs(AT)
    assert OrmQ.objects.count() == 1


def test_jobs_long_ended_are_forgotten_and_dead_ones_stay() -> None:
    done, dead = asked(), jobs.start("test_refuses", "Refuses", {}, by=None)
    while jobs.run_next():
        pass
    commands.recover_jobs(AT + timedelta(days=31))
    assert queries.job(done, AT) is None
    assert queries.job(dead, AT) is not None


def test_rate_and_time_left_come_from_what_is_done() -> None:
    asked()
    claimed = commands.claim_job(at=AT)
    assert claimed is not None
    commands.report_progress(claimed, done=200, total=1000, at=AT)
    # 200 of 1,000 in 10 seconds: 20 a second, 800 left, 40 seconds.
    view = seen(claimed.id, AT + timedelta(seconds=10))
    assert (view.rate, view.left, view.percent) == (20.0, timedelta(seconds=40), 20)


def test_whoever_asked_hears_of_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, str, str]] = []
    monkeypatch.setattr(jobs, "LISTENERS", [lambda job, state, reason: heard.append((job.id, state, reason))])
    done, dead = asked(), jobs.start("test_refuses", "Refuses", {}, by=None)
    while jobs.run_next():
        pass
    assert heard == [(done, "done", ""), (dead, "dead", "The file has no head line.")]


def test_the_end_of_a_job_and_what_is_told_of_it_are_kept_both_or_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "LISTENERS", [interrupted])
    job_id = asked()
    with pytest.raises(KeyboardInterrupt):
        jobs.run_next()
    assert seen(job_id).state == "running"
