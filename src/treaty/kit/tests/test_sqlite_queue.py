"""The queue of those who write to one SQLite file."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import Thread

import pytest

from treaty.kit.sqlite.queue import Place
from treaty.kit.tests.installation import until

LONG = 60.0
"""Seconds that nothing here takes."""
HOLDS = """
import sys, time
from treaty.kit.sqlite.queue import Place
place = Place(sys.argv[1])
print(place.take(60), flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[], Place]]:
    """Makes places in one queue."""
    with ExitStack() as made:
        yield lambda: made.enter_context(closing(Place(str(tmp_path / "few.sqlite3"))))


def has_head(database: Path) -> bool:
    """Whether somebody waits for the turn."""
    with Path(f"{database}-queue").open() as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_one_at_a_time_has_the_turn(place: Callable[[], Place]) -> None:
    first, second = place(), place()
    assert first.take(LONG)
    assert not second.take(0.01)
    first.leave()
    assert second.take(LONG)


def test_who_gives_the_turn_up_and_wants_it_again_comes_after_who_waits(
    place: Callable[[], Place], tmp_path: Path
) -> None:
    greedy, patient, order = place(), place(), list[str]()

    def wait() -> None:
        patient.take(LONG)
        order.append("patient")
        patient.leave()

    assert greedy.take(LONG)
    other = Thread(target=wait)
    other.start()
    until(lambda: has_head(tmp_path / "few.sqlite3"))
    greedy.leave()
    assert greedy.take(LONG)
    order.append("greedy")
    other.join()
    assert order == ["patient", "greedy"]


def test_a_process_that_is_killed_leaves_the_queue(place: Callable[[], Place], tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path / "few.sqlite3")], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not place().take(0)
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert place().take(LONG)


def test_a_child_has_no_part_in_its_parent_s_turn(place: Callable[[], Place]) -> None:
    mine, other = place(), place()
    assert mine.take(LONG)
    child = os.fork()
    if not child:  # pragma: no cover  nothing reports from here
        os._exit(mine.is_open)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not other.take(0)
    mine.leave()
    assert other.take(0)
