"""Calls that come together are done together, each with its own result; none waits for one that never comes."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from django.db import transaction

from treaty.kit import group_commit
from treaty.kit.group_commit import Group, Interrupted, NotTogether


class Work:
    """What a group was asked to do: which numbers at once, and which by themselves."""

    def __init__(self) -> None:
        self.crews: list[set[int]] = []
        self.alone: list[int] = []
        self.refusal: BaseException | None = None
        self.group: Group[int, str] = Group(self.do_together, self.do_alone)

    def do_together(self, several: Sequence[int]) -> list[str]:
        self.crews.append(set(several))
        if self.refusal:
            raise self.refusal
        return [f"{one} together" for one in several]

    def do_alone(self, one: int) -> str:
        self.alone.append(one)
        return f"{one} alone"

    def call(self, one: int) -> str:
        with self.group.expected():
            return self.group.do(one)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lingers does so for longer than these tests take to see it."""
    monkeypatch.setattr(group_commit, "A_MOMENT", 0.2)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def crew(work: Work, threads: ThreadPoolExecutor, *calls: int) -> list[Future[str]]:
    """Calls that all sit before the one is gone that they wait for."""
    with work.group.expected():
        waiting = [threads.submit(work.call, one) for one in calls]
        while len(work.group._seats) < len(calls) and not any(one.done() for one in waiting):
            Event().wait(0.001)
    return waiting


def test_one_call_goes_alone(threads: ThreadPoolExecutor) -> None:
    work = Work()
    assert threads.submit(work.call, 1).result(5) == "1 alone"
    assert not work.crews


def test_calls_that_wait_for_one_another_are_done_at_once(threads: ThreadPoolExecutor) -> None:
    work = Work()
    done = [one.result(5) for one in crew(work, threads, 1, 2, 3)]
    assert done == ["1 together", "2 together", "3 together"]
    assert work.crews == [{1, 2, 3}]
    assert not work.alone


def test_what_cannot_be_done_at_once_is_done_one_by_one(threads: ThreadPoolExecutor) -> None:
    work = Work()
    work.refusal = NotTogether()
    done = [one.result(5) for one in crew(work, threads, 1, 2, 3)]
    assert done == ["1 alone", "2 alone", "3 alone"]
    assert sorted(work.alone) == [1, 2, 3]


def test_what_breaks_breaks_for_each_and_nothing_is_done_twice(threads: ThreadPoolExecutor) -> None:
    work = Work()
    work.refusal = OSError("the disk is full")
    for one in crew(work, threads, 1, 2):
        with pytest.raises(OSError, match="the disk is full"):
            one.result(5)
    assert not work.alone


def test_where_the_thread_that_does_it_is_ended_nothing_is_done_twice(threads: ThreadPoolExecutor) -> None:
    work = Work()
    work.refusal = SystemExit()
    errors = {type(one.exception(5)) for one in crew(work, threads, 1, 2, 3)}
    assert errors == {SystemExit, Interrupted}
    assert not work.alone


def test_a_call_within_its_own_keeps_nobody_waiting(threads: ThreadPoolExecutor) -> None:
    work = Work()

    def twice(one: int) -> str:
        with work.group.expected():
            with work.group.expected():
                pass
            return work.group.do(one)

    assert threads.submit(twice, 1).result(5) == "1 alone"
    assert threads.submit(work.call, 2).result(5) == "2 alone"


def test_a_call_that_goes_another_way_keeps_nobody_waiting(threads: ThreadPoolExecutor) -> None:
    work = Work()

    def refused() -> None:
        with work.group.expected():
            raise ValueError

    assert threads.submit(refused).exception(5) is not None
    assert [one.result(5) for one in crew(work, threads, 1)] == ["1 alone"]


def test_after_a_crew_one_call_waits_a_moment_for_others(threads: ThreadPoolExecutor) -> None:
    work = Work()
    for one in crew(work, threads, 1, 2):
        one.result(5)
    first = threads.submit(work.call, 3)
    while not work.group._seats:
        Event().wait(0.001)
    second = threads.submit(work.call, 4)
    assert {first.result(5), second.result(5)} == {"3 together", "4 together"}


def test_nobody_lingers_for_ever(threads: ThreadPoolExecutor) -> None:
    work = Work()
    for one in crew(work, threads, 1, 2):
        one.result(5)
    assert threads.submit(work.call, 3).result(5) == "3 alone"
    group_commit.A_MOMENT = 600  # restored by the fixture; after one that was alone nobody lingers
    assert threads.submit(work.call, 4).result(5) == "4 alone"


def test_who_was_not_expected_goes_alone() -> None:
    assert Work().group.do(1) == "1 alone"


@pytest.mark.django_db
def test_within_a_transaction_a_call_goes_alone_and_keeps_nobody_waiting(threads: ThreadPoolExecutor) -> None:
    work = Work()
    with transaction.atomic(), work.group.expected():
        assert work.group.do(1) == "1 alone"
        assert threads.submit(work.call, 2).result(5) == "2 alone"  # before that transaction ends


def test_many_calls_of_many_threads_all_come_through() -> None:
    work = Work()
    with ThreadPoolExecutor(8) as many:
        done = list(many.map(work.call, range(2_000)))
    assert [text.split()[0] for text in done] == [str(number) for number in range(2_000)]
    together = [one for one_crew in work.crews for one in one_crew]
    assert sorted(together + work.alone) == list(range(2_000))
