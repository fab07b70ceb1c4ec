"""A trained model on other leads: scores, reasons, drift, and promises beside what came."""

import numpy as np
import pytest

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.applied import applied
from treaty.scoring.rules.predicted.drift import baseline
from treaty.scoring.rules.predicted.measures import measured
from treaty.scoring.rules.predicted.training import train
from treaty.scoring.tests.made import made

COLUMNS, OUTCOME = made(300)
MODEL = train(COLUMNS, OUTCOME, kind="naive_bayes", seed=1, inner=2)
THEN = baseline(MODEL, COLUMNS)


def test_the_best_leads_are_told_with_reasons_that_add_up() -> None:
    scores, told = applied(MODEL, THEN, COLUMNS, first=3)
    assert scores == pytest.approx(MODEL.scores(COLUMNS))
    assert [scores[one["row"] - 1] for one in told["leads"]] == sorted(scores, reverse=True)[:3]
    for one in told["leads"]:
        assert one["base"] + sum(part["log_odds"] for part in one["reasons"]) == pytest.approx(
            one["log_odds"]
        )
    assert {one["psi"] for one in told["drift"]} == {0.0}
    assert told["outcomes"] is None
    assert applied(MODEL, THEN, COLUMNS, first=0)[1]["leads"] == []


def test_only_leads_whose_outcome_is_known_are_judged() -> None:
    known = np.arange(300) % 3 > 0
    scores, told = applied(MODEL, THEN, COLUMNS, np.where(known, OUTCOME, np.nan))
    assert told["outcomes"]["rows"] == 200
    assert told["outcomes"]["auc"] == measured(scores[known], OUTCOME[known].astype(bool)).auc
    assert told["outcomes"]["promised"] == pytest.approx(scores[known].mean())


@pytest.mark.parametrize(("outcome", "reason"), [(np.nan, "empty"), (1.0, "one_class"), (0.0, "one_class")])
def test_where_nothing_can_be_judged_the_answer_says_why(outcome: float, reason: str) -> None:
    told = applied(MODEL, THEN, COLUMNS, np.full(300, outcome))[1]
    assert told["outcomes"]["refused"] == reason


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(Refused, match="blank while nobody knows") as refused:
        applied(MODEL, THEN, COLUMNS, np.full(300, 0.5))
    assert refused.value.reason == "bad_outcome"
    with pytest.raises(Refused, match='needs the field "channel"') as refused:
        applied(MODEL, THEN, COLUMNS[1:])
    assert refused.value.reason == "no_field"
