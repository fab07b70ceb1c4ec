"""A tree finds the same persons asked one by one in Python, set at once by the installation's engine, and by DuckDB."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treaty.scoring.commands import score_again
from treaty.scoring.tests.factories import model
from treaty.segments.queries import states
from treaty.segments.rules import kinds_used, matches, parse
from treaty.segments.tests.world import (
    AT,
    CITIES,
    COUNTRIES,
    NAMES,
    PAGES,
    TAGS,
    Duck,
    found_by,
    found_here,
    settle,
)

pytestmark = pytest.mark.django_db

TEXT = st.sampled_from((*NAMES, *CITIES, *COUNTRIES, *PAGES, *TAGS, "a", "ß", "ss", "example", "medical"))
ONE = st.one_of(TEXT, st.sampled_from((5, 120, 5.0, True, False, 7, 0.1, "gold", "2026-11-19", 500)))
TESTS = st.one_of(
    st.builds(lambda value: {"is": value}, ONE),
    st.builds(lambda values: {"in": values}, st.lists(ONE, min_size=1, max_size=3)),
    st.builds(lambda value: {"contains": value or "a"}, TEXT),
    st.builds(lambda value: {"at_least": value}, st.sampled_from((0, 5, 12, 119.5))),
    st.builds(lambda value: {"at_most": value}, st.sampled_from((0, 5, 12, 119.5))),
    st.builds(lambda value: {"known": value}, st.booleans()),
)
ATTRIBUTES = st.sampled_from((
    "name", "email", "phone", "country", "city", "stage", "owner", "tags", "consents", "has_email", "has_phone", "unsubscribed",
    "do_not_call", "company.name", "company.sector", "company.employees", "company.nothing", "name.first", "nothing",
    "fields.motto", "fields.size", "fields.budget", "fields.since", "fields.plan", "fields.uses", "fields.nothing",
))  # fmt: skip
FIELDS = st.sampled_from(("page", "seconds", "minutes", "answers", "answers.timing", "form", "nothing"))
DID = st.builds(
    lambda did, where, times, days: (
        {"did": did, "where": where, "times": times} | ({"within_days": days} if days else {})
    ),
    st.sampled_from(("PageSeen", "FormSubmitted", "EventAttended", "NeverHappened")),
    st.dictionaries(FIELDS.filter(lambda name: name != "answers"), TESTS, max_size=2),
    st.integers(1, 4),
    st.sampled_from((None, 1, 7, 30, 0.5)),
)
STEPS = st.builds(
    lambda did, where: {"did": did, "where": where},
    st.sampled_from(("PageSeen", "FormSubmitted", "EventAttended", "NeverHappened")),
    st.dictionaries(FIELDS.filter(lambda name: name != "answers"), TESTS, max_size=1),
)
DAYS = st.sampled_from((1, 7, 30, 0.5))
IN_TURN = st.one_of(
    st.builds(
        lambda which, step, span, days: {which: step["did"], "where": step["where"], span: days},
        st.sampled_from(("first", "last")), STEPS, st.sampled_from(("within_days", "longer_than_days")), DAYS,
    ),
    st.builds(
        lambda steps, days: {"sequence": steps} | ({"within_days": days} if days else {}),
        st.lists(STEPS, min_size=2, max_size=3), st.none() | DAYS,
    ),
    st.builds(lambda one, two, times: {"since": one, "then": two, "times": times}, STEPS, STEPS, st.integers(1, 3)),
)  # fmt: skip
OWN_DATES = st.sampled_from(("fields.since", "fields.until", "fields.motto", "fields.uses", "fields.nothing"))
NEAR = st.none() | st.sampled_from((-10_000, -8, -7, 0, 1, 30))
DATES = st.builds(
    lambda date, of, low, high: {
        key: value for key, value in {"date": date, "of": of, "from_days": low, "to_days": high}.items() if value is not None
    },
    OWN_DATES, st.none() | OWN_DATES, NEAR, NEAR,
).filter(lambda node: "from_days" in node or "to_days" in node)  # fmt: skip
LEAVES = st.one_of(
    st.builds(lambda name, test: {"attribute": name} | test, ATTRIBUTES, TESTS),
    st.builds(lambda known: {"attribute": "company", "known": known}, st.booleans()),
    DID,
    IN_TURN,
    DATES,
    st.builds(lambda points: {"engagement_at_least": points}, st.sampled_from((1, 20, 50, 90.5))),
    st.builds(lambda letter: {"fit_at_least": letter}, st.sampled_from("ABCD")),
    st.builds(lambda letters: {"fit_in": letters}, st.lists(st.sampled_from("ABCD"), min_size=1)),
    st.builds(
        lambda grades: {"grade_in": grades}, st.lists(st.sampled_from(("A1", "B2", "C3", "D4")), min_size=1)
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


@pytest.fixture(name="persons")
def settled() -> list[int]:
    model()
    persons = settle()
    score_again(persons, at=AT)
    return persons


@settings(max_examples=24, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nodes=st.lists(TREES, min_size=4, max_size=4))
def test_a_tree_finds_the_same_persons_everywhere(persons: list[int], nodes: list[dict[str, Any]]) -> None:
    duck = Duck()
    for node in nodes:
        tree = parse({"match": node})
        seen = states(persons, AT, kinds_used(tree))
        one_by_one = {person for person in persons if matches(tree, seen[person], AT)}
        assert found_here(tree, persons) == one_by_one
        assert found_by(duck, tree, persons) == one_by_one


def test_many_values_go_by_way_of_a_table(persons: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.segments.bulk.compiling.FEW", 2)
    tree = parse({"match": {"all": [
        {"attribute": "email", "contains": "example"},
        {"did": "PageSeen", "where": {"page": {"known": True}}},
        {"not": {"fit_in": ["A"]}},
    ]}})  # fmt: skip
    seen = states(persons, AT, kinds_used(tree))
    one_by_one = {person for person in persons if matches(tree, seen[person], AT)}
    assert one_by_one
    assert found_here(tree, persons) == one_by_one
    assert found_by(Duck(), tree, persons) == one_by_one
