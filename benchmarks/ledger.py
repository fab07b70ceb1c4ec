"""How many touchpoints a second the ledger takes, beside plain executemany or COPY of the same rows.

Run: .venv/bin/python benchmarks/ledger.py [--rows 200000]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design: record_many 40,000/s on SQLite and 25,000/s on PostgreSQL without listeners, 8,000/s with all
of them; record 500/s with one writer. A record ends when the disk has it, so one at a time stands beside plain commits.
"""

import argparse
import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from installation import installation

if TYPE_CHECKING:  # Django has no settings yet
    from treaty.ledger.commands import Entry

VISIT = 5
"""Pages that a buyer sees in one visit: what listeners hear comes in such runs."""
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print each figure with its ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    with installation() as engine:
        measure(engine, rows)


def measure(engine: str, rows: int) -> None:
    """Measure one engine."""
    from treaty.ledger import commands

    identities = list(
        commands.identify_many([("external", f"bench:{n}") for n in range(20_000)], at=START).values()
    )
    people = persons(5_000)
    single = plain_commits(identities)
    one = rate(2_000, lambda: record_each(identities[:2_000]))
    show(engine, "record, one at a time, of identities nobody holds", one, 500, ("plain commits", single))
    mine = rate(1_000, lambda: record_each([people[n // VISIT] for n in range(1_000)]))
    show(engine, "record, one at a time, of persons with all listeners", mine, 500, ("plain commits", single))
    limit = 40_000 if engine == "sqlite" else 25_000
    known = entries(identities, rows, "quiet")
    quiet = rate(rows, lambda: commands.record_many(known, quiet=True))
    plain = rows / plain_rows(identities, rows)
    show(engine, "record_many without listeners", quiet, limit, ("plain rows", plain))
    told = entries([one for one in people for _ in range(VISIT)], rows // 4, "heard")
    heard = rate(rows // 4, lambda: commands.record_many(told, recorded_at=START + timedelta(days=1)))
    show(engine, "record_many with all listeners", heard, 8_000, ("plain rows", plain))


def entries(identities: list[int], rows: int, name: str) -> "list[Entry]":
    """Facts of 200 bytes about known identities."""
    from treaty.capture.facts import PageSeen
    from treaty.ledger.commands import Entry
    from treaty.ledger.facts import about_identity

    page = (
        "https://www.example.com/products/flow-meters/fm-40/compare?from=newsletter&week=47&part=" + "x" * 60
    )
    return [
        Entry(
            PageSeen(page=page, seconds=n % 600, channel="email", campaign="winter"),
            about_identity(identities[n % len(identities)]),
            START + timedelta(seconds=n),
            source_key=f"{name}:{n}",
        )
        for n in range(rows)
    ]


def record_each(identities: list[int]) -> None:
    """A fact of each through the single door, written down as it happens: history would open nothing."""
    from treaty.ledger.commands import record

    for identity in identities:
        entry = entries([identity], 1, secrets.token_hex(8))[0]
        record(entry.fact, about=entry.about, at=entry.at, source_key=entry.source_key, recorded_at=entry.at)


def plain_rows(identities: list[int], rows: int) -> float:
    """Seconds for the same rows straight into a copy of the table: the machine's own limit."""
    from django.db import transaction

    from treaty.kit.sql import write_rows
    from treaty.ledger.commands import COLUMNS

    lines = bare(identities, rows)
    begin = time.perf_counter()
    with transaction.atomic():
        write_rows("bench_plain", COLUMNS, lines)
    return time.perf_counter() - begin


def plain_commits(identities: list[int], number: int = 1_000) -> float:
    """Rows a second into the same copy, each in a transaction of its own and without any of our code around it."""
    from django.db import connection

    from treaty.kit.sql import places
    from treaty.ledger.commands import LISTING

    lines = bare(identities, number)
    statement = f"INSERT INTO bench_plain ({LISTING}) VALUES {places(lines[:1])}"
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(statement, line)
    return number / (time.perf_counter() - begin)


def bare(identities: list[int], rows: int) -> list[tuple[Any, ...]]:
    """Rows as the ledger writes them, for an empty copy of its table that is made here."""
    from django.db import connection

    from treaty.kit.sql import stamp
    from treaty.ledger import commands

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_plain")
        cursor.execute("CREATE TABLE bench_plain AS SELECT * FROM ledger_touchpoint LIMIT 0")
        cursor.execute("CREATE UNIQUE INDEX bench_plain_key ON bench_plain (source_key)")
        cursor.execute(
            "CREATE INDEX bench_plain_about ON bench_plain (subject_kind, subject_id, occurred_at)"
        )
        cursor.execute("CREATE INDEX bench_plain_kind ON bench_plain (kind, occurred_at)")
    return commands._rows(entries(identities, rows, "plain"), stamp(START), commands.pepper())


def persons(number: int) -> list[int]:
    """Identities of new persons under an agreement in force, so that every listener has its work."""
    from company import add_buyers, at_work

    at_work(START - timedelta(days=30))
    return add_buyers(number, at=START - timedelta(days=1))


def rate(rows: int, work: Callable[[], object]) -> tuple[float, float]:
    """Rows a second, and rows a second of this process's own work, which a busy machine does not stretch."""
    begin, busy = time.perf_counter(), time.process_time()
    work()
    return rows / (time.perf_counter() - begin), rows / (time.process_time() - busy)


def show(
    engine: str, name: str, measured: tuple[float, float], limit: int, beside: tuple[str, float]
) -> None:
    """One line: the rate, its ratio to the limit, and to what plain statements reach in the same run."""
    (took, worked), (of, plain) = measured, beside
    print(
        f"{engine}: {name}: {took:,.0f}/s, {took / limit:.2f} of the limit {limit:,},"
        f" {took / plain:.2f} of {of} ({plain:,.0f}/s);"
        f" {worked:,.0f} a second of own work, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
