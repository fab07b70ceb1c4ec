"""How long the lake takes to be made anew out of the database, to take in a delta, and to answer a question.

Run: .venv/bin/python benchmarks/lake.py [--persons 1000000] [--check]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design at 1,000,000 persons with ten touchpoints each: made anew in under 120 seconds, a delta of 10,000
facts in under 1 second. Beside it stands how long the database takes only to hand out the touchpoints.
"""

import argparse
import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from installation import installation

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
DELTA, DELTAS, TOUCHES, CHUNK = 10_000, 5, 10, 100_000
DAYS = 730
LIMIT, LIMIT_OF_DELTA, OF = 120.0, 1.0, 1_000_000
PAGES = [
    f'{{"page":"/products/{n}","seconds":{n * 7},"channel":"email","campaign":"winter"}}' for n in range(200)
]
KINDS = [("PageSeen", page) for page in PAGES[:140]]
KINDS += [("MailOpened", f'{{"mail":"Letter {n}","campaign":"winter"}}') for n in range(50)]
KINDS += [
    ("FormSubmitted", '{"form":"ask-for-a-price","page":"/pricing","channel":"","campaign":"","answers":{}}')
] * 10
QUESTION = (
    "SELECT name, count(*), count(DISTINCT person) FROM touchpoints JOIN kinds USING (kind)"
    " WHERE occurred_at >= TIMESTAMP '2026-01-01' GROUP BY name ORDER BY name"
)


