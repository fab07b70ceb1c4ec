"""How long `treaty import persons` takes for a file of 100,000, beside plain statements for the rows it leaves.

Run: .venv/bin/python benchmarks/imports.py [--persons 100000]   (SQLite in a temporary folder, or DATABASE_URL)
Limit of the design: under 30 seconds with identities, from the start of the command to its end.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from installation import installation
from persons import seconds_of_plain_rows

LIMIT = 30.0
HEADER = ("id", "given_name", "family_name", "email", "phone", "company", "country", "tags", "stage")


def main() -> None:
    """Measure and print the seconds with their ratio to the limit and to plain rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    number = parser.parse_args().persons
    with installation() as engine:
        measure(engine, number)


def measure(engine: str, number: int) -> float:
    """Measure one engine; the seconds of the first run."""
    path = Path(os.environ["TREATY_HOME"]) / "persons.csv"
    write_file(path, number)
    first, again = seconds_of_import(path, "new", number), seconds_of_import(path, "unchanged", number)
    plain = seconds_of_plain_rows()
    ratio = first / (LIMIT * number / 100_000)
    print(f"{engine}: import of {number:,} persons in {first:.1f} s, {ratio:.2f} of the limit")
    print(
        f"{engine}: again, nothing changes, {again:.1f} s; plain statements for the same rows {plain:.1f} s"
    )
    return first


def write_file(path: Path, number: int) -> None:
    """Persons with three identities, a company, a tag and a stage each."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for n in range(number):
            identities = (f"p{n}@example.com", f"+49301{n:08d}")
            rows.writerow(
                (f"c{n}", "Person", f"No {n}", *identities, f"Company {n % 5000}", "DE", "file", "lead")
            )


def seconds_of_import(path: Path, outcome: str, number: int) -> float:
    """The command as people run it; fails unless every row had that outcome."""
    command = [sys.executable, "-m", "treaty.cli", "import", "persons", str(path), "--json"]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - begin
    if json.loads(done.stdout)[outcome] != number:
        raise SystemExit(done.stdout)
    return seconds


if __name__ == "__main__":
    main()
