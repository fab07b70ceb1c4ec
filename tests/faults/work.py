"""What an installation is busy with when something happens to it: an import, buyers who report, a worker in a hurry."""

import csv
import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.faults.conftest import House
from tests.faults.killing import end
from treaty.kit.tests.installation import as_json, free_port, until

PERSONS, FEWER = 12_000, 6_000
"""Two transactions of an import, and one."""
CALLS, TOUCHES = 30, 4
LEADS, SPREAD = 24, 6.0
HASTY = """
import django; django.setup()
from datetime import timedelta
from treaty.kit import commands, jobs, worker
commands.DEAD_AFTER, jobs.BEAT_SECONDS = timedelta(seconds=5), 0.5
worker.work_until_stopped()
"""
"""A worker that takes over a dead one's jobs sooner than a company needs."""


def persons_file(folder: Path, name: str, persons: int = PERSONS) -> Path:
    """Persons with three identities, a company and a tag each."""
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "email", "phone", "company", "tags", "stage"])
        for n in range(persons):
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
        while True:
            try:
                self.say(numbers)
                return
            except (URLError, OSError, http.client.HTTPException) as error:
                if getattr(error, "code", 0) in range(400, 500):
                    self.refused.append(str(error))
                    return
                time.sleep(0.1)

    def say(self, numbers: Sequence[int]) -> None:
        """One call; raises what the server says against it."""
        body = json.dumps({"touchpoints": [self.touch(n) for n in numbers]}).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        urlopen(Request(self.url, body, headers), timeout=30).close()  # noqa: S310  our own address

    def await_an_answer(self, is_up: Callable[[], bool] = lambda: True) -> None:
        """Returns when one more call was answered; `is_up` keeps up who answers."""
        seen = self.answered
        until(lambda: is_up() and self.answered > seen)

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


class Day:
    """A day at work that goes on through whatever happens: nobody starts a process anew, and in the end all is done."""

    def __init__(self, house: House, prefix: str, folder: Path) -> None:
        self.house, self.prefix, self.port = house, prefix, free_port()
        path = persons_file(folder, prefix, FEWER)
        self.web = house.place.treaty("serve", "--port", str(self.port))
        self.buyers = Buyers(self.port, house.key, f"{prefix}-web")
        self.buyers.thread.start()
        self.buyers.await_an_answer()
        house.ask(f"offer_leads({prefix + '-sweep'!r}, {LEADS}, {SPREAD})")
        self.job = house.ask(f"ask_for_import({str(path)!r})")
        self.worker = house.place.start("-c", HASTY)
        until(lambda: house.ask(f"state_of({self.job})")["attempts"])

    def refusal(self) -> str:
        """What a program is told that reports just now, from when on it is refused."""
        asked = Buyers(self.port, self.house.key, f"{self.prefix}-probe")

        def refused() -> tuple[int, str | None, str] | None:
            asked.calls += 1
            try:
                asked.say([asked.calls])
            except HTTPError as error:
                return error.code, error.headers["Retry-After"], str(json.load(error)["detail"])
            return None

        status, again, said = until(refused)
        assert (status, again) == (503, "5"), said
        return str(said)

    def end(self) -> None:
        """Waits until everything is done that was begun, by the processes that were there in the morning."""
        until(lambda: self.house.ask(f"state_of({self.job})")["state"] == "done")
        self.buyers.may_end.set()
        self.buyers.thread.join()
        until(lambda: self.house.ask("open_clocks()") == 0)
        assert (self.web.poll(), self.worker.poll()) == (None, None)
        end(self.worker)
        end(self.web)

    def assert_nothing_is_lost_or_doubled(self) -> None:
        """Each person, touch and broken promise is there once, and every table is what the ledger says."""
        assert self.buyers.refused == []
        number = self.buyers.calls * TOUCHES
        found = self.house.ask(f"written({self.buyers.prefix!r}, {number})")
        assert found == {"times": {str(n): 1 for n in range(number)}, "persons": number, "offers": number}
        imported = self.house.ask(f"imported({self.prefix!r})")
        assert imported == {"persons": FEWER, "added": FEWER}
        promises = self.house.ask(f"broken({self.prefix + '-sweep'!r})")
        assert len(promises["wanted"]) >= LEADS
        assert promises["facts"] == promises["verdicts"] == promises["wanted"]
        assert self.house.differences() == {}
        checked = self.house.place.run("lake", "rebuild", "--check", "--json")
        assert as_json(checked.stdout)["differences"] == 0, checked.stdout + checked.stderr
