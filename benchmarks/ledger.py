"""How many touchpoints a second the ledger takes, beside plain executemany or COPY of the same rows.

Run: .venv/bin/python benchmarks/ledger.py [--rows 200000]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design: record_many 40,000/s on SQLite and 25,000/s on PostgreSQL without listeners, 8,000/s with all
of them; record 500/s with one writer.
"""

import argparse
import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from installation import installation

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
    limit = 40_000 if engine == "sqlite" else 25_000
    known = entries(identities, rows, "quiet")
    quiet = rate(rows, lambda: commands.record_many(known, quiet=True))
    plain = rows / plain_rows(identities, rows)
    show(engine, "record_many without listeners", quiet, limit, plain)
    one = rate(2_000, lambda: [record_one(identities[n]) for n in range(2_000)])
    show(engine, "record, one at a time, of identities nobody holds", one, 500, None)
    people = persons(5_000)
    mine = rate(1_000, lambda: [record_one(people[n // VISIT]) for n in range(1_000)])
    show(engine, "record, one at a time, of persons with all listeners", mine, 500, None)
    told = entries([one for one in people for _ in range(VISIT)], rows // 4, "heard")
    heard = rate(rows // 4, lambda: commands.record_many(told, recorded_at=START + timedelta(days=1)))
    show(engine, "record_many with all listeners", heard, 8_000, plain)


def entries(identities: list[int], rows: int, name: str) -> list[object]:
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


def record_one(identity: int) -> None:
    """One fact through the single door, written down as it happens: history would open nothing."""
    from treaty.ledger.commands import record

    entry = entries([identity], 1, secrets.token_hex(8))[0]
    record(entry.fact, about=entry.about, at=entry.at, source_key=entry.source_key, recorded_at=entry.at)


def plain_rows(identities: list[int], rows: int) -> float:
    """Seconds for the same rows straight into a copy of the table: the machine's own limit."""
    from django.db import connection, transaction

    from treaty.kit.sql import stamp, write_rows
    from treaty.ledger import commands

    lines = [
        commands._row(entry, stamp(START), "", commands.pepper())
        for entry in entries(identities, rows, "plain")
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_plain")
        cursor.execute("CREATE TABLE bench_plain AS SELECT * FROM ledger_touchpoint LIMIT 0")
        cursor.execute("CREATE UNIQUE INDEX bench_plain_key ON bench_plain (source_key)")
        cursor.execute(
            "CREATE INDEX bench_plain_about ON bench_plain (subject_kind, subject_id, occurred_at)"
        )
        cursor.execute("CREATE INDEX bench_plain_kind ON bench_plain (kind, occurred_at)")
    begin = time.perf_counter()
    with transaction.atomic():
        write_rows("bench_plain", commands.COLUMNS, lines)
    return time.perf_counter() - begin


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


def show(engine: str, name: str, measured: tuple[float, float], limit: int, plain: float | None) -> None:
    """One line: the rate, its ratio to the limit, and to plain rows."""
    took, worked = measured
    beside = "" if plain is None else f", {took / plain:.2f} of plain rows ({plain:,.0f}/s)"
    print(
        f"{engine}: {name}: {took:,.0f}/s, {took / limit:.2f} of the limit {limit:,}{beside};"
        f" {worked:,.0f} a second of own work, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
