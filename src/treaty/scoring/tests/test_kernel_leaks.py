"""The leak guard names what knows the outcome, and drift what is no longer as it was."""

import json

import numpy as np
import pytest

from treaty.kit.rules.refusals import Refused
from treaty.scoring.rules.predicted.columns import Choices, Numbers, choices
from treaty.scoring.rules.predicted.drift import (
    baseline,
    by_chance,
    drift,
    over_time,
    psi,
    recalibrated,
    verdict,
)
from treaty.scoring.rules.predicted.leaks import finding, found
from treaty.scoring.rules.predicted.measures import spiegelhalter
from treaty.scoring.rules.predicted.model import probability
from treaty.scoring.rules.predicted.training import train
from treaty.scoring.tests.made import CHANNELS, made

WON = np.arange(400) % 4 == 0
CHANCE = np.random.default_rng(2).random(400)


def signs(name: str, texts: list[str]) -> tuple[str, bool] | None:
    said = finding(choices(name, texts), WON)
    return None if said is None else (said.reason, said.is_left_out)


def test_a_field_is_named_with_the_sign_it_shows() -> None:
    honest = ["a" if one < 0.5 else "b" for one in CHANCE]
    assert signs("Channel", honest) is None
    assert (
        signs("Last Activity", honest) == signs("latest_page".replace("_", " "), honest) == ("latest", True)
    )
    assert signs("Lead Quality", honest) == signs("Tags", honest) == ("judged", True)
    assert signs("Note", ["called" if won else "later" for won in WON]) == ("tells", True)
    assert signs("Channel", ["web"] * 400) == signs("Channel", [""] * 400) == ("constant", True)
    assert signs("Key", [f"k{n}" for n in range(400)]) == ("identifier", True)


def test_being_empty_is_a_sign_of_its_own() -> None:
    # Filled for all who converted and for a share of the others: the area of being empty is 1 - share / 2.
    def told(share: float) -> list[str]:
        return [
            "" if not won and one > share else "x" if n // 4 % 2 else "y"
            for n, (won, one) in enumerate(zip(WON, CHANCE, strict=True))
        ]

    assert signs("Occupation", told(0.5)) == ("empty_tells", True)
    assert signs("Occupation", told(0.7)) == ("empty_tells", False)
    assert signs("Occupation", told(0.95)) is None
    said = finding(choices("Occupation", told(0.5)), WON)
    assert said is not None
    assert said.rate_blank == 0.0
    assert said.blank == pytest.approx(0.75 * 0.5, abs=0.05)
    assert "0.0% convert where it is empty" in said.why


def test_numbers_that_count_are_no_identifier_and_those_that_number_rows_are() -> None:
    assert finding(Numbers("Seconds", CHANCE * 1000), WON) is None
    apart = np.random.default_rng(4).permutation(10_000_000)[:400].astype(float)
    assert finding(Numbers("Revenue", apart), WON) is None
    assert finding(Numbers("Number of visits in all years", apart), WON) is None
    for name, numbers in (("Row", np.arange(400.0)), ("Lead Number", apart), ("lead_id", apart)):
        said = finding(Numbers(name, numbers), WON)
        assert said is not None
        assert said.reason == "identifier"


def test_findings_come_in_the_order_of_the_fields() -> None:
    told = found([choices("Tags", ["a", "b"] * 200), choices("Web", ["a"] * 400)], WON)
    assert [(one.field, one.reason) for one in told] == [("Tags", "judged"), ("Web", "constant")]


def test_the_index_of_drift_by_hand() -> None:
    # With half a row added: shares (100.5, 100.5) / 201 and (150.5, 50.5) / 201.
    expected = (150.5 - 100.5) / 201 * np.log(150.5 / 100.5) + (50.5 - 100.5) / 201 * np.log(50.5 / 100.5)
    assert psi(np.array([100, 100]), np.array([150, 50])) == pytest.approx(expected)
    assert psi(np.array([3, 0, 9]), np.array([3, 0, 9])) == 0.0
    assert psi(np.array([100, 0, 100, 0]), np.array([150, 0, 50, 0])) == pytest.approx(expected)
    assert [verdict(index) for index in (0.05, 0.1, 0.3)] == ["steady", "moving", "shifted"]


