"""Segments that ask for segments: the order in which they are asked, who asks for whom, circles."""

import pytest

from treaty.segments.rules import Predicate, asking_for, is_circle, matches, ordered, parse, segments_used
from treaty.segments.rules.state import PersonState
from treaty.segments.tests.test_predicate import AT


def asks(*numbers: int) -> Predicate:
    parts: list[object] = [{"segment": number} for number in numbers]
    parts = parts or [{"attribute": "country", "is": "PL"}]
    return parse({"match": {"any": [{"not": {"all": parts}}]}})


CHAIN = {1: asks(3), 2: asks(), 3: asks(4), 4: asks()}


def test_each_segment_is_asked_behind_those_that_it_asks_for() -> None:
    assert ordered(CHAIN) == [4, 3, 1, 2]
    assert segments_used(CHAIN[1]) == {3}


def test_who_asks_for_a_segment_may_do_so_by_way_of_another() -> None:
    assert asking_for(4, CHAIN) == [3, 1]
    assert asking_for(1, CHAIN) == []


@pytest.mark.parametrize(
    ("segment", "tree", "is_one"),
    [(4, asks(1), True), (4, asks(4), True), (4, asks(2), False), (2, asks(1), False)],
)
def test_a_circle_is_seen(segment: int, tree: Predicate, is_one: bool) -> None:
    assert is_circle(segment, tree, CHAIN) is is_one


def test_a_circle_that_came_to_be_all_the_same_has_an_end() -> None:
    assert sorted(ordered({1: asks(2), 2: asks(1), 3: asks(2)})) == [1, 2, 3]
    assert asking_for(1, {1: asks(2), 2: asks(1)}) == [2]


def test_a_segment_is_asked_for_by_who_is_in() -> None:
    tree = parse({"match": {"segment": 7}})
    assert matches(tree, PersonState(segments=(3, 7)), AT)
    assert not matches(tree, PersonState(segments=(3,)), AT)
