"""The Markov removal effect is that of a linear solve for each removal, for every order; counts add over periods."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.attribution.rules.attributing import credits_of, markov, parsed
from treaty.attribution.rules.removal import removal
from treaty.attribution.rules.transitions import (
    Transitions,
    added,
    counted,
    empty,
    lowered,
    packed,
    renamed,
    unpacked,
)
from treaty.attribution.tests import twins
from treaty.attribution.tests.twins import Told, journeys, paths_of
from treaty.kit.rules.refusals import Refused

ORDERS = st.integers(1, 4)


def equal(one: Transitions, other: Transitions) -> bool:
    """Whether two counts are the same."""
    arrays = (("begins", "moves", "ends")[place] for place in range(3))
    same = all(np.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-9) for name in arrays)
    return same and one.names == other.names and one.order == other.order


@given(journeys(channels="abc"), ORDERS)
def test_removal_effects_are_those_of_one_solve_for_each_removal(told: list[Told], order: int) -> None:
    paths = paths_of(told)
    found = removal(counted(paths, order))
    twin = twins.removal_effects(told, order)
    assert found.effects == pytest.approx(np.array([twin[name] for name in paths.names]), abs=1e-9)


@given(journeys(longest=12), ORDERS)
def test_flow_is_conserved(told: list[Told], order: int) -> None:
    paths = paths_of(told)
    found = removal(counted(paths, order))
    conversions, _, nulls = paths.totals
    assert abs(found.probability - conversions / (conversions + nulls)) < 1e-9
    assert abs(found.difference) < 1e-9
    assert ((found.effects >= 0) & (found.effects <= 1 + 1e-12)).all()


@given(journeys(), ORDERS, st.data())
def test_counts_of_a_lower_order_lie_in_those_of_a_higher(
    told: list[Told], order: int, data: st.DataObject
) -> None:
    lower = data.draw(st.integers(1, order))
    paths = paths_of(told)
    assert equal(lowered(counted(paths, order), lower), counted(paths, lower))


@given(journeys(), journeys(channels="cdxy"), ORDERS)
def test_counts_add_over_periods_with_channels_of_their_own(
    one: list[Told], two: list[Told], order: int
) -> None:
    together = counted(paths_of(one + two), order)
    assert equal(added([counted(paths_of(one), order), counted(paths_of(two), order)]), together)


@given(journeys(), ORDERS)
def test_counts_that_were_kept_come_back(told: list[Told], order: int) -> None:
    counts = counted(paths_of(told), order)
    places, amounts = packed(counts)
    assert equal(unpacked(counts.names, order, places, amounts), counts)
    twice = unpacked(counts.names, order, np.tile(places, 2), np.tile(amounts, 2))
    assert equal(twice, added([counts, counts]))


@given(journeys(), ORDERS)
def test_a_solve_from_kept_counts_is_the_pass_over_the_paths(told: list[Told], order: int) -> None:
    paths = paths_of(told)
    fresh = credits_of(paths, [parsed(f"markov:{order}")])[0]
    assert markov(counted(paths, 4), order).by_channel == pytest.approx(fresh.by_channel, abs=1e-9)


def test_channels_nobody_met_lose_nothing() -> None:
    paths = paths_of([Told(("a", "b", "b", "a"), 1, 2.0, 1)], names="xyz")
    for order in range(1, 5):
        assert not removal(counted(paths, order)).effects[2:].any()


def test_paths_that_turn_round_and_round_are_followed_to_their_end() -> None:
    # Of fifty rounds through three channels one leaves: slow to absorb, and of period three.
    turning = Told(tuple("abc" * 50), 1, 1.0, 0)
    for order in (2, 3):
        found = removal(counted(paths_of([turning, Told(("a",) * order, 0, 0, 3)]), order))
        assert found.probability == pytest.approx(0.25, abs=1e-9)
        assert found.effects[:, 0] == pytest.approx([1, 1, 1])


def test_steps_are_few_where_paths_are_short() -> None:
    assert 0 < removal(counted(paths_of([Told(tuple("abcd")), Told(tuple("dcba"), 0, 0, 2)]), 3)).steps < 24


@pytest.mark.parametrize(
    ("size", "order", "reason"), [(3, 0, "bad_order"), (3, 5, "bad_order"), (40, 4, "too_many_channels")]
)
def test_orders_that_cannot_be_are_refused(size: int, order: int, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        empty([str(number) for number in range(size)], order)
    assert refused.value.reason == reason


def test_counts_that_do_not_fit_are_refused() -> None:
    one, two = empty("ab", 1), empty("ab", 2)
    for wrong, reason in (
        (lambda: added([]), "empty"),
        (lambda: added([one, two]), "mixed_orders"),
        (lambda: lowered(one, 2), "bad_order"),
        (lambda: unpacked("ab", 1, np.array([99]), np.ones(1)), "bad_place"),
        (lambda: removal(one), "none_converted"),
    ):
        with pytest.raises(Refused) as refused:
            wrong()
        assert refused.value.reason == reason
    assert renamed(one, "ab") is one
