"""`make numbers` prints what was published beside ours, and fails where one is too far away."""

import math

import pytest

from scripts import oracles
from tests.harness.oracles import Oracle

PAPER = "A paper whose title is long enough that it would run past the edge of a screen, volume 24, table 2, method 10"


def listed(*ours: float) -> dict[str, list[Oracle]]:
    return {"noun": [Oracle("a figure", PAPER, 1.0, 0.001, lambda one=one: one) for one in ours]}  # type: ignore[misc]


def test_figures_that_agree_are_all_printed_and_end_with_nought(capsys: pytest.CaptureFixture[str]) -> None:
    assert oracles.report(listed(1.0, 1.0009)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if "a figure" in line] == [
        ["a", "figure", "1", "1", "0", "0.001"],
        ["a", "figure", "1", "1.0009", "0.0009", "0.001"],
    ]
    assert lines[-1] == "All 2 within what was printed."


@pytest.mark.parametrize("off", [1.002, math.nan])
def test_one_figure_too_far_away_ends_with_one_and_is_marked(
    off: float, capsys: pytest.CaptureFixture[str]
) -> None:
    assert oracles.report(listed(1.0, off)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines if "a figure" in line] == [" ", "!"]
    assert lines[-1] == "1 of 2 too far away (!)."


def test_the_table_is_read_in_a_hundred_columns(capsys: pytest.CaptureFixture[str]) -> None:
    extremes = [
        Oracle("name " * 20, PAPER, published, 5e-08, lambda published=published: published + 1.2345e-5)  # type: ignore[misc]
        for published in (-33225.6, 10_005_534.0, 1e-300, -1.2345678e-11)
    ]
    oracles.report({"experiments": extremes})
    assert max(map(len, capsys.readouterr().out.splitlines())) <= oracles.WIDTH


def test_every_noun_with_published_figures_is_in_the_table() -> None:
    found = oracles.oracles()
    assert set(found) >= {
        "attribution",
        "capture",
        "experiments",
        "forecasts",
        "funnels",
        "lifetime",
        "scoring",
    }
    assert all(found.values())


def test_without_the_data_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TREATY_TEST_DATA", raising=False)
    assert oracles.main() == 2
    assert "TREATY_TEST_DATA" in capsys.readouterr().err
