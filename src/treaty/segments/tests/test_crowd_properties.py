"""Many persons asked at once: the same persons as one by one, on generated trees and histories."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.segments.rules import Crowd, PersonState, Touch, matches, parse, spans
from treaty.segments.tests.oracle import fits
from treaty.segments.tests.trees import TREES

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
KINDS = ("PageSeen", "FormSubmitted", "EventAttended")
TEXTS = ("/pricing", "/Pricing/eu", "straße", "STRASSE", "7", "gold", "medical", "")
MICROSECOND = timedelta(microseconds=1)


def crowd(seed: int) -> dict[int, PersonState]:
    """Persons drawn by chance; touches lie on the edges of windows, beside them, and ahead."""
    chance = random.Random(seed)
    return {person: somebody(chance) for person in range(chance.randrange(1, 25))}


def somebody(chance: random.Random) -> PersonState:
    return PersonState(
        attributes={
            "name": chance.choice(TEXTS),
            "country": chance.choice(("PL", "pl", "", "DE")),
            "tags": chance.sample(TEXTS, chance.randrange(3)),
            "has_email": chance.random() < 0.5,
            "owner": chance.choice((None, 1, 7)),
            "company": chance.choice(
                (None, {"sector": "Medical", "employees": 120, "fields": own(chance)}, {"sector": ""})
            ),
            "fields": own(chance),
        },
        deals=[deal(chance) for _ in range(chance.randrange(4))],
        touches=[touch(chance) for _ in range(chance.randrange(9))],
        engagement=chance.choice((0.0, 20.0, 90.5)),
        fit=chance.choice(("", "A", "D")),
        grade=chance.choice(("", "A1", "B2")),
        segments=chance.sample((1, 2, 3), chance.randrange(4)),
    )


def own(chance: random.Random) -> dict[str, object]:
    """What fields of one's own hold, also what none of a kind ever would."""
    return {
        "size": chance.choice((None, 1, 1.0, True, "1", 0.1)),
        "motto": chance.choice(TEXTS),
        "plan": chance.choice((None, "gold")),
        "uses": chance.sample(("gold", "7"), chance.randrange(3)),
        "since": chance.choice((None, "2026-11-19", "2026-11-12", "no day")),
        "until": chance.choice((None, "2026-11-20", "2026-12-19")),
    }


def deal(chance: random.Random) -> dict[str, object]:
    return {
        "name": chance.choice(TEXTS),
        "product": chance.choice(("", "gold")),
        "stage": chance.choice(("gold", "won")),
        "state": chance.choice(("open", "won")),
        "value": chance.choice((None, 5.0, 500.0)),
        "currency": chance.choice(("", "EUR")),
        "owner": chance.choice((None, 7)),
        "fields": own(chance),
    }


def members(states: Mapping[int, PersonState]) -> dict[int, set[int]]:
    """Who is in which segment."""
    return {one: {person for person, state in states.items() if one in state.segments} for one in (1, 2, 3)}


def touch(chance: random.Random) -> Touch:
    edge = AT - timedelta(days=chance.choice((0, 0.5, 1, 7, 30, 31)))
    at = edge + chance.choice((timedelta(), MICROSECOND, -MICROSECOND, timedelta(hours=-5)))
    values = {
        "page": chance.choice(TEXTS),
        "seconds": chance.choice((0, 5, 12.0)),
        "answers": {"timing": "7"},
    }
    return Touch(chance.choice(KINDS), at, values)


@settings(max_examples=150)
@given(node=TREES, seed=st.integers(0, 500))
def test_a_crowd_finds_whom_asking_one_by_one_finds(node: dict[str, Any], seed: int) -> None:
    tree, states = parse({"match": node}), crowd(seed)
    one_by_one = {person for person, state in states.items() if matches(tree, state, AT)}
    assert Crowd(states, AT, members(states)).matching(tree) == one_by_one


@settings(max_examples=300)
@given(node=TREES, seed=st.integers(0, 500))
def test_asking_one_by_one_finds_whom_a_plain_reading_of_the_language_finds(
    node: dict[str, Any], seed: int
) -> None:
    tree = parse({"match": node})
    for state in crowd(seed).values():
        assert matches(tree, state, AT) is fits(node, state, AT)


@settings(max_examples=60)
@given(node=TREES, seed=st.integers(0, 500))
def test_what_lies_behind_the_span_of_a_tree_changes_nothing(node: dict[str, Any], seed: int) -> None:
    tree, states = parse({"match": node}), crowd(seed)
    looked = spans([tree])
    near = {
        person: PersonState(
            state.attributes,
            [one for one in state.touches if one.kind in looked and is_near(one, looked[one.kind])],
            state.engagement,
            state.fit,
            state.grade,
            deals=state.deals,
        )
        for person, state in states.items()
    }
    assert Crowd(near, AT).matching(tree) == Crowd(states, AT).matching(tree)


def is_near(one: Touch, days: float | None) -> bool:
    return days is None or one.at > AT - timedelta(days=days)


def test_a_span_is_the_longest_window_or_everything() -> None:
    week = parse({"match": {"did": "PageSeen", "within_days": 7}})
    month = parse({"match": {"sequence": [{"did": "PageSeen"}, {"did": "FormSubmitted"}], "within_days": 30}})
    ever = parse({"match": {"not": {"did": "PageSeen"}}})
    first = parse({"match": {"first": "FormSubmitted", "within_days": 7}})
    assert spans([week]) == {"PageSeen": 7}
    assert spans([week, month]) == {"PageSeen": 30, "FormSubmitted": 30}
    assert spans([week, ever, month]) == {"PageSeen": None, "FormSubmitted": 30}
    assert spans([first, month]) == {"FormSubmitted": None, "PageSeen": 30}


def test_one_and_true_are_two_values() -> None:
    states = {1: PersonState({"owner": 1}), 2: PersonState({"owner": True}), 3: PersonState({"owner": 1.0})}
    assert Crowd(states, AT).matching(parse({"match": {"attribute": "owner", "is": 1}})) == {1, 3}
    assert Crowd(states, AT).matching(parse({"match": {"attribute": "owner", "is": True}})) == {2}
