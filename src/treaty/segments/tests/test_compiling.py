"""A tree finds the same persons asked one by one in Python, many at once, by the installation's engine, and in the lake."""

import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treaty.scoring.commands import score_again
from treaty.scoring.tests.factories import model
from treaty.segments.models import Membership
from treaty.segments.queries import segments_of, states, states_for
from treaty.segments.rules import Crowd, Predicate, kinds_used, matches, parse
from treaty.segments.rules.predicate import MOST_NODES, size
from treaty.segments.tests.trees import TREES
from treaty.segments.tests.world import AT, found_here, found_in_lake, keep_a_lake, settle

pytestmark = pytest.mark.django_db


@pytest.fixture(name="persons")
def settled(settings: Any, tmp_path: Path) -> list[int]:
    settings.HOME = tmp_path
    model()
    persons = keep_a_lake(random.Random(5), settle())
    score_again(persons, at=AT)
    for segment in (1, 2, 3):
        inside = persons[segment::3]
        Membership.objects.bulk_create(
            Membership(segment_id=segment, person_id=one, since=AT) for one in inside
        )
    return persons


def asked_one_by_one(trees: Sequence[Predicate], persons: Collection[int]) -> list[set[int]]:
    inside = segments_of(persons)

    def asked(tree: Predicate) -> set[int]:
        seen = {
            person: replace(state, segments=[one for one, who in inside.items() if person in who])
            for person, state in states(persons, AT, kinds_used(tree)).items()
        }
        return {person for person in persons if matches(tree, seen[person], AT)}

    return [asked(tree) for tree in trees]


@settings(max_examples=14, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nodes=st.lists(TREES, min_size=4, max_size=4))
def test_a_tree_finds_the_same_persons_everywhere(persons: list[int], nodes: list[dict[str, Any]]) -> None:
    trees = [parse({"match": node}) for node in nodes]
    one_by_one = asked_one_by_one(trees, persons)
    assert found_here(trees, persons) == one_by_one
    assert found_in_lake(trees, persons) == one_by_one
    crowd = Crowd(states_for(trees, persons, AT), AT, segments_of(persons))
    assert [crowd.matching(tree) for tree in trees] == one_by_one


def test_many_values_go_by_way_of_a_table(persons: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.segments.bulk.values.FEW", 2)
    tree = parse({"match": {"all": [
        {"attribute": "email", "contains": "example"},
        {"did": "PageSeen", "where": {"page": {"known": True}}},
        {"not": {"fit_in": ["A"]}},
    ]}})  # fmt: skip
    [one_by_one] = asked_one_by_one([tree], persons)
    assert one_by_one
    assert found_here([tree], persons) == [one_by_one]
    assert found_in_lake([tree], persons) == [one_by_one]


@pytest.mark.parametrize("kind", ["any", "all"])
def test_the_largest_tree_that_is_read_is_answered(persons: list[int], kind: str) -> None:
    parts: list[dict[str, Any]] = [
        {"not": {"attribute": "country", "is": f"{place}"}}
        if place % 3
        else {"not": {"did": "MailOpened", "times": place}}
        for place in range(3, 152)
    ]
    tree = parse({"match": {kind: [*parts, {"attribute": "country", "is": "PL"}]}})
    assert size(tree.match) == MOST_NODES
    one_by_one = asked_one_by_one([tree], persons)
    assert one_by_one != [set()]
    assert found_here([tree], persons) == one_by_one
    assert found_in_lake([tree], persons) == one_by_one