def test_few_leads_that_did_not_change_are_steady() -> None:
    # Five cells of equal chance, 1,000 leads then and 40 now: the index stays below 9.488 (1/1000 + 1/40), chi-square's
    # 95 % of four degrees of freedom, in 95 of 100 pairs; its mean alone is 4 x .026 = .104, above the limit of .1.
    chance = np.random.default_rng(5)
    pairs = [(chance.multinomial(1000, [0.2] * 5), chance.multinomial(40, [0.2] * 5)) for _ in range(400)]
    assert by_chance(*pairs[0]) == pytest.approx(9.488 * 0.026, rel=1e-3)
    above = [psi(then, now) > by_chance(then, now) for then, now in pairs]
    assert np.mean(above) == pytest.approx(0.05, abs=0.035)
    assert verdict(0.2, chance=0.247) == "steady"
    assert verdict(0.26, chance=0.247) == "shifted"


@pytest.mark.parametrize(
    ("then", "now", "reason"),
    [([1], [1, 2], "uneven"), ([1, -1], [1, 1], "negative"), ([0, 0], [1, 1], "empty")],
)
def test_counts_that_are_none_are_refused(then: list[int], now: list[int], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        psi(np.array(then), np.array(now))
    assert refused.value.reason == reason


def test_drift_names_the_field_that_moved_and_recalibration_keeps_promises_again() -> None:
    columns, outcome = made(2000)
    model = train(columns, outcome, kind="logistic", seed=1, inner=2)
    later, came = made(2000, seed=8)
    then = json.loads(json.dumps(baseline(model, columns)))
    assert {one["verdict"] for one in drift(model, then, later)} == {"steady"}
    moved = [*later[:2], Numbers("size", later[2].values + 2), later[3]]  # type: ignore[union-attr]
    assert drift(model, then, moved)[0]["of"] == "size"
    assert drift(model, then, moved)[0]["verdict"] == "shifted"
    # Half of those who would have converted do not any more.
    rarer = came * (np.random.default_rng(3).random(2000) < 0.5)
    assert abs(spiegelhalter(model.scores(later), came.astype(bool))) < 3
    assert abs(model.scores(later).mean() - rarer.mean()) > 0.1
    anew = recalibrated(model, later, rarer)
    assert anew.scores(later).mean() == pytest.approx(rarer.mean(), abs=0.01)


def test_leads_of_late_that_came_by_another_channel_are_seen() -> None:
    columns, outcome = made(1200)
    channel = np.where(np.arange(1200) < 1000, columns[0].codes, 2)  # type: ignore[union-attr]
    moved = [Choices("channel", channel, CHANNELS), *columns[1:]]
    model = train(moved, outcome, kind="naive_bayes", seed=1, inner=2)
    times = np.arange(1200).astype("datetime64[D]")
    told = over_time(model, moved, times)
    assert (told["before"], told["rows"], told["since"]) == (1000, 200, "1972-09-27T00:00:00")
    assert {"score", "channel"} == {one["of"] for one in told["moved"] if one["verdict"] == "shifted"}
    with pytest.raises(Refused, match="at one time"):
        over_time(model, moved, np.repeat(times[:1], 1200))


def test_promises_that_are_kept_have_a_small_z_and_others_a_large_one() -> None:
    chance = np.random.default_rng(6)
    score = chance.random(4000)
    kept = chance.random(4000) < score
    assert abs(spiegelhalter(score, kept)) < 1.96
    bold = probability(2 * np.log(score / (1 - score)))
    assert abs(spiegelhalter(bold, kept)) > 5
