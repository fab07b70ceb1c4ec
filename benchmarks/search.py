"""How fast a few letters find somebody among many persons, and a word a note, beside the design's limit for a search.

Run: .venv/bin/python benchmarks/search.py [--persons 1000000]   (SQLite in a temporary folder, or DATABASE_URL)
Limit of the design: p95 under 100 ms at 1,000,000 persons, for all that the palette asks, and for all that the page
of a search asks.
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
        print(
            f"{engine}: {number:,} persons with their words in {time.perf_counter() - begin:.0f} s",
            flush=True,
        )
        write_notes(number // 10)
        print(f"{engine}: and {number // 10:,} notes in {time.perf_counter() - begin:.0f} s", flush=True)
        asking = finders()
        give_owners(number // 100)
        analyse()
        for name, find in asking.items():
            measure(f"{engine}, {name}", number, find)


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


def write_notes(number: int) -> None:
    """Notes of twelve words about one person after the other; few words are in many, many in few."""
    from treaty.conversations.facts import NoteWritten
    from treaty.ledger.commands import Entry, record_many
    from treaty.ledger.facts import about_identity
    from treaty.people.queries import identities_of, person_ids

    chance, words = random.Random(5), vocabulary()
    persons = person_ids(limit=number)
    anchors = [identities[0] for identities in identities_of(persons).values()]
    record_many(
        Entry(
            NoteWritten(),
            about_identity(anchor),
            START,
            text=" ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(12)),
        )
        for anchor in anchors
    )


def vocabulary() -> list[str]:
    """Words that stand in notes."""
    chance = random.Random(4)
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 4)))) for _ in range(20_000)]


def give_owners(number: int) -> None:
    """The first persons, each hundredth of all, are shared out among ten representatives; one of them will ask."""
    from treaty.people.commands import assign_owner
    from treaty.people.queries import person_ids
    from treaty.staff import commands as staff
    from treaty.staff.queries import user_by_email

    asks = user_by_email("rep@example.com")
    assert asks is not None
    others = [
        staff.add_user(staff.NewUser(f"rep{n}@example.com", f"rep{n}", "representative"), at=START, by=None)
        for n in range(9)
    ]
    persons = person_ids(limit=number)
    for place, owner in enumerate((asks.pk, *others)):
        assign_owner(persons[place::10], owner=owner, at=START, by=None)


def analyse() -> None:
    """Lets the engine count its tables, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(engine: str, number: int, find: Find) -> None:
    """Ask as people do, for somebody who sees everything and for somebody who sees own records."""
    from treaty.staff.queries import user_by_email

    chance, words = random.Random(7), vocabulary()
    some = list(names(min(number, 50_000)))
    questions = {
        "beginnings": [family[:3] for _, family in chance.sample(some, ASKED)],
        "whole names": [f"{given} {family}" for given, family in chance.sample(some, ASKED)],
        "addresses": [f"p{chance.randrange(number)}@exa" for _ in range(ASKED)],
        "slips": [slip(family, chance) for _, family in chance.sample(some, ASKED)],
        "two letters": [given[:2] for given, _ in chance.sample(some, ASKED)],
        "words of notes": [words[int(len(words) * chance.random() ** 3)] for _ in range(ASKED)],
    }
    for email in ("head", "rep"):
        user = user_by_email(f"{email}@example.com")
        assert user is not None
        everything = [
            figure for kind, texts in questions.items() for figure in ask(engine, find, user, kind, texts)
        ]
        tell(f"{engine}: {user.role.visibility} records, all questions", everything)


def finders() -> dict[str, Find]:
    """All that the palette asks and all that the page of a search asks, and two people who ask."""
    from treaty.desk.queries import everything, groups
    from treaty.staff import commands as staff

    staff.prepare(at=START, name="Measured")
    for name, role in (("head", "head_of_sales"), ("rep", "representative")):
        staff.add_user(staff.NewUser(f"{name}@example.com", name, role), at=START, by=None)

    def palette(user: "User", text: str) -> None:
        groups(user, text, [])

    def page(user: "User", text: str) -> None:
        everything(user, text, "", 1)

    return {"palette": palette, "page": page}


def slip(name: str, chance: random.Random) -> str:
    """The name with one letter missing."""
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def ask(engine: str, find: Find, user: "User", kind: str, texts: list[str]) -> list[tuple[float, float]]:
    """The milliseconds of each question, and those that this process computed; the first two warm the caches."""
    figures = []
    for text in (*texts[:2], *texts):
        begin, busy = time.perf_counter(), time.process_time()
        find(user, text)
        figures.append(((time.perf_counter() - begin) * 1000, (time.process_time() - busy) * 1000))
    tell(f"{engine}: {user.role.visibility} records, {kind}", figures[2:])
    return figures[2:]


def tell(what: str, figures: list[tuple[float, float]]) -> None:
    """One line with the percentiles; processor time is what a busy machine does not stretch."""
    cuts, busy = (statistics.quantiles(part, n=20) for part in zip(*figures, strict=True))
    print(
        f"{what}: p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms, {cuts[18] / LIMIT:.2f} of the limit;"
        f" processor p50 {busy[9]:.1f} ms, p95 {busy[18]:.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