def main() -> None:
    """Measure and print each figure with its ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--check", action="store_true", help="Also compare the lake with one made anew.")
    asked = parser.parse_args()
    with installation() as engine:
        from treaty.kit import setup

        setup.start_nouns()
        measure(engine, asked.persons, check=asked.check)


def measure(engine: str, persons: int, *, check: bool) -> None:
    """Measure one engine."""
    from django.utils import timezone

    from treaty.warehouse import commands, queries

    began = time.perf_counter()
    settle(persons)
    touches(persons, persons * TOUCHES)
    print(
        f"{engine}: {persons:,} persons, {persons * TOUCHES:,} touchpoints, built in {time.perf_counter() - began:.0f} s"
    )
    out = told("the database hands out its touchpoints", lambda: hand_out(persons * TOUCHES))
    limit = LIMIT * persons / OF
    anew = told("the lake is made anew", lambda: commands.rebuild(timezone.now()), limit)
    print(f"  {anew / out:.1f} times handing out, {persons * TOUCHES / anew:,.0f} touchpoints/s")
    found = queries.status()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {found.bytes / 1024**2:,.0f} MB in {found.files} files, {memory:,.0f} MB of memory at most")
    told("a quiet turn", lambda: commands.follow(timezone.now()))
    chance = random.Random(11)
    took = []
    for number in range(DELTAS):
        record(persons, chance)
        took.append(
            told(
                f"delta {number + 1} of {DELTA:,} facts",
                lambda: commands.follow(timezone.now()),
                LIMIT_OF_DELTA,
            )
        )
    print(f"  deltas: {sorted(took)[DELTAS // 2]:.2f} s in the middle, {max(took):.2f} s at most")
    told("a question over a year of everybody", lambda: ask(queries))
    told("the same again", lambda: ask(queries))
    if check:
        told("differences from one made anew", lambda: commands.differences(timezone.now()))


def ask(queries: Any) -> int:
    """How many rows the question brings."""
    with queries.lake() as connection:
        return len(connection.execute(QUESTION).fetchall())


def told(what: str, done: Callable[[], object], limit: float | None = None) -> float:
    """Print how long it took, by the clock and by the processor of this process; the seconds by the clock."""
    clock, processor = time.perf_counter(), time.process_time()
    found = done()
    took = time.perf_counter() - clock
    beside = f", {took / limit:.2f} of the limit {limit:.2g} s" if limit else ""
    print(
        f"{what}: {took:.2f} s, {time.process_time() - processor:.2f} s of processor time{beside};"
        f" {found}; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return took


def settle(persons: int) -> None:
    """Persons with an anchor and a mail address each, companies, deals: rows as an import leaves them."""
    from treaty.deals.commands import prepare
    from treaty.deals.models import Deal, DealStage
    from treaty.ledger.models import Identity
    from treaty.people.models import Company, Person, PersonIdentity

    prepare(at=AT)
    stages = DealStage.objects.order_by("pk").values_list("pk", flat=True)
    stage, companies, chance = stages[0], max(1, persons // 20), random.Random(7)

    def person(n: int) -> dict[str, Any]:
        told = {"name": f"Person {n}", "folded": f"person {n}", "email": f"p{n}@plant.example"}
        country = chance.choice(("PL", "DE", "JP", "US"))
        return {**told, "country": country, "company_id": n % companies + 1, "anchor_id": 2 * n - 1}

    def deal(n: int) -> dict[str, Any]:
        return {"name": f"Deal {n}", "person_id": n, "stage_id": stage, "value_minor": n}

    fill(
        Company,
        companies,
        lambda n: {"name": f"Company {n}", "folded": f"company {n}", "sector": f"s{n % 20}"},
    )
    fill(Identity, 2 * persons, lambda n: {"kind": ("email", "anchor")[n % 2], "key": f"{n:032x}"})
    fill(Person, persons, person)
    fill(
        PersonIdentity,
        2 * persons,
        lambda n: {"identity_id": n, "person_id": (n + 1) // 2},
        key="identity_id",
    )
    fill(Deal, max(1, persons // 50), deal)


def fill(model: Any, number: int, row: Callable[[int], dict[str, Any]], *, key: str = "id") -> None:
    """Rows of a table with what a model says where nothing is told."""
    from django.db import transaction

    from treaty.kit.sql import stamp, write_rows

    moment = stamp(AT - timedelta(days=DAYS))
    plain = {field.column: plainly(field, moment) for field in model._meta.concrete_fields}
    for start in range(1, number + 1, CHUNK):
        rows = (
            tuple((plain | {key: n} | row(n)).values()) for n in range(start, min(start + CHUNK, number + 1))
        )
        with transaction.atomic():
            write_rows(model._meta.db_table, tuple(plain), rows)


def plainly(field: Any, moment: Any) -> Any:
    """What a column holds of which nothing is told."""
    if field.null:
        return None
    if field.get_internal_type() == "JSONField":
        return "[]"
    if field.has_default():
        return field.get_default()
    return moment if field.get_internal_type() == "DateTimeField" else ""


def touches(persons: int, number: int) -> None:
    """What persons did in two years, in no order."""
    from django.db import transaction

    from treaty.kit.sql import write_rows
    from treaty.ledger.commands import COLUMNS

    rows = lines(persons, number)
    for _ in range(0, number, CHUNK):
        with transaction.atomic():
            write_rows(
                "ledger_touchpoint", COLUMNS, (row for row, _ in zip(rows, range(CHUNK), strict=False))
            )


def lines(persons: int, number: int) -> Iterator[tuple[Any, ...]]:
    """Rows of the ledger."""
    chance = random.Random(5)
    days = [(AT - timedelta(days=day)).strftime("%Y-%m-%d") for day in range(DAYS)]
    for n in range(number):
        kind, payload = KINDS[int(chance.random() * len(KINDS))]
        second = int(chance.random() * 86_400)
        at = (
            f"{days[int(chance.random() * DAYS)]} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        )
        at += "" if os.environ.get("DATABASE_URL", "") == "" else "+00"
        identity = 2 * (1 + int(chance.random() * persons))
        yield kind, "identity", identity, at, at, at, None, None, f"{n:032x}", payload


def record(persons: int, chance: random.Random) -> None:
    """A delta of facts about anybody: half of today, half of any day of the last year."""
    from treaty.capture.facts import PageSeen
    from treaty.ledger.commands import Entry, record_many
    from treaty.ledger.facts import about_identity

    entries = []
    for n in range(DELTA):
        at = AT - timedelta(days=chance.randrange(365) if n % 2 else 0, seconds=chance.randrange(30_000))
        entries.append(Entry(PageSeen("/pricing"), about_identity(2 * chance.randint(1, persons)), at=at))
    record_many(entries, quiet=True)


def hand_out(number: int) -> None:
    """All touchpoints as lines of text, to nowhere."""
    from pathlib import Path

    from treaty.kit.lines import write_lines
    from treaty.warehouse.tables import LINES
    from treaty.warehouse.watching import AT_ONCE, cells

    with Path(os.devnull).open("wb") as file:
        for start in range(0, number, AT_ONCE):
            write_lines(
                file,
                cells(LINES),
                "ledger_touchpoint t WHERE t.id > %s AND t.id <= %s",
                [start, start + AT_ONCE],
            )


if __name__ == "__main__":
    main()
