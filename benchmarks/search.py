"""How fast a few letters find somebody among many persons, beside the design's limit for a search.

Run: .venv/bin/python benchmarks/search.py [--persons 1000000]   (SQLite in a temporary folder, or DATABASE_URL)
Limit of the design: p95 under 100 ms at 1,000,000 persons, for the palette's three questions together.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from installation import installation

if TYPE_CHECKING:
    from treaty.staff.queries import User

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LIMIT = 100.0
SYLLABLES = (
    "ka",
    "no",
    "ra",
    "mi",
    "to",
    "le",
    "na",
    "vi",
    "so",
    "da",
    "be",
    "lu",
    "ri",
    "wa",
    "sz",
    "ko",
    "pe",
)
ENDINGS = ("mar", "han", "ste", "fan", "ow", "ska", "berg", "li", "chen")
SCRIPTS = ("Łódź", "Ёлкина", "営業", "محمد", "Müller", "김민수")
ASKED = 200
Find = Callable[["User", str], None]


def main() -> None:
    """Fill an installation, ask, print the percentiles with their ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    number = parser.parse_args().persons
    with installation() as engine:
        begin = time.perf_counter()
        fill(number)
        print(f"{engine}: {number:,} persons with their words in {time.perf_counter() - begin:.0f} s")
        measure(engine, number)


def names(number: int) -> Iterator[tuple[str, str]]:
    """Given and family names: some thousand given ones, very many family ones, the common much more common."""
    chance = random.Random(3)
    given = ["".join(chance.choices(SYLLABLES + ENDINGS, k=2)).title() for _ in range(3_000)]
    family = [
        "".join(chance.choices(SYLLABLES + ENDINGS, k=chance.choice((2, 3, 3, 4)))).title()
        for _ in range(150_000)
    ]
    for _ in range(number):
        yield (
            given[int(len(given) * chance.random() ** 3)],
            chance.choice(SCRIPTS)
            if chance.random() < 0.02
            else family[int(len(family) * chance.random() ** 2)],
        )


def fill(number: int) -> None:
    """Persons with an address and a company each, by the door through which an import comes."""
    from treaty.people.commands import add_persons
    from treaty.people.rules import PersonDraft

    drafts = (
        PersonDraft(
            given_name=given,
            family_name=family,
            emails=(f"p{place}@example{place % 9000}.com",),
            company=f"{family} {place % 50_000}" if place % 4 == 0 else "",
        )
        for place, (given, family) in enumerate(names(number))
    )
    add_persons(drafts, at=START, by=None, source="import")


def measure(engine: str, number: int) -> None:
    """Ask as people do, for somebody who sees everything and for somebody who sees own records."""
    from treaty.staff.queries import user_by_email

    find, chance = finder(), random.Random(7)
    some = list(names(min(number, 50_000)))
    questions = {
        "beginnings": [family[:3] for _, family in chance.sample(some, ASKED)],
        "whole names": [f"{given} {family}" for given, family in chance.sample(some, ASKED)],
        "addresses": [f"p{chance.randrange(number)}@exa" for _ in range(ASKED)],
        "slips": [slip(family, chance) for _, family in chance.sample(some, ASKED)],
        "two letters": [given[:2] for given, _ in chance.sample(some, ASKED)],
    }
    for email in ("head", "rep"):
        user = user_by_email(f"{email}@example.com")
        assert user is not None
        everything = [
            figure for kind, texts in questions.items() for figure in ask(engine, find, user, kind, texts)
        ]
        tell(f"{engine}: {user.role.visibility} records, all questions", everything)


def finder() -> Find:
    """The palette's three questions, and two people who ask them."""
    from treaty.deals.queries import found as deals
    from treaty.people.queries import found as people
    from treaty.staff import commands as staff

    staff.prepare(at=START, name="Measured")
    for name, role in (("head", "head_of_sales"), ("rep", "representative")):
        staff.add_user(staff.NewUser(f"{name}@example.com", name, role), at=START, by=None)

    def find(user: "User", text: str) -> None:
        people(user, text, 8)
        deals(user, text, 8)

    return find


def slip(name: str, chance: random.Random) -> str:
    """The name with one letter missing."""
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def ask(engine: str, find: Find, user: "User", kind: str, texts: list[str]) -> list[float]:
    """The milliseconds of each question; the first two warm the caches."""
    figures = []
    for text in (*texts[:2], *texts):
        begin = time.perf_counter()
        find(user, text)
        figures.append((time.perf_counter() - begin) * 1000)
    tell(f"{engine}: {user.role.visibility} records, {kind}", figures[2:])
    return figures[2:]


def tell(what: str, figures: list[float]) -> None:
    """One line with the percentiles."""
    cuts = statistics.quantiles(figures, n=20)
    print(f"{what}: p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms, {cuts[18] / LIMIT:.2f} of the limit")


if __name__ == "__main__":
    main()
