"""Learning: finds what is there, says why, comes back from JSON, repeats itself by its seed, refuses what carries nothing."""

import json
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted import calibration, training
from treaty.scoring.rules.predicted import model as models
from treaty.scoring.rules.predicted.cells import learned
from treaty.scoring.rules.predicted.columns import Choices, Column, Numbers, choices
from treaty.scoring.rules.predicted.model import Kind, probability
from treaty.scoring.rules.predicted.tables import naive_bayes
from treaty.scoring.rules.predicted.training import folds, kinds, train
from treaty.scoring.rules.predicted.validation import cross_validated, forward, splits
from treaty.scoring.tests.made import made

KINDS: tuple[Kind, ...] = ("naive_bayes", "logistic", "trees")


@pytest.mark.parametrize("kind", KINDS)
def test_reasons_and_base_are_the_log_odds_of_the_score(kind: Kind) -> None:
    columns, outcome = made(900)
    model = train(columns, outcome, kind=kind, seed=1, inner=2)
    told = model.reasons(columns)
    total = told.base + told.shares.sum(axis=1)
    assert total == pytest.approx(model.log_odds(columns), abs=1e-9)
    assert probability(total) == pytest.approx(model.scores(columns), abs=1e-12)
    back = models.read(json.loads(json.dumps(model.data())))
    assert np.array_equal(back.scores(columns), model.scores(columns))
    assert np.array_equal(back.reasons(columns).shares, told.shares)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_model(kind: Kind) -> None:
    columns, outcome = made(600)
    first, second = (train(columns, outcome, kind=kind, seed=4, inner=2).data() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)


def test_trees_find_what_only_two_fields_together_tell() -> None:
    columns, outcome = made(3000)
    line, grown = (
        cross_validated(columns, outcome, kind=kind, seed=1, count=2, inner=2).measured
        for kind in ("logistic", "trees")
    )
    assert grown.auc > line.auc > 0.65
    assert grown.log_loss < line.log_loss
    assert grown.ece < 0.05


def test_levels_never_seen_and_blanks_are_scored_by_what_is_known() -> None:
    columns, outcome = made(900)
    for kind in KINDS:
        model = train(columns, outcome, kind=kind, seed=1, inner=2)
        score = {
            channel: model.scores([choices("channel", [channel] * 900), *columns[1:]])
            for channel in ("fax", "", "referral")
        }
        assert all(np.isfinite(one).all() for one in score.values())
        assert score["referral"].mean() > max(score["fax"].mean(), score[""].mean())  # referrals convert most


def test_naive_bayes_by_hand() -> None:
    # Four won, four lost; three won and one lost come by mail. Cells: blank, another, call, mail. Laplace adds one to each
    # of the three that are no blank: mail (3+1)/(4+3) against (1+1)/(4+3), log 2; call (1+1)/7 against (3+1)/7, -log 2.
    won = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
    column = choices("by", ["mail", "mail", "mail", "call", "mail", "call", "call", "call"])
    _, told = naive_bayes([column], won)
    assert told.base == 0.0
    assert told.entries[0][2:] == pytest.approx((-np.log(2), np.log(2)))


def test_a_blank_says_nothing_to_naive_bayes() -> None:
    columns, outcome = made(400)
    fields, told = naive_bayes(columns, outcome.astype(bool))
    blank: list[Column] = [
        Choices("channel", np.array([-1]), ()),
        *(Numbers(one.name, np.array([np.nan])) for one in columns[1:]),
    ]
    prior = np.log(outcome.mean() / (1 - outcome.mean()))
    assert told.margin(fields, blank)[0] == pytest.approx(prior)


def without(name: str, error: Exception) -> Any:
    def loaded(asked: str) -> Any:
        if asked == name:
            raise error
        return import_module(asked)

    return loaded


def test_without_the_library_of_trees_logistic_regression_is_trained_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lacking = OSError("libgomp.so.1: cannot open shared object file")
    monkeypatch.setattr(training, "import_module", without("lightgbm", lacking))
    tried, why = kinds(np.arange(1000) % 2 == 0)
    assert tried == ("logistic",)
    assert "libgomp.so.1" in why


