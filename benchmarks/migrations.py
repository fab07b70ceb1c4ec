"""A big table changed while people write: the longest a write waited, beside the five seconds of the design.

Run: .venv/bin/python benchmarks/migrations.py [--touchpoints 10000000] [--home FOLDER]
(SQLite in a temporary folder, or the database that DATABASE_URL names.) A process of its own writes all the time, as
`ledger.record` does it: a touchpoint, and a row of a person; the operations of treaty.kit.online and a plain migration run beside
it, one after the other. `--home` measures on a SQLite installation that is there already: a copy, for it is changed.
"""

import argparse
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

from company import add_buyers
from installation import installation
from pages import record_touches

LIMIT = 5.0
CALM = 1.0
"""Seconds that the writer writes alone before and after each step."""


@dataclass
class Seen:
    """What the writer saw during one step."""

    writes: int
    longest: float
    errors: list[str]


def main() -> None:
    """Build the tables, change them, and print what the writer saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--touchpoints", type=int, default=10_000_000)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    with ready(asked.home) as engine:
        if not asked.home:
            fill(asked.touchpoints // 10)
        found = [(name, *measured(step)) for name, step in steps()]
    print("| what | took s | writes | longest write s | share of the limit |\n|---|---|---|---|---|")
    for name, took, seen in found:
        print(f"| {name} | {took:.1f} | {seen.writes:,} | {seen.longest:.2f} | {seen.longest / LIMIT:.2f} |")
    longest = max(seen.longest for _name, _took, seen in found)
    print(f"{engine}: longest write {longest:.2f} s / {LIMIT:.0f} s = {longest / LIMIT:.2f}")
    if errors := [error for *_others, seen in found for error in seen.errors]:
        raise SystemExit(f"{len(errors)} writes failed, the first by {errors[0]}")


@contextmanager
def ready(home: Path | None) -> Iterator[str]:
    """An installation: the one in a folder, or a new one."""
    if home is None:
        with installation() as engine:
            yield engine
        return
    os.environ |= {"TREATY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "treaty.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    yield "sqlite"


def fill(persons: int) -> None:
    """Persons with ten touchpoints each, and the starter rows."""
    from django.db import connection

    from treaty.kit import setup

    setup.migrate()
    now = datetime.now(UTC).replace(microsecond=0)
    record_touches(add_buyers(persons, at=now - timedelta(hours=1)), now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def steps() -> Iterator[tuple[str, Callable[[], Any]]]:
    """What an upgrade may do, under the names of the table."""
    from django.db import models

    from treaty.kit import setup, sql
    from treaty.kit.online import AddColumn, AddIndex, Fill, RemoveIndex

    rank = models.IntegerField(null=True)
    yield "an upgrade without migrations", setup.migrate
    yield "a new table that leads to persons", plain(new_table())
    yield "a column of persons", online("people", AddColumn("person", "bench_rank", rank))
    constant = AddColumn("touchpoint", "bench_flag", models.SmallIntegerField(db_default=0))
    yield "a column of touchpoints with a constant", online("ledger", constant)
    filled = Fill("person", assign="bench_rank = id % 10", where="bench_rank IS NULL")
    yield "every person's column filled", online("people", filled)
    yield (
        "an index of all persons",
        online("people", AddIndex("person", models.Index(fields=["given_name"], name="bench_all"))),
    )
    yield "that index away", online("people", RemoveIndex("person", "bench_all"))
    if sql.is_postgresql():
        whole = AddIndex("touchpoint", models.Index(fields=["known_at"], name="bench_whole"))
        yield "an index of all touchpoints", online("ledger", whole)


def new_table() -> Any:
    """A table of a noun with a link to persons, as most migrations bring one."""
    from django.db import migrations, models

    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("person", models.ForeignKey("people.person", models.CASCADE, related_name="+")),
    ]
    return migrations.CreateModel("Bench", fields)


def online(label: str, operation: Any) -> Callable[[], None]:
    """A migration with one operation of treaty.kit.online."""
    return lambda: carried_out(label, operation, atomic=False)


def plain(operation: Any) -> Callable[[], None]:
    """A migration with one operation of Django, in a transaction."""
    return lambda: carried_out("people", operation, atomic=True)


def carried_out(label: str, operation: Any, *, atomic: bool) -> None:
    """Runs a migration on the state of today, as an upgrade does."""
    from django.db import connection
    from django.db.migrations import Migration
    from django.db.migrations.loader import MigrationLoader

    from treaty.kit.online import patiently

    migration: Any = Migration("0999_bench", label)
    migration.operations, migration.atomic = [operation], atomic
    state = MigrationLoader(None).project_state()

    def apply() -> None:
        with connection.schema_editor(atomic=atomic) as editor:
            migration.apply(state.clone(), editor)

    patiently(apply)


def measured(step: Callable[[], Any]) -> tuple[float, Seen]:
    """The seconds a step took, and what the writer saw meanwhile."""
    ours, theirs = multiprocessing.Pipe()
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(theirs,))
    writer.start()
    ours.recv()
    time.sleep(CALM)
    began = time.perf_counter()
    step()
    took = time.perf_counter() - began
    time.sleep(CALM)
    ours.send("end")
    seen: Seen = ours.recv()
    writer.join()
    return took, seen


def write(told: Connection) -> None:
    """Writes a fact and a person's row again and again until told to end."""
    import django

    django.setup()
    from django.db import DatabaseError

    seen = Seen(0, 0.0, [])
    turn = writes()
    told.send(next(turn))
    while not told.poll():
        began = time.perf_counter()
        try:
            next(turn)
        except DatabaseError as error:
            seen.errors.append(str(error))
            turn = writes()
        seen.writes, seen.longest = seen.writes + 1, max(seen.longest, time.perf_counter() - began)
        time.sleep(0.005)
    told.send(seen)


def writes() -> Iterator[int]:
    """One transaction after the other, each with a touchpoint and a change of a person."""
    from django.db import transaction

    from treaty.kit import sql

    [(person,)] = sql.ask("SELECT min(id) FROM people_person")
    now = sql.stamp(datetime.now(UTC))
    columns = "kind, subject_kind, subject_id, occurred_at, recorded_at, known_at, source_key, payload"
    while True:
        with transaction.atomic():
            values = ["PageSeen", "person", person, now, now, now, uuid4().hex, "{}"]
            sql.tell(f"INSERT INTO ledger_touchpoint ({columns}) VALUES ({', '.join(['%s'] * 8)})", values)
            sql.tell("UPDATE people_person SET title = title WHERE id = %s", [person])
        yield person


if __name__ == "__main__":
    main()
