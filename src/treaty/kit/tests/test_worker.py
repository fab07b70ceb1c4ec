"""The worker as real processes: it does jobs, ends when asked, and loses nothing when it is killed."""

import os
import signal
from pathlib import Path

import pytest

from treaty.kit.tests.installation import SECONDS, Installation, installation, until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

SLOW = """
import os, sys, time, pathlib
import django; django.setup()
from treaty.kit import jobs, worker, commands
from datetime import timedelta
commands.DEAD_AFTER = timedelta(seconds=float(os.environ["DEAD_AFTER"]))
jobs.BEAT_SECONDS = 0.2

@jobs.job("slow")
def slow(progress, *, file, seconds):
    pathlib.Path(file).open("a").write(f"{os.getpid()}\\n")
    if len(pathlib.Path(file).read_text().split()) == 1:
        time.sleep(seconds)
    return "done"

worker.work_until_stopped()
"""

ASK = 'from treaty.kit import jobs; print(jobs.start("slow", "Slow", {{"file": "{file}", "seconds": {seconds}}}, by=None))'
STATE = "from treaty.kit.models import Job; print(*Job.objects.order_by('id').values_list('state', 'attempts').first())"


def started(place: Installation, seconds: float) -> tuple[Path, int]:
    """A worker in the middle of a job: the job's file, and the id of the process that does it."""
    file = place.home / "ran.txt"
    place.python(ASK.format(file=file, seconds=seconds))
    place.start("-c", SLOW)
    return file, int(until(lambda: file.exists() and file.read_text().split())[0])


def exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"


def test_a_job_is_done_again_when_the_process_that_did_it_is_killed(tmp_path: Path) -> None:
    with installation(tmp_path, DEAD_AFTER="2", TREATY_WORKERS="1") as place:
        place.warm_up()
        file, process = started(place, seconds=600)
        os.kill(process, signal.SIGKILL)
        until(lambda: place.python(STATE) == "done 2")
        assert len(file.read_text().split()) == 2


def test_an_idle_process_that_is_killed_stops_neither_the_others_nor_the_end(tmp_path: Path) -> None:
    with installation(tmp_path, DEAD_AFTER="2", TREATY_WORKERS="2") as place:
        place.warm_up()
        file, process = started(place, seconds=0)
        until(lambda: place.python(STATE) == "done 1")
        os.kill(process, signal.SIGKILL)  # it waits for its next job now, and holds the queue's lock
        place.python(ASK.format(file=file, seconds=0))
        until(lambda: len(file.read_text().split()) == 2)
        [worker] = place.running
        worker.terminate()
        assert worker.wait(SECONDS) == 0


def test_a_job_is_done_by_another_worker_when_all_processes_of_the_first_are_killed(tmp_path: Path) -> None:
    with installation(tmp_path, DEAD_AFTER="2", TREATY_WORKERS="1") as place:
        place.warm_up()
        _file, process = started(place, seconds=600)
        first = place.running[0]
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        until(lambda: not exists(process))
        place.start("-c", SLOW)
        until(lambda: place.python(STATE) == "done 2")


def test_a_worker_that_is_asked_to_stop_ends_its_job_first(tmp_path: Path) -> None:
    with installation(tmp_path, DEAD_AFTER="60", TREATY_WORKERS="1") as place:
        started(place, seconds=2)
        place.running[0].send_signal(signal.SIGTERM)
        assert place.running[0].wait(SECONDS) == 0
        assert place.python(STATE) == "done 1"
