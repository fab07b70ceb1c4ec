"""Four workers at one queue on PostgreSQL, two of them killed: each job is done, each promise breaks, nothing twice."""

import csv
import os
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import House
from tests.faults.killing import end, kill_one_day
from tests.faults.work import HASTY, LEADS, SPREAD
from treaty.kit.tests.installation import until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="many workers need PostgreSQL"),
]

WORKERS, KILLED = 4, 2
JOBS, ROWS = 300, 4
# Five processes share the cores here: who is late with a sign of life is not dead yet.
PATIENT = HASTY.replace("seconds=5", "seconds=15")
CONNECTIONS = 12
"""What one worker may hold, so that four of them and the web fit into PostgreSQL's own 100."""


def small_files(folder: Path, prefix: str) -> Path:
    """Hundreds of files with a few persons each."""
    folder.mkdir()
    for job in range(JOBS):
        with (folder / f"{job:03d}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["name", "email"])
            writer.writerows([f"P {job} {n}", f"{prefix}{job}x{n}@example.com"] for n in range(ROWS))
    return folder


def test_hundreds_of_jobs_are_done_once_though_two_of_four_workers_are_killed(
    house: House, tmp_path: Path, turn: int, chance: Random
) -> None:
    prefix = f"crew{turn}"
    jobs: list[int] = house.ask(
        f"ask_for_imports({str(small_files(tmp_path / 'in', prefix))!r}, 'hal@example.com')"
    )
    house.ask(f"offer_leads({prefix + '-sweep'!r}, {LEADS}, {SPREAD})")
    ends = partial(house.ask, f"ends_of({jobs[0]}, {jobs[-1]})")
    workers = [house.place.start("-c", PATIENT) for _ in range(WORKERS)]
    until(lambda: ends()["states"].get("done", 0) > JOBS // 10)
    held = house.ask("connections()")
    for worker in chance.sample(workers, KILLED):
        kill_one_day(worker, chance, within=3)
    assert ends()["states"] != {"done": JOBS}, "the workers were killed when all was done"
    until(lambda: ends()["states"] == {"done": JOBS} and house.ask("open_clocks()") == 0)
    for worker in workers:
        end(worker)
    found = ends()
    assert found["told"] == {"1": JOBS}
    # Whoever dies had one job in hand in its one process; the machine gave each the next.
    assert found["again"] <= KILLED
    assert house.ask(f"imported({prefix!r})") == {"persons": JOBS * ROWS, "added": JOBS * ROWS}
    promises = house.ask(f"broken({prefix + '-sweep'!r})")
    assert len(promises["wanted"]) >= LEADS
    assert promises["facts"] == promises["verdicts"] == promises["wanted"]
    assert house.differences() == {}
    assert held <= WORKERS * CONNECTIONS
