"""How long `treaty import persons` takes for a file of 12 columns, beside plain statements for the rows it leaves.

Run: .venv/bin/python benchmarks/imports.py [--rows 100000]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design, from the start of the command to its end: 15 seconds for 100,000 persons matched by mail address,
with three identities, a company, a tag and a touchpoint each; 180 for a million; 700 MB of memory for all its processes;
cost that does not grow with the rows before. Odoo 19 takes 971 persons a second on such a machine, without all that.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from installation import installation
from persons import seconds_of_plain_rows

LIMIT = {100_000: 15.0, 1_000_000: 180.0}
"""Seconds by rows; others by the row, as the smaller one."""
MEMORY = 700
ODOO = 971
"""Persons a second of Odoo 19 (threaded, PostgreSQL 15), measured on a machine of this kind."""
MOST_PLAIN = 200_000
"""Rows up to which plain statements are tried beside: they take as much memory as all rows together."""
HEADER = (
    "id",
    "given_name",
    "family_name",
    "email",
    "phone",
    "company",
    "title",
    "country",
    "city",
    "language",
    "channel",
    "tags",
)
GIVEN = "Anna Jan Maria Piotr Katarzyna Łukasz Małgorzata Emma Mia Noah Chloé José Lucía Haruto Yui Omar Layla Olga Wei"
FAMILY = "Kowalska Nowak Wiśniewski Wójcik Müller Schmidt Weber Smith Brown Dubois García López Sato Tanaka Haddad Li"
CITIES = (
    "Warszawa Kraków Berlin München Paris Lyon Madrid London Leeds Tokyo Osaka Moscow Pune Roma Oslo Wien"
)
TITLES = ("Buyer", "Head of purchasing", "Engineer", "CTO", "Office manager", "Analyst", "Director", "Owner")


def main() -> None:
    """Measure and print each figure with its ratio to the limit, to plain rows and to Odoo's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with installation() as engine:
        measure(engine, rows)


def measure(engine: str, rows: int) -> float:
    """Measure one engine; the seconds of the first run."""
    path = Path(os.environ["TREATY_HOME"]) / "persons.csv"
    write_file(path, rows)
    load = os.getloadavg()[0]
    first, again = Run(path, "new", rows), Run(path, "unchanged", rows)
    limit = LIMIT.get(rows, LIMIT[100_000] * rows / 100_000)
    print(
        f"{engine}: import of {rows:,} persons in {first.seconds:.1f} s, {first.seconds / limit:.2f} of the limit,"
        f" {rows / first.seconds / ODOO:.1f} times as fast as Odoo 19 (load of the machine before: {load:.1f})"
    )
    print(
        f"{engine}: {first.processor:.1f} s of processor time, {first.memory:.0f} MB at most,"
        f" {first.memory / MEMORY:.2f} of the limit; microseconds a row by the clock:"
        f" the first tenth {first.cost(0, 10):.0f}, the last {first.cost(90, 100):.0f}"
    )
    print(f"{engine}: again, nothing changes, {again.seconds:.1f} s")
    if rows <= MOST_PLAIN:
        plain = seconds_of_plain_rows()
        print(
            f"{engine}: plain statements for the same rows {plain:.1f} s; the import {first.seconds / plain:.2f} times that"
        )
    return first.seconds


def write_file(path: Path, rows: int) -> None:
    """Persons as an export has them: names come again and again, addresses are in no order."""
    chance, given, family, cities = random.Random(19), GIVEN.split(), FAMILY.split(), CITIES.split()
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow(HEADER)
        for n in range(rows):
            one, other, firm = chance.choice(given), chance.choice(family), chance.randrange(5_000)
            written.writerow(
                (
                    f"c{n}",
                    one,
                    other,
                    f"{chance.randrange(36**4):x}.{n}@firm{firm}.example",
                    f"+4930{chance.randrange(10)}{n:07d}",
                    f"Company {firm}",
                    chance.choice(TITLES),
                    chance.choice(("DE", "PL", "FR", "ES", "JP")),
                    chance.choice(cities),
                    chance.choice(("en", "de", "pl")),
                    chance.choice(("ads", "fair", "web")),
                    "file",
                )
            )


class Run:
    """The command as people run it, watched; fails unless every row had that outcome."""

    def __init__(self, path: Path, outcome: str, rows: int) -> None:
        self.rows = rows
        self.told: list[tuple[int, float]] = [(0, 0.0)]
        """After how many rows which time had passed."""
        words = ("import", "persons", str(path), "--key", "email", "--json")
        begin, before = time.perf_counter(), os.times()
        process = subprocess.Popen(
            [sys.executable, "-m", "treaty.cli", *words], stdout=-1, stderr=-1, text=True
        )
        assert process.stdout is not None
        assert process.stderr is not None
        with watched(process.pid) as most:
            for line in process.stderr:
                done = line.split()[0].replace(",", "")
                if done.isdecimal():
                    self.told.append((int(done), time.perf_counter() - begin))
            answer = process.stdout.read()
            process.wait()
        self.seconds, after = time.perf_counter() - begin, os.times()
        self.processor = sum(after[2:4]) - sum(before[2:4])
        self.memory = most[0] / 1024
        if process.returncode or json.loads(answer)[outcome] != rows:
            raise SystemExit(answer)

    def cost(self, begin: int, end: int) -> float:
        """Microseconds a row between two hundredths of the file."""
        first, last = self._at(begin), self._at(end)
        return (last[1] - first[1]) * 1e6 / max(1, last[0] - first[0])

    def _at(self, hundredth: int) -> tuple[int, float]:
        return next((one for one in self.told if one[0] * 100 >= hundredth * self.rows), self.told[-1])


@contextmanager
def watched(process: int) -> Iterator[Sequence[float]]:
    """The most memory that a process and those it began had together, in kB."""
    most, ended = [0.0], Event()

    def watch() -> None:
        while not ended.wait(0.05):
            most[0] = max(most[0], memory(process))

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    yield most
    ended.set()
    watcher.join()


def memory(process: int) -> float:
    """The memory of a process and of those it began, in kB: shared pages count for each."""
    there = Path(f"/proc/{process}")
    try:
        lines = (there / "status").read_text().splitlines()
        children = (there / f"task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    own = sum(float(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return own + sum(memory(int(child)) for child in children)


if __name__ == "__main__":
    main()