def test_a_model_of_trees_scores_without_their_library(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, outcome = made(500)
    data = train(columns, outcome, kind="trees", seed=1, inner=2).data()
    for module in (training, calibration):
        monkeypatch.setattr(module, "import_module", without("lightgbm", OSError("none")))
    assert len(models.read(data).scores(columns)) == 500


@pytest.mark.parametrize(
    ("rarer", "tried"), [(20, ("naive_bayes",)), (199, ("naive_bayes",)), (200, ("logistic", "trees"))]
)
def test_how_many_outcomes_there_are_decides_the_kind(rarer: int, tried: tuple[Kind, ...]) -> None:
    for turned in (False, True):
        assert kinds((np.arange(1000) < rarer) ^ turned)[0] == tried


def refusal(columns: list[Any], outcome: list[float], kind: Kind = "naive_bayes") -> str:
    with pytest.raises(Refused) as refused:
        train(columns, np.array(outcome), kind=kind, seed=1)
    return refused.value.reason


def test_what_cannot_be_learned_is_refused() -> None:
    one = Numbers("n", np.array([1.0, 2.0]))
    assert refusal([], [1, 0]) == "no_fields"
    assert refusal([Numbers("n", np.array([]))], []) == "empty"
    assert refusal([one], [1, 0, 1]) == "uneven"
    assert refusal([Numbers("n", np.array([1.0, np.inf]))], [1, 0]) == "bad_number"
    assert refusal([one], [1, np.nan]) == refusal([one], [1, -1]) == refusal([one], [1, 0.5]) == "bad_outcome"
    assert refusal([one], [1, 1]) == refusal([one], [0, 0]) == "one_class"
    with pytest.raises(Refused) as refused:
        kinds(np.arange(100) < 19)
    assert refused.value.reason == "too_few"
    with pytest.raises(Refused, match="two parts at least"):
        folds(np.arange(100) < 50, 1, 1)


def test_a_field_that_is_gone_or_of_another_kind_is_refused() -> None:
    columns, outcome = made(400)
    model = train(columns, outcome, kind="naive_bayes", seed=1)
    with pytest.raises(Refused, match="channel"):
        model.scores(columns[1:])
    with pytest.raises(Refused, match="learned as a number"):
        model.scores([columns[0], choices("visits", ["x"] * 400), *columns[2:]])
    for data in ({}, {"version": 2}, {"version": 1, "kind": "trees"}):
        with pytest.raises(Refused) as refused:
            models.read(data)
        assert refused.value.reason == "not_a_model"


@given(st.integers(2, 5), st.integers(0, 9), st.lists(st.booleans(), min_size=6, max_size=40))
def test_every_row_is_judged_once_and_learned_from_otherwise(count: int, seed: int, told: list[bool]) -> None:
    won = np.array(told)
    parts = folds(won, count, seed)
    assert sorted(np.concatenate([judge for _, judge in parts]).tolist()) == list(range(len(won)))
    sizes = [won[judge].sum() for _, judge in parts]
    assert max(sizes) - min(sizes) <= 1
    for learn, judge in parts:
        assert sorted([*learn.tolist(), *judge.tolist()]) == list(range(len(won)))


@given(st.lists(st.integers(0, 12), min_size=4, max_size=40), st.integers(2, 6))
def test_forward_in_time_nobody_learns_from_what_comes_later(days: list[int], parts: int) -> None:
    times = np.array(days, dtype="datetime64[D]").astype("datetime64[us]")
    judged = []
    for learn, judge in splits(times, parts):
        assert times[learn].max() < times[judge].min()
        judged += judge.tolist()
    assert len(judged) == len(set(judged))


def test_forward_needs_times_and_enough_before() -> None:
    columns, outcome = made(300)
    times = np.arange(300).astype("datetime64[D]")
    told = forward(columns, outcome, times, kind="naive_bayes", seed=1, inner=2)
    assert told.measured.rows == 250
    blank = np.where(times == times[3], np.datetime64("NaT"), times)
    for told_times, reason in ((blank, "no_time"), (np.repeat(times[:1], 300), "too_short")):
        with pytest.raises(Refused) as refused:
            forward(columns, outcome, told_times, kind="naive_bayes", seed=1, inner=2)
        assert refused.value.reason == reason


def test_numbers_are_cut_where_rows_are() -> None:
    [field] = learned([Numbers("n", np.array([1.0, 1, 1, 2, 3, 4, np.nan]))], fewest=1, most=3)
    assert field.cells(Numbers("n", np.array([np.nan, 0, 1, 2, 9]))).tolist() == [0, 1, 1, 2, 3]
    assert [field.words(cell) for cell in range(4)] == ["blank", "at most 1", "above 1, at most 2", "above 2"]
