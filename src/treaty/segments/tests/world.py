"""A small company drawn by chance from a fixed seed, with everything that makes engines differ; and a lake of it."""

import random
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from treaty.capture.facts import EventAttended, FormSubmitted, PageSeen
from treaty.deals.commands import bin_deals, open_deal, prepare
from treaty.deals.rules import DealDraft
from treaty.fields.commands import FieldDraft, add_field
from treaty.fields.rules import Kind
from treaty.kit.rules.money import Money
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import Fact, about_identity
from treaty.people.commands import (
    add_company,
    add_identity,
    add_person,
    add_purpose,
    invalidate_identity,
    merge_persons,
    record_consent,
    tag,
    unsubscribe,
)
from treaty.people.queries import identities_of, purposes
from treaty.people.rules import CompanyDraft, ConsentDraft, PersonDraft
from treaty.segments.bulk import Compiler, Engine, Installed, Lake
from treaty.segments.queries import states
from treaty.segments.rules import Predicate
from treaty.segments.tests.trees import CITIES, COUNTRIES, NAMES, PAGES, TAGS
from treaty.warehouse import commands as warehouse
from treaty.warehouse.queries import bench

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
BEFORE = AT - timedelta(days=400)
PURPOSES = ("Newsletter", "Offers by phone")


def settle(number: int = 40, seed: int = 7) -> list[int]:
    """Persons, companies, tags, fields and touches; the ids of the persons."""
    chance = random.Random(seed)
    define()
    for name in PURPOSES:
        add_purpose(name, text=f"{name}, yes.", at=BEFORE, by=None)
    firms = [f"Firm {index} {chance.choice(NAMES)}" for index in range(5)]
    for name in firms:
        sector, employees = chance.choice(("Medical", "straße", "")), chance.choice((None, 5, 120))
        draft = CompanyDraft(name=name, sector=sector, employees=employees, fields=own(chance))
        add_company(draft, at=BEFORE, by=None)
    persons = [settler(chance, index, firms) for index in range(number)]
    prepare(at=BEFORE)
    for _ in range(number):
        sell(chance, chance.choice((None, *persons)))
    return persons


def sell(chance: random.Random, person: int | None) -> int:
    """A deal of somebody or of nobody, in the bin now and then; its id."""
    draft = DealDraft(
        chance.choice(NAMES),
        person=person,
        stage=chance.choice(("new", "qualified")),
        value=chance.choice((None, Money(500, "EUR"), Money(500, "JPY"), Money(11950, "EUR"))),
        product=chance.choice(("", "gold", "straße")),
        fields=own(chance),
    )
    deal = open_deal(draft, at=BEFORE, by=None)
    if chance.random() < 0.1:
        bin_deals([deal], at=BEFORE, by=None)
    return deal


def define() -> None:
    """Of each kind of record a field of every kind that holds a value of its own."""
    options = ("Gold", "Silver", "Łódź")
    for record in ("person", "company", "deal"):
        for name, kind in (
            ("Motto", Kind.TEXT),
            ("Size", Kind.NUMBER),
            ("Budget", Kind.MONEY),
            ("Since", Kind.DATE),
            ("Until", Kind.DATE),
        ):
            add_field(FieldDraft(record, name, kind), at=BEFORE, by=None)
        for name, kind in (("Plan", Kind.CHOICE), ("Uses", Kind.MANY)):
            add_field(FieldDraft(record, name, kind, options=options), at=BEFORE, by=None)


def own(chance: random.Random) -> dict[str, object]:
    """What somebody's fields hold, if anything."""
    drawn: dict[str, object] = {
        "motto": chance.choice(("", *CITIES, *NAMES)),
        "size": chance.choice((None, 5, 12, 0.1, -3, 119.5)),
        "budget": chance.choice((None, {"minor": 500, "currency": "EUR"}, {"minor": 500, "currency": "JPY"})),
        "since": chance.choice((None, "2026-11-19", "1999-12-31")),
        "until": chance.choice((None, "2026-11-20", "2026-11-12", "2026-12-19", "2000-01-30")),
        "plan": chance.choice((None, "gold", "silver")),
        "uses": chance.sample(("gold", "silver", "lodz"), chance.randint(0, 3)),
    }
    return {key: value for key, value in drawn.items() if chance.random() < 0.7}


