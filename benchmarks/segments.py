"""How long segments take to be found anew for everybody, and to follow a delta of facts.

Run: .venv/bin/python benchmarks/segments.py [--persons 1000000] [--segments 50]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design at 1,000,000 persons with ten touchpoints each and 50 segments, on two cores: 10,000 facts in under
2 seconds, everybody in under 60.
"""

import argparse
import random
from datetime import timedelta
from functools import partial
from typing import Any

from installation import installation
from lake import AT, OF, settle, told, touches

DELTA, DELTAS, TOUCHES = 10_000, 3, 10
LIMIT, LIMIT_OF_DELTA = 60.0, 2.0
COUNTRIES = ("PL", "DE", "JP", "US")


def main() -> None:
    """Measure and print each figure with its ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=50)
    asked = parser.parse_args()
    with installation() as engine:
        from treaty.kit import setup

        setup.start_nouns()
        settle(asked.persons)
        touches(asked.persons, asked.persons * TOUCHES)
        print(f"{engine}: {asked.persons:,} persons, {asked.persons * TOUCHES:,} touchpoints")
        measure(asked.persons, asked.segments)


def measure(persons: int, segments: int) -> None:
    """Everybody by the lake, written and compared; then deltas, and whether following left what asking finds."""
    from treaty.segments import projections
    from treaty.warehouse import commands as lake

    told("the lake is made anew", lambda: lake.rebuild(AT))
    make(segments)
    # Reading and writing 50 predicates takes a second however few persons there are.
    limit = LIMIT if persons >= OF else None
    told(f"{segments} segments found and written", lambda: projections.rebuild(check=False, at=AT), limit)
    told("the same again, where nothing differs", lambda: projections.rebuild(check=True, at=AT), limit)
    chance, at = random.Random(11), AT
    for number in range(DELTAS):
        at += timedelta(seconds=15)
        record(persons, chance, at)
        told(f"delta {number + 1} of {DELTA:,} facts", partial(projections.follow, at), LIMIT_OF_DELTA)
        told("  those who entered or left", partial(projections.follow, at))
    told("differences from asking everybody", lambda: projections.rebuild(check=True, at=at), limit)


def make(segments: int) -> None:
    """Segments that nobody is in yet, and that are followed as if that were right."""
    from treaty.segments.commands import add_segment
    from treaty.segments.models import Segment
    from treaty.segments.rules import parse

    for number in range(segments):
        add_segment(f"Segment {number}", tree=parse({"match": tree(number)}), at=AT, by=None)
    Segment.objects.update(followed_until=AT)


def tree(number: int) -> dict[str, Any]:
    """One of many segments: a country, pages seen within some days, mails opened, one thing after another."""
    country = {"attribute": "country", "is": COUNTRIES[number % len(COUNTRIES)]}
    days = 7 + number
    seen = {
        "did": "PageSeen",
        "where": {"page": {"contains": f"/products/{number % 10}"}},
        "within_days": days,
    }
    opened = {"did": "MailOpened", "times": 2, "within_days": 60 + number}
    asked = {"sequence": [{"did": "MailOpened"}, {"did": "FormSubmitted"}], "within_days": 90 + number}
    return (
        {"all": [country, seen]},
        seen,
        {"all": [country, {"not": seen}]},
        {"any": [opened, seen]},
        asked,
    )[number % 5]


def record(persons: int, chance: random.Random, until: Any) -> None:
    """Facts about anybody: half of today, half of any day of the last year."""
    from treaty.capture.facts import PageSeen
    from treaty.ledger.commands import Entry, record_many
    from treaty.ledger.facts import about_identity

    def entries() -> Any:
        for number in range(DELTA):
            page = f"/products/{chance.randrange(140)}"
            days = timedelta(
                days=chance.randrange(365) if number % 2 else 0, seconds=chance.randrange(30_000)
            )
            yield Entry(PageSeen(page), about_identity(2 * chance.randint(1, persons)), at=until - days)

    record_many(entries(), recorded_at=until)


if __name__ == "__main__":
    main()
