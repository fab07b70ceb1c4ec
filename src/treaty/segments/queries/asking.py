"""Asking everybody: who matches a tree, and whom time alone may have moved."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module

from django.db import connection

from treaty.kit import sql
from treaty.people import queries as people
from treaty.segments.queries.segments import segments_of
from treaty.segments.queries.states import everybody_scored, states, states_for
from treaty.segments.rules import (
    Crowd,
    EngagementAtLeast,
    FitAtLeast,
    FitIn,
    GradeIn,
    PersonState,
    Predicate,
    dates_used,
)
from treaty.segments.rules.matching import nodes
from treaty.segments.rules.predicate import OF_COMPANY, OWN, steps

AT_ONCE = 5_000
MOST_COUNTED = 10_000
"""A count stops behind it."""
SAMPLES, SAMPLE = 20, 100
"""Where scores are asked of many persons, so many groups of so many stand for all."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many match: `number` exactly, or more than that, or about that."""

    number: int
    is_more: bool = False
    is_about: bool = False


@contextmanager
def everybody(trees: Iterable[Predicate], at: datetime) -> Iterator[Callable[[Predicate], set[int]]]:
    """Says who matches each of some trees as of an instant, set at once.

    Nothing is locked: whoever changes meanwhile is marked by that, and has to be asked again.
    """
    bulk = import_module("treaty.segments.bulk")  # a second to import, and most processes never ask
    with bulk.everybody(list(trees), at) as engine:
        compiler = bulk.Compiler(engine, at, cache(lambda: everybody_scored(at)))
        yield lambda tree: {person for (person,) in engine.rows(compiler.members(tree))}


def found(trees: Iterable[Predicate], at: datetime) -> list[set[int]]:
    """Who matches each tree as of an instant."""
    asked = list(trees)
    with everybody(asked, at) as matching:
        return [matching(tree) for tree in asked]


def counted(tree: Predicate, at: datetime) -> Count:
    """How many match a tree as of an instant, by a bounded piece of work."""
    if any(isinstance(node, EngagementAtLeast | FitAtLeast | FitIn | GradeIn) for node in nodes(tree.match)):
        [(total, last)] = sql.ask(
            f"SELECT COUNT(*), COALESCE(MAX(id), 0) FROM people_person WHERE id {people.NOT_BINNED}"
        )
        if total > SAMPLES * SAMPLE:
            return Count(_estimated(tree, at, total, last), is_about=True)
    bulk = import_module("treaty.segments.bulk")  # as in `everybody`
    with bulk.Installed() as engine:
        members = bulk.Compiler(engine, at, lambda: everybody_scored(at)).members(tree)
        number = len(engine.rows(members.limit(MOST_COUNTED + 1)))
    return Count(min(number, MOST_COUNTED), is_more=number > MOST_COUNTED)


def _estimated(tree: Predicate, at: datetime, total: int, last: int) -> int:
    """The share of a sample spread over all ids, of all persons."""
    spread = {
        person
        for number in range(SAMPLES)
        for person in people.person_ids(after=last * number // SAMPLES, limit=SAMPLE)
    }
    inside = Crowd(states_for([tree], spread, at), at, segments_of(spread)).matching(tree)
    return round(len(inside) * total / len(spread))


def everybody_waking(tree: Predicate, at: datetime) -> Mapping[int, PersonState]:
    """The states, without touches, of all whom time alone may move although nothing they did begins or ceases to count."""
    asked = list(nodes(tree.match))
    known: dict[int, PersonState] = {}
    if any(isinstance(node, EngagementAtLeast | GradeIn) for node in asked):
        known |= everybody_scored(at)
    of_persons, of_deals = dates_used(tree)
    holders = sorted(
        {person for name in of_persons for person in _holders(name)}
        | {person for name in of_deals for person in _holders(name, is_of_deal=True)}
    )
    for start in range(0, len(holders), AT_ONCE):
        known |= states(holders[start : start + AT_ONCE], at, ())
    return known


def _holders(name: str, *, is_of_deal: bool = False) -> list[int]:
    """The persons of whom, or of whose company or deals, a field of the company's own holds something."""
    record = "deal" if is_of_deal else "company" if name.startswith(OF_COMPANY) else "person"
    statement = f"SELECT {HOLDERS[record]} WHERE v.field_id IN (SELECT id FROM fields_field WHERE record = %s AND key = %s)"
    key = name.removeprefix(OF_COMPANY if record == "company" else OWN)
    return [person for (person,) in sql.ask(statement, [record, key])]


HOLDERS = {
    "person": "v.record_id FROM fields_value v",
    "company": "p.id FROM fields_value v JOIN people_person p ON p.company_id = v.record_id",
    "deal": (
        "DISTINCT d.person_id FROM fields_value v JOIN deals_deal d ON d.id = v.record_id AND d.person_id IS NOT NULL"
    ),
}
"""Whose the records of each kind are that hold a value `v`."""


def persons_touching(trees: Iterable[Predicate], after: datetime, until: datetime) -> set[tuple[int, str]]:
    """Whose touches began to count for one of the trees, or ceased to, in (after, until], and of which kind they are."""
    edges = {
        (step.did, window)
        for tree in trees
        for node in nodes(tree.match)
        for step, days in steps(node)
        for window in (0.0, *(() if days is None else (days,)))
    }
    return {
        (person, kind)
        for kind, window in sorted(edges)
        for person in _persons_between(kind, window, after, until)
    }


def _persons_between(kind: str, window: float, after: datetime, until: datetime) -> list[int]:
    """The persons with touches of a kind in (after - window, until - window], by the ledger's index of kinds and times."""
    statement = (
        "SELECT DISTINCT i.person_id FROM ledger_touchpoint t JOIN people_personidentity i ON i.identity_id = t.subject_id"
        " WHERE t.kind = %s AND t.occurred_at > %s AND t.occurred_at <= %s AND t.subject_kind = 'identity'"
    )
    back = timedelta(days=window)
    with connection.cursor() as cursor:
        cursor.execute(statement, [kind, sql.stamp(after - back), sql.stamp(until - back)])
        return [person for (person,) in cursor.fetchall()]
