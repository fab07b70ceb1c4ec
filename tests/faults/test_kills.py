"""Web and worker are killed at random moments: what was acknowledged is there, and nothing is there twice."""

import csv
import http.client
import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.faults.conftest import House
from tests.faults.killing import end, kill_one_day
from treaty.kit.tests.installation import as_json, free_port, until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

PERSONS = 12_000
"""Two transactions of an import."""
CALLS, TOUCHES, KILLS = 30, 4, 3
LEADS, SPREAD = 24, 6.0
HASTY = """
import django; django.setup()
from datetime import timedelta
from treaty.kit import commands, jobs, worker
commands.DEAD_AFTER, jobs.BEAT_SECONDS = timedelta(seconds=5), 0.5
worker.work_until_stopped()
"""
"""A worker that takes over a dead one's jobs sooner than a company needs."""


def persons_file(folder: Path, name: str) -> Path:
    """Persons with three identities, a company and a tag each."""
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "email", "phone", "company", "tags", "stage"])
        for n in range(PERSONS):
            phone = f"+49{len(name)}{sum(name.encode()):04d}{n:06d}"
            writer.writerow(
                [f"{name}{n}", f"P {n}", f"{name}{n}@example.com", phone, f"{name} {n % 100}", "in", "lead"]
            )
    return path


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """How many rows each table gained."""
    return {
        table: after[table] - before.get(table, 0) for table in after if after[table] != before.get(table, 0)
    }


@pytest.fixture
def undisturbed(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What an import brings that nobody disturbs; tried once in each house."""
    if not house.calm:
        before = house.ask("counts()")
        path = persons_file(tmp_path_factory.mktemp("calm"), "calm")
        done = house.place.run("import", "persons", str(path), "--json")
        assert as_json(done.stdout)["new"] == PERSONS, done.stderr
        house.calm = grown(before, house.ask("counts()"))
    return house.calm


def import_until_done_by_command(house: House, path: Path, chance: Random) -> None:
    """Killed twice, then let be."""
    for _ in range(2):
        process = house.place.treaty("import", "persons", str(path), "--json")
        kill_one_day(process, chance, within=7)
    done = house.place.run("import", "persons", str(path), "--json")
    counts = as_json(done.stdout)
    assert counts["new"] + counts["unchanged"] == PERSONS, counts


def import_until_done_by_job(house: House, path: Path, chance: Random) -> None:
    """The worker is killed twice; the third does what is left."""
    job = house.ask(f"ask_for_import({str(path)!r})")
    worker = house.place.start("-c", HASTY)
    for _ in range(2):
        if kill_one_day(worker, chance, within=7):
            worker = house.place.start("-c", HASTY)
    until(lambda: house.ask(f"state_of({job})")["state"] == "done")
    end(worker)


def test_an_import_that_is_killed_and_run_again_brings_each_person_once(
    house: House, undisturbed: dict[str, int], tmp_path: Path, turn: int, chance: Random
) -> None:
    before = house.ask("counts()")
    path = persons_file(tmp_path, f"torn{turn}")
    (import_until_done_by_command, import_until_done_by_job)[turn % 2](house, path, chance)
    assert grown(before, house.ask("counts()")) == undisturbed
    again = house.place.run("import", "persons", str(path), "--json")
    assert as_json(again.stdout)["unchanged"] == PERSONS, again.stderr
    assert house.differences() == {}


class Buyers:
    """A site that reports what buyers do, and says it again until it is answered."""

    def __init__(self, port: int, key: str, prefix: str) -> None:
        self.url, self.key, self.prefix = f"http://127.0.0.1:{port}/api/touchpoints", key, prefix
        self.calls = self.answered = 0
        self.may_end = threading.Event()
        self.thread = threading.Thread(target=self.report, daemon=True)
        self.refused: list[str] = []

    def report(self) -> None:
        """Touches, a few at a time; every third call is sent twice, as impatient programs do.

        At least CALLS, and on a fast machine a few more until the last kill, so that each meets somebody who reports.
        """
        while self.calls < CALLS or not self.may_end.wait(0.1):
            numbers = range(self.calls * TOUCHES, (self.calls + 1) * TOUCHES)
            for _ in range(1 + (self.calls % 3 == 0)):
                self.until_answered(numbers)
                self.answered += 1
            self.calls += 1

    def until_answered(self, numbers: Sequence[int]) -> None:
        """Says one call again until it is answered."""
        body = json.dumps({"touchpoints": [self.touch(n) for n in numbers]}).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        while True:
            try:
                with urlopen(Request(self.url, body, headers), timeout=30):  # noqa: S310  our own address
                    return
            except (URLError, OSError, http.client.HTTPException) as error:
                if getattr(error, "code", 0) in range(400, 500):
                    self.refused.append(str(error))
                    return
                time.sleep(0.1)

    def await_an_answer(self) -> None:
        """Returns when one more call was answered."""
        seen = self.answered
        until(lambda: self.answered > seen)

    def touch(self, n: int) -> dict[str, Any]:
        """A form of a buyer nobody knew."""
        person = {"email": f"{self.prefix}-{n}@example.com", "name": f"Buyer {n}"}
        values = {"form": "ask-for-a-price", "page": "/pricing"}
        return {
            "kind": "FormSubmitted",
            "person": person,
            "values": values,
            "source_key": f"{self.prefix}-{n}",
            "text": "How much?",
        }


def test_touches_told_to_a_web_server_that_is_killed_are_there_once(
    house: House, turn: int, chance: Random
) -> None:
    prefix, port = f"web{turn}", free_port()
    command = ("serve", "--port", str(port))
    web = house.place.treaty(*command)
    buyers = Buyers(port, house.key, prefix)
    buyers.thread.start()
    buyers.await_an_answer()
    for _ in range(KILLS):
        if kill_one_day(web, chance, within=1.5):
            web = house.place.treaty(*command)
            buyers.await_an_answer()
    buyers.may_end.set()
    buyers.thread.join()
    end(web)
    assert buyers.refused == []
    number = buyers.calls * TOUCHES
    found = house.ask(f"written({prefix!r}, {number})")
    assert found == {"times": {str(n): 1 for n in range(number)}, "persons": number, "offers": number}
    until(house.has_settled)
    assert house.differences() == {}


def test_each_due_promise_breaks_once_though_the_worker_is_killed(
    house: House, turn: int, chance: Random
) -> None:
    prefix = f"sweep{turn}"
    house.ask(f"offer_leads({prefix!r}, {LEADS}, {SPREAD})")
    worker = house.place.treaty("work")
    for _ in range(3):
        if kill_one_day(worker, chance, within=6):
            worker = house.place.treaty("work")
    until(lambda: house.ask("open_clocks()") == 0)
    end(worker)
    found = house.ask(f"broken({prefix!r})")
    assert len(found["wanted"]) >= LEADS
    assert found["facts"] == found["wanted"]
    assert found["verdicts"] == found["wanted"]
    assert house.differences() == {}
