"""Every model shares out exactly what converted, as its definition says."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.attribution.rules.attributing import MEANINGS, credits_of, names_of, parsed
from treaty.attribution.rules.intervals import intervals, resampled
from treaty.attribution.rules.paths import made
from treaty.attribution.rules.sharing import SHARES
from treaty.attribution.tests import twins
from treaty.attribution.tests.oracles import BY_HAND
from treaty.attribution.tests.twins import Credited, Told, journeys, paths_of
from treaty.kit.rules.refusals import Refused

BY_PLACE = [*SHARES, "decay:3"]
ALL = [
    parsed(text)
    for text in (*BY_PLACE, "markov:1", "markov:2", "markov:3", "markov:4", "shapley", "shapley:rate")
]


def credited(told: list[Told], model: str, direct: str = "") -> Credited:
    """Credit by channel."""
    paths = paths_of(told)
    found = credits_of(paths, [parsed(model)], direct=direct)[0].by_channel
    return {name: (float(one), float(two)) for name, (one, two) in zip(paths.names, found, strict=True)}


Crediting = Callable[..., Credited]
crediting = pytest.mark.parametrize("by", [credited, twins.credited], ids=["kernel", "twin"])


@given(journeys())
def test_credit_sums_to_conversions_and_to_value_for_every_model(told: list[Told]) -> None:
    paths = paths_of(told)
    for credit in credits_of(paths, ALL, direct="d"):
        whole = paths.totals[:2]
        assert np.allclose(credit.by_channel.sum(axis=0), whole, rtol=1e-12, atol=1e-12), credit.model.name


@given(journeys(), st.sampled_from(BY_PLACE))
def test_models_by_place_follow_their_definition(told: list[Told], model: str) -> None:
    twin = twins.by_rule(told, parsed(model).kind, direct="d", half_life=3.0)
    assert credited(told, model, "d") == {name: pytest.approx(both, abs=1e-9) for name, both in twin.items()}


@given(journeys(), st.sampled_from(["sum", "rate"]))
def test_shapley_is_the_mean_gain_over_all_orders(told: list[Told], game: str) -> None:
    twin = twins.shapley(told, game)
    assert credited(told, f"shapley:{game}") == {
        name: pytest.approx(both, abs=1e-9) for name, both in twin.items()
    }


@crediting
@pytest.mark.parametrize(
    ("model", "touches", "credit"),
    [
        ("position", "a", {"a": 1.0}),
        ("position", "ab", {"a": 0.5, "b": 0.5}),
        ("position", "abcd", {"a": 0.4, "b": 0.1, "c": 0.1, "d": 0.4}),
        ("position", "aba", {"a": 0.8, "b": 0.2}),
        ("last-non-direct", "abd", {"a": 0.0, "b": 1.0, "d": 0.0}),
        ("last-non-direct", "dd", {"d": 1.0}),
    ],
)
def test_models_by_place_on_paths_counted_by_hand(
    model: str, touches: str, credit: dict[str, float], by: Crediting
) -> None:
    found = {name: both[0] for name, both in by([Told(tuple(touches))], model, "d").items()}
    assert found == pytest.approx(credit)


@crediting
@pytest.mark.parametrize(
    ("model", "lead", "opportunity", "credit"),
    [
        ("u", 1, -1, (0.4, 0.4, 0.1, 0.1)),
        ("u", 0, -1, (0.8, 0.2 / 3, 0.2 / 3, 0.2 / 3)),
        ("u", -1, -1, (2 / 3, 1 / 9, 1 / 9, 1 / 9)),
        ("w", 1, 2, (0.3, 0.3, 0.3, 0.1)),
        ("full", 1, 3, (0.225, 0.225, 0.1, 0.45)),
        ("full", 1, 2, (0.25, 0.25, 0.25, 0.25)),  # nobody is left for the 10 %: four times 22.5 of 90
    ],
)
def test_milestone_models_by_hand(
    model: str, lead: int, opportunity: int, credit: tuple[float, ...], by: Crediting
) -> None:
    told = [Told(tuple("abcz"), lead=lead, opportunity=opportunity)]
    assert [both[0] for both in by(told, model).values()] == pytest.approx(credit)


@crediting
def test_time_decay_halves_by_the_half_life(by: Crediting) -> None:
    # Three days before: 1/2; six days: 1/4; together with 1 on the day: 4/7, 2/7, 1/7.
    told = [Told(tuple("abc"), ages=(6.0, 3.0, 0.0))]
    old = [replace(told[0], ages=(90_006.0, 90_003.0, 90_000.0))]
    for paths in (told, old):
        assert [both[0] for both in by(paths, "decay:3").values()] == pytest.approx([1 / 7, 2 / 7, 4 / 7])


@pytest.mark.parametrize("told", BY_HAND, ids=lambda told: told[0].touches)
def test_twins_give_what_was_worked_out_by_hand(told: list[Told]) -> None:
    """The figures themselves are oracles, which judge the kernels."""
    for model in (*SHARES, "markov:1", "markov:2", "markov:3", "markov:4", "shapley", "shapley:rate"):
        twin = {name: pytest.approx(both, abs=1e-9) for name, both in twins.credited(told, model).items()}
        assert credited(told, model) == twin, model


def test_names_of_models_are_read_and_written() -> None:
    asked = ["first", "decay", "decay:14", "markov", "markov:3", "shapley", "shapley:rate"]
    told = ["first", "decay:7", "decay:14", "markov:1", "markov:3", "shapley", "shapley:rate"]
    assert names_of(map(parsed, asked)) == told
    assert {parsed(name).kind for name in [*asked, *SHARES]} == set(MEANINGS)


@pytest.mark.parametrize(
    "text", ["", "best", "markov:5", "markov:0", "decay:-1", "decay:x", "shapley:other", "first:2"]
)
def test_an_unknown_model_is_refused_with_those_that_are_known(text: str) -> None:
    with pytest.raises(Refused, match=r"There is no model .* markov:1 to markov:4") as refused:
        parsed(text)
    assert refused.value.reason == "bad_model"


@pytest.mark.parametrize("model", ["u", "decay:7", "shapley:rate"])
def test_models_name_what_they_lack(model: str) -> None:
    names = [str(number) for number in range(21)]
    paths = made(names, np.arange(21), np.array([0, 21]), np.array([[1.0, 0.0, 0.0]]))
    with pytest.raises(Refused) as refused:
        credits_of(paths, [parsed(model)])
    assert refused.value.reason == {"u": "no_marks", "decay:7": "no_times"}.get(model, "too_many_channels")


def test_where_none_converted_there_is_nothing_to_share() -> None:
    for model in ALL:
        with pytest.raises(Refused) as refused:
            credits_of(paths_of([Told(("a",), 0, 0, 5, (0.0,))]), [model])
        assert refused.value.reason == "none_converted"


@crediting
def test_one_channel_has_all_credit_and_so_where_all_converted(by: Crediting) -> None:
    for model in (*BY_PLACE, "markov:1", "markov:2", "shapley", "shapley:rate"):
        assert by([Told(("a", "a"), 2, 7.0, 0, (1.0, 0.0))], model) == {"a": pytest.approx((2.0, 7.0))}


@pytest.mark.parametrize(
    ("starts", "channels", "outcome", "reason"),
    [
        ([0], [], [], "empty"),
        ([0, 0], [], [[1, 0, 0]], "bad_path"),
        ([0, 2], [0], [[1, 0, 0]], "bad_path"),
        ([0, 1], [2], [[1, 0, 0]], "bad_channel"),
        ([0, 1], [-1], [[1, 0, 0]], "bad_channel"),
        ([0, 1], [0], [[1, 0, 0], [1, 0, 0]], "bad_outcome"),
        ([0, 1], [0], [[np.nan, 0, 0]], "bad_outcome"),
        ([0, 1], [0], [[1, -1, 0]], "negative"),
        ([0, 1], [0], [[0, 5, 1]], "value_alone"),
    ],
)
def test_paths_that_are_none_are_refused(
    starts: list[int], channels: list[int], outcome: list[list[float]], reason: str
) -> None:
    outcomes = np.array(outcome, float).reshape(-1, 3)
    with pytest.raises(Refused) as refused:
        made(["a", "b"], np.array(channels, int), np.array(starts), outcomes)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("ages", "marks", "reason"),
    [
        ([-1.0, -2.0], None, "bad_age"),
        ([np.nan, 0.0], None, "bad_age"),
        ([1.0], None, "bad_age"),
        ([0.0, 1.0], None, "unsorted"),
        (None, [[2, 0]], "bad_mark"),
    ],
)
def test_ages_and_marks_outside_of_a_path_are_refused(
    ages: list[float] | None, marks: list[list[int]] | None, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        made(
            ["a"], np.array([0, 0]), np.array([0, 2]), np.array([[1.0, 0.0, 0.0]]),
            ages=None if ages is None else np.array(ages), marks=None if marks is None else np.array(marks, np.int32),
        )  # fmt: skip
    assert refused.value.reason == reason


def test_an_interval_is_as_wide_as_chance_makes_it() -> None:
    # Of 400 conversions that are all a's, a Poisson number comes again: 400 -+ 1.96 * 20.
    paths = paths_of([Told(("a",), 400, 800.0, 100), Told(("b",), 0, 0, 50)])
    found = intervals(paths, [parsed("last"), parsed("markov:1")], seed=7, replicates=2000)
    assert found.shape == (2, 2, 2, 2)
    assert found[0, 0, 0] == pytest.approx([361, 439], abs=4)
    assert found[0, 0, 1] == pytest.approx(2 * found[0, 0, 0])
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[:, 1], np.zeros((2, 2, 2)))


def test_the_same_seed_gives_the_same_interval() -> None:
    paths = paths_of([Told(("a", "b"), 3, 9.0, 2), Told(("b",), 2, 1.0, 4)])
    once, again, other = (
        intervals(paths, [parsed("shapley")], seed=seed, replicates=20) for seed in (1, 1, 2)
    )
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_replicates_in_which_nothing_converts_are_no_credit() -> None:
    paths = paths_of([Told(("a",), 1, 5.0, 0)])
    assert not resampled(paths, np.random.default_rng(3)).outcomes[:, 1].any()
    assert intervals(paths, [parsed("markov:1")], seed=3, replicates=50)[0, 0, 0, 0] == 0.0


@pytest.mark.parametrize(("replicates", "level"), [(19, 0.95), (50, 0.0), (50, 1.0)])
def test_an_interval_of_too_little_is_refused(replicates: int, level: float) -> None:
    with pytest.raises(Refused, match="20 replicates"):
        intervals(paths_of([Told(("a",))]), [parsed("last")], seed=1, replicates=replicates, level=level)
