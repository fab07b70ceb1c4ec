"""Eight who write and a report that takes as long on one SQLite file: everybody waits a little, nobody is turned away."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import ROUNDS, House
from treaty.kit.tests.installation import Installation, installation

WRITERS, SECONDS, WAIT = 8, 300, 20.0
"""The patience of a writer is the engine's own (docs/decisions/0003)."""

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="only SQLite has one writer at a time"),
    pytest.mark.skipif(ROUNDS < 20, reason="five minutes of writing belong to `make faults`"),
]


def test_eight_writers_and_a_long_report_see_no_lock_for_five_minutes(tmp_path: Path) -> None:
    with installation(tmp_path, TREATY_WORKERS="1") as place:
        place.warm_up()
        house = House(place)
        end = time.time() + SECONDS
        worker = place.treaty("work")
        calls = [f"write_until({end}, {number})" for number in range(WRITERS)]
        told = outputs(place, [*calls, f"report_until({end})"])
        *written, rows = told
        print(written, rows)
        assert all(one["longest"] < WAIT and sum(one["done"].values()) > 0 for one in written)
        assert rows > 0
        assert "locked" not in place.logs()
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait() == 0
        assert house.differences() == {}


def outputs(place: Installation, calls: list[str]) -> list[Any]:
    """What functions of writers.py print that run at the same time, each in a process of its own."""
    first = len(place.running)
    started = [
        place.start("-c", f"import django; django.setup()\nfrom tests.faults.writers import *\n{call}")
        for call in calls
    ]
    assert [process.wait() for process in started] == [0] * len(calls), place.logs()
    logs = [place.home / f"log-{number}.txt" for number in range(first, first + len(calls))]
    return [json.loads(log.read_text().splitlines()[-1]) for log in logs]