def settler(chance: random.Random, index: int, firms: Sequence[str]) -> int:
    """One person of this world."""
    draft = PersonDraft(
        name=f"{chance.choice(NAMES)} {index}",
        emails=(f"p{index}@Example.com",) if chance.random() < 0.8 else (),
        phones=(f"+4832{index:07}",) if chance.random() < 0.4 else (),
        country=chance.choice(COUNTRIES),
        city=chance.choice(CITIES),
        company=chance.choice(("", *firms)),
        fields=own(chance),
    )
    person = add_person(draft, at=BEFORE, by=None, source="form").person_id
    if chance.random() < 0.4:
        value, label = f"also{index}@example.com", chance.choice(("", "work", "private"))
        identity = add_identity(person, kind="email", value=value, label=label, at=BEFORE, by=None)
        if chance.random() < 0.3:
            invalidate_identity(person, identity=identity, at=BEFORE, by=None)
    if worn := chance.sample(TAGS, chance.randint(0, 2)):
        tag([person], tags=worn, at=BEFORE, by=None)
    for purpose in purposes():
        if chance.random() < 0.5:
            record_consent(person, ConsentDraft(purpose.id), how="form", at=BEFORE, by=None)
            if chance.random() < 0.4:
                record_consent(person, ConsentDraft(purpose.id, is_given=False), how="hand", at=AT, by=None)
    if chance.random() < 0.2:
        unsubscribe([person], at=BEFORE, by=None)
    touch(chance, person, chance.randint(0, 12))
    return person


def touch(chance: random.Random, person: int, number: int) -> None:
    """Touches of a person, some of them on the very edge of a window, some still to come."""
    owned = identities_of([person])[person]
    record_many([
        Entry(fact_by(chance), about_identity(chance.choice(owned)), at=instant_by(chance))
        for _ in range(number)
    ])  # fmt: skip


def instant_by(chance: random.Random) -> datetime:
    """An instant at a window's edge, a microsecond beside it, somewhere in the past, or ahead."""
    edge = AT - timedelta(days=chance.choice((0, 1, 7, 30)))
    return chance.choice((
        edge,
        edge + timedelta(microseconds=1),
        edge - timedelta(microseconds=1),
        edge - timedelta(days=chance.random() * 20),
        AT + timedelta(hours=2),
    ))  # fmt: skip


def fact_by(chance: random.Random) -> Fact:
    """Something a buyer did."""
    return chance.choice((
        PageSeen(chance.choice(PAGES), seconds=chance.choice((0, 5, 90))),
        FormSubmitted("demo", answers=chance.choice(({}, {"timing": "now"}, {"timing": "12"}))),
        EventAttended("Webinar", minutes=chance.choice((0, 45))),
    ))  # fmt: skip


def keep_a_lake(chance: random.Random, persons: Sequence[int]) -> list[int]:
    """A lake that knows not all: what happened after its turn, who was merged since; who is there then."""
    assert warehouse.rebuild(AT)
    for person in persons:
        touch(chance, person, chance.randint(0, 3))
    survivor, merged, *_others = persons
    merge_persons(survivor, merged=merged, at=AT, by=None)
    return [person for person in persons if person != merged]


def found_here(trees: Sequence[Predicate], persons: Collection[int], at: datetime = AT) -> list[set[int]]:
    """Who matches each tree, asked of the installation's own engine."""
    with Installed() as engine:
        return _found(engine, trees, persons, at)


def found_in_lake(trees: Sequence[Predicate], persons: Collection[int], at: datetime = AT) -> list[set[int]]:
    """Who matches each tree, asked of the lake and what it does not know yet."""
    with bench() as made:
        return _found(Lake(made, trees, at), trees, persons, at)


def _found(
    engine: Engine, trees: Sequence[Predicate], persons: Collection[int], at: datetime
) -> list[set[int]]:
    compiler = Compiler(engine, at, lambda: states(persons, at, ()))
    return [{person for (person,) in engine.rows(compiler.members(tree))} for tree in trees]
