"""How long 100,000 persons with their identities take to come in, beside plain statements for the same rows.

Run: .venv/bin/python benchmarks/persons.py [--persons 100000]   (SQLite in a temporary folder, or DATABASE_URL)
Limit of the design: an import of 100,000 persons in under 30 seconds, of which this door is the larger part.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime

from installation import installation

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LIMIT = 30.0
TABLES = (
    "ledger_identity",
    "ledger_identitytext",
    "people_person",
    "people_personidentity",
    "people_employment",
    "people_persontag",
    "ledger_touchpoint",
    "search_posting",
    "search_line",
    "people_unscanned",
    "kit_changedrow",
)


def main() -> None:
    """Measure and print each figure with its ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    number = parser.parse_args().persons
    with installation() as engine:
        measure(engine, number)


def measure(engine: str, number: int) -> None:
    """Measure one engine: the first time, the second time, and plain statements for the same rows."""
    from treaty.people.commands import add_persons
    from treaty.people.rules import PersonDraft, Stage

    drafts = [
        PersonDraft(
            given_name="Person",
            family_name=str(n),
            emails=(f"p{n}@example.com",),
            phones=(f"+49301{n:08d}",),
            external=(f"crm:{n}",),
            company=f"Company {n % 5000}",
            tags=("import",),
            stage=Stage.LEAD,
        )
        for n in range(number)
    ]
    first = seconds(lambda: add_persons(drafts, at=START, by=None, source="import"))
    second = seconds(lambda: add_persons(drafts, at=START, by=None, source="import"))
    plain = seconds_of_plain_rows()
    ratio = first / (LIMIT * number / 100_000)
    print(f"{engine}: {number:,} persons in {first:.1f} s, {ratio:.2f} of the limit")
    print(
        f"{engine}: again, nothing changes, {second:.1f} s; plain statements for the same rows {plain:.1f} s"
    )


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def seconds_of_plain_rows() -> float:
    """How long plain statements take for the rows that all persons have left."""
    return sum(seconds_of_copy(table) for table in TABLES)


def seconds_of_copy(table: str) -> float:
    """How long plain executemany or COPY takes for a table's rows, into a copy of it with the same indexes but no keys."""
    from django.db import connection, transaction

    from treaty.kit.sql import write_rows

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        columns, rows = tuple(column[0] for column in cursor.description), cursor.fetchall()
        cursor.execute(f"CREATE TABLE bench_{table} AS SELECT * FROM {table} LIMIT 0")
        for place, names in enumerate(indexes(table)):
            cursor.execute(f"CREATE INDEX bench_{table}_{place} ON bench_{table} ({', '.join(names)})")
    quoted = tuple(f'"{column}"' for column in columns)
    with transaction.atomic():
        return seconds(lambda: write_rows(f"bench_{table}", quoted, rows))


def indexes(table: str) -> list[list[str]]:
    """The columns of a table's indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    kept = [one for one in found if one["index"] or one["unique"] or one["primary_key"]]
    return [one["columns"] for one in kept if one["columns"] and one["columns"] != ["id"]]


if __name__ == "__main__":
    main()
