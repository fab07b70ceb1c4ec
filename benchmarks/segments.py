"""How long segments take to follow a delta of facts, and to be found anew for everybody.

Run: .venv/bin/python benchmarks/segments.py [--persons 1000000] [--segments 50]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design at 1,000,000 persons with ten touchpoints each and 50 segments: 10,000 facts in under 2 seconds,
everybody in under 60, on two cores.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from installation import installation

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
DELTA = 10_000
TOUCHES = 10
PAGES = ("/pricing", "/blog", "/product", "/about", "/contact", "/terms")
COUNTRIES = ("PL", "DE", "JP", "AE", "US")


def main() -> None:
    """Measure and print each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=50)
    told = parser.parse_args()
    with installation() as engine:
        measure(engine, told.persons, told.segments)


def measure(engine: str, persons: int, segments: int) -> None:
    """A rebuild of all segments, and a delta that is followed."""
    from treaty.ledger.commands import record_many
    from treaty.segments import projections
    from treaty.segments.commands import add_segment
    from treaty.segments.rules import parse

    chance = random.Random(7)
    anchors = settle(persons, chance)
    record_many(touches(anchors, persons * TOUCHES, chance), recorded_at=AT, quiet=True)
    for number in range(segments):
        made = add_segment(f"Segment {number}", tree=parse({"match": tree(number)}), at=AT, by=None)
        projections.fill(made, AT)
    size = f"{engine}: {persons:,} persons, {persons * TOUCHES:,} touchpoints, {segments} segments"
    told(f"{size}: asked everybody", lambda: projections.rebuild(check=True, at=AT))
    told(
        f"{size}: recorded {DELTA:,} facts",
        lambda: record_many(touches(anchors, DELTA, chance), recorded_at=AT),
    )
    told(f"{size}: followed them", lambda: projections.follow(AT))
    told(f"{size}: differences afterwards", lambda: projections.rebuild(check=True, at=AT))


def settle(number: int, chance: random.Random) -> list[int]:
    """Persons; the identities that facts are about."""
    from treaty.people.commands import add_persons
    from treaty.people.queries.leads import leads
    from treaty.people.rules import PersonDraft

    drafts = (
        PersonDraft(
            name=f"Person {index}", emails=(f"p{index}@plant.example",), country=chance.choice(COUNTRIES)
        )
        for index in range(number)
    )
    added = add_persons(drafts, at=AT - timedelta(days=400), by=None, source="import")
    return [row.anchor for row in leads([one.person_id for one in added]).values()]


def touches(anchors: Sequence[int], number: int, chance: random.Random) -> Any:
    """Pages seen within the last year."""
    from treaty.capture.facts import PageSeen
    from treaty.ledger.commands import Entry
    from treaty.ledger.facts import about_identity

    for _ in range(number):
        at = AT - timedelta(seconds=chance.randrange(365 * 86_400))
        yield Entry(PageSeen(chance.choice(PAGES)), about_identity(chance.choice(anchors)), at=at)


def tree(number: int) -> dict[str, Any]:
    """One of many segments: a country, a page within some days, or both."""
    country = {"attribute": "country", "is": COUNTRIES[number % len(COUNTRIES)]}
    seen = {
        "did": "PageSeen",
        "where": {"page": {"contains": PAGES[number % len(PAGES)]}},
        "within_days": 7 + number,
    }
    return ({"all": [country, seen]}, seen, {"all": [country, {"not": seen}]})[number % 3]


def told(what: str, done: Callable[[], object]) -> None:
    """Print how long it took, by the clock and by the processor of this process."""
    clock, processor = time.perf_counter(), time.process_time()
    found = done()
    print(
        f"{what}: {time.perf_counter() - clock:.1f} s, {time.process_time() - processor:.1f} s of processor time; {found}"
    )


if __name__ == "__main__":
    main()
