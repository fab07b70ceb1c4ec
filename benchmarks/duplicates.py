"""How long looking for duplicates among 100,000 persons takes, all at first and a few that changed, and what it finds.

Run: .venv/bin/python benchmarks/duplicates.py [--persons 100000]   (SQLite in a temporary folder, or DATABASE_URL)
Limit of the design: 100,000 persons in under 60 seconds on two cores. One person in twenty is there twice: misspelt,
at another address, sometimes without the company.
"""

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from installation import installation

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LIMIT = 60.0
CHANGED = 1_000
SYLLABLES = [
    first + second
    for first in "bdfgklmnprstvwz"
    for second in ("a", "e", "i", "o", "u", "an", "er", "in", "ow", "ski")
]


def main() -> None:
    """Measure and print each figure with its ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    number = parser.parse_args().persons
    with installation() as engine:
        measure(engine, number)


def measure(engine: str, number: int) -> None:
    """The first scan, and one after some persons changed."""
    from treaty.people.commands import add_persons, change_person
    from treaty.people.models import Candidate

    told = drafts(number)
    added = add_persons((draft for draft, _twin in told), at=START, by=None, source="import")
    ids = [one.person_id for one in added]
    true = {
        tuple(sorted((ids[place], ids[twin]))) for place, (_, twin) in enumerate(told) if twin is not None
    }
    began = time.process_time()
    first = seconds(scan)
    computed = time.process_time() - began
    found = set(Candidate.objects.order_by("id").values_list("one_id", "other_id"))
    print(
        f"{engine}: {number:,} persons scanned in {first:.1f} s, {first / (LIMIT * number / 100_000):.2f} of the limit;"
        f" {computed:.1f} s of processor time here"
    )
    print(
        f"{engine}: {len(found):,} pairs shown; {len(found & true) / len(true):.0%} of {len(true):,} planted ones found"
    )
    for person in ids[:CHANGED]:
        change_person(person, changes={"city": "Katowice"}, at=START, by=None)
    again = seconds(scan)
    print(
        f"{engine}: {CHANGED:,} changed persons scanned in {again:.2f} s, {again / first:.3f} of the first scan"
    )


def scan() -> None:
    """All steps of one scan."""
    from treaty.people.commands import Scan

    work = Scan()
    while work.step(at=START):
        pass


def drafts(number: int) -> list[tuple[Any, int | None]]:
    """Persons as files bring them, each with the place of the person it repeats, if it does."""
    chance = random.Random(20261102)
    given, family, cities = names(chance, 2_000), names(chance, 30_000), names(chance, 1_500)
    made: list[tuple[Any, int | None]] = []
    for place in range(number):
        is_twin = place > 100 and chance.random() < 0.05
        twin = chance.randrange(place) if is_twin else None
        made.append((repeated(made[twin][0], chance, place), twin) if twin is not None
                    else (person(chance, place, given, family, cities), None))  # fmt: skip
    return made


def names(chance: random.Random, number: int) -> list[str]:
    """Words made of syllables."""
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).title() for _ in range(number)]


def often(chance: random.Random, words: list[str]) -> str:
    """The first words far more often than the last ones, as names and towns are."""
    return words[int(len(words) * chance.random() ** 3)]


def person(chance: random.Random, place: int, given: list[str], family: list[str], cities: list[str]) -> Any:
    """A new person."""
    from treaty.people.rules import PersonDraft

    first, last, company = often(chance, given), often(chance, family), chance.randrange(20_000)
    mail = f"{first}.{last}{place}@firm{company}.example".lower()
    return PersonDraft(
        given_name=first,
        family_name=last,
        emails=(mail,) if chance.random() < 0.9 else (),
        phones=(f"+4832{place:07d}",) if chance.random() < 0.6 else (),
        company=f"Firm {company}" if chance.random() < 0.8 else "",
        city=often(chance, cities) if chance.random() < 0.7 else "",
        country="PL",
    )


def repeated(draft: Any, chance: random.Random, place: int) -> Any:
    """The same person told again: a letter wrong, another address, the company sometimes missing."""
    family = draft.family_name
    spot = chance.randrange(1, len(family))
    if chance.random() < 0.5:
        family = family[:spot] + chance.choice("aeiorstn") + family[spot + 1 :]
    mails = (f"{draft.given_name}.{family}{place}@mail.example".lower(),) if chance.random() < 0.7 else ()
    company = draft.company if chance.random() < 0.8 else ""
    return msgspec.structs.replace(draft, family_name=family, emails=mails, phones=(), company=company)


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
