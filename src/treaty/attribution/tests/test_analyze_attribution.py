"""`treaty analyze attribution` answers from files, and says what is wrong with them."""

from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.harness.published import DATA, needs_data
from tests.harness.verbs import answered as told
from tests.harness.verbs import called
from treaty.attribution.cli import analyze

PATHS = "path,total_conversions,total_conversion_value,total_null\nmail > ads,1,10,0\nmail,0,0,1\nads,0,0,1\n"
TOUCHES = (
    "customer_id,time,channel,conversion,conversion_value,lead\n"
    "Ann,2026-01-01,ads,0,,0\nBo,2026-01-02 10:00,direct,0,,0\nAnn,2026-01-03,mail,0,,1\nAnn,2026-01-04,direct,1,12.5,0\n"
    "Bo,2026-03-01,ads,0,,0\nCy,2026-01-01,,1,7,0\nAnn,2026-01-09,mail,1,2,0\n"
)
OF_TOUCHES = (
    "--person",
    "customer_id",
    "--time",
    "time",
    "--channel",
    "channel",
    "--conversion",
    "conversion",
    "--value",
    "conversion_value",
)


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Writes a file of columns."""

    def write(text: str) -> str:
        path = tmp_path / "told.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


run = partial(called, analyze, "attribution")
answered = partial(told, analyze, "attribution")


def credit(found: Any, model: str) -> dict[str, tuple[float, float]]:
    rows = [row for row in found["credit"] if row["model"] == model]
    return {row["channel"]: (round(row["conversions"], 6), round(row["value"], 6)) for row in rows}


def test_paths_are_read_without_a_word_about_columns(file: Any) -> None:
    found = answered(file(PATHS), "--models", "first,markov:1,shapley")
    assert (found["rows"], found["paths"], found["conversions"], found["nulls"]) == ("paths", 3, 1, 2)
    assert credit(found, "first") == {"mail": (1, 10), "ads": (0, 0)}
    # Worked out in oracles.py: mail goes on to ads half of the time, ads converts half of the time.
    assert credit(found, "markov:1") == {"ads": (0.666667, 6.666667), "mail": (0.333333, 3.333333)}
    assert credit(found, "shapley") == {"ads": (0.5, 5), "mail": (0.5, 5)}
    assert found["models"][1]["probability_of_conversion"] == pytest.approx(1 / 3)


def test_touches_become_paths_that_end_with_conversions(file: Any) -> None:
    found = answered(
        file(TOUCHES), *OF_TOUCHES, "--models", "last,markov:2,last-non-direct,u", "--lead", "lead"
    )
    assert (found["rows"], found["paths"], found["touches"]) == ("touches", 3, 6)
    assert found["unattributed"] == {"conversions": 1, "value": 7}
    assert credit(found, "last") == {"direct": (1, 12.5), "mail": (1, 2), "ads": (0, 0)}
    assert credit(found, "last-non-direct") == {"mail": (2, 14.5), "ads": (0, 0), "direct": (0, 0)}
    assert credit(found, "u") == {"mail": (1.4, 7), "ads": (0.4, 5), "direct": (0.2, 2.5)}


def test_a_look_back_and_passing_over_direct_shorten_paths(file: Any) -> None:
    wide = answered(file(TOUCHES), *OF_TOUCHES, "--models", "linear", "--pass-over-direct")
    assert credit(wide, "linear") == {"mail": (1.5, 8.25), "ads": (0.5, 6.25), "direct": (0, 0)}
    near = answered(file(TOUCHES), *OF_TOUCHES, "--models", "linear,decay:1", "--lookback", "1")
    assert credit(near, "linear") == {"mail": (1.5, 8.25), "direct": (0.5, 6.25), "ads": (0, 0)}
    # The touch of the day before weighs half of the one of the day: one third and two thirds.
    assert credit(near, "decay:1") == {
        "mail": (1.333333, 6.166667),
        "direct": (0.666667, 8.333333),
        "ads": (0, 0),
    }


def test_intervals_hold_the_credit_and_the_chart_is_drawn(file: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    many = PATHS.replace(",1,10,0", ",400,4000,0")
    found = answered(file(many), "--models", "last,position", "--intervals", "40", "--plot", out)
    for row in found["credit"]:
        assert row["conversions_low"] <= row["conversions"] <= row["conversions_high"]
        assert row["value_low"] <= row["value"] <= row["value_high"]
    drawn = out.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert ">Conversions<" in drawn
    assert ">Value<" in drawn


def test_the_same_figures_are_told_as_lines(file: Any) -> None:
    done = run(file(PATHS), "--models", "first")
    assert done.exit_code == 0
    assert "conversions: 1\n" in done.stdout
    assert "first  mail" in done.stdout
    assert "do not prove cause" in done.stdout
    assert "Reading told.csv" in done.stderr


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("path,total_conversions\na,0\n", (), "No path converted"),
        ("path,total_conversions\n,1\n", (), 'Row 1, column "path": the cell is empty.'),
        ("path,total_conversions\na,x\n", (), 'Row 1, column "total_conversions": "x" is not a number.'),
        ("path,total_conversions\na,-1\n", (), 'Row 1, column "total_conversions": "-1" is below 0.'),
        ("path,total_conversions\na > > b,1\n", (), "Path 1: a channel has no name."),
        (
            "path,total_conversions\na,1\nb,NaN\n",
            (),
            'Row 2, column "total_conversions": "NaN" is not a number.',
        ),
        ("path,total_conversions\na,inf\n", (), '"inf" is not a number.'),
        ("path,total_conversions,total_conversion_value\na,0,5\n", (), "it has a value, but no conversion"),
        ("path,total_conversions\n", (), "The file has no rows."),
        ("path,total_conversions\na,1\n", ("--value", "money"), 'There is no column "money"'),
        (
            "path,total_conversions\na,1\n",
            ("--lookback", "30"),
            "The rows are read as paths, which have no --lookback.",
        ),
        ("path,total_conversions\na,1\n", ("--lead", "lead"), "which have no --lead."),
        (
            "path,total_conversions\na,1\n",
            ("--person", "p", "--null", "n"),
            "read as touches, which have no --null.",
        ),
        ("path,total_conversions\na,1\n", ("--models", "u"), "which touch made the lead"),
        ("path,total_conversions\na,1\n", ("--models", "decay:7"), "needs the time of each touch"),
        ("person,time\nAnn,2026-01-01\n", (), 'There is no column "channel"'),
        ("person,time,channel,conversion\nAnn,,ads,1\n", (), 'Row 1, column "time": the cell is empty.'),
        ("person,time,channel,conversion\nAnn,soon,ads,1\n", (), "is not a date or a time"),
        (
            "person,time,channel,conversion\n,2026-01-01,ads,1\n",
            (),
            'Row 1, column "person": the cell is empty.',
        ),
        (
            "person,time,channel,conversion,conversion_value\nAnn,2026-01-01,ads,1,-3\n",
            (),
            'column "conversion_value": "-3" is below 0.',
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said(file: Any, text: str, arguments: tuple[str, ...], said: str) -> None:
    done = run(file(text), *arguments)
    assert done.exit_code == 1
    assert said in done.stderr


def test_parquet_gives_the_same_credit_as_csv(file: Any, tmp_path: Path) -> None:
    kept = tmp_path / "touches.parquet"
    types = {"customer_id": "VARCHAR", "time": "TIMESTAMP", "channel": "VARCHAR", "conversion": "BOOLEAN"}
    duckdb.read_csv(file(TOUCHES), dtype=types).write_parquet(str(kept))
    asked = (*OF_TOUCHES, "--models", "last,decay:7,markov:2,shapley:rate")
    assert answered(kept, *asked) == answered(file(TOUCHES), *asked)


def test_value_stands_beside_conversions_and_both_flows_are_checked(file: Any) -> None:
    found = answered(file(PATHS), "--models", "first,markov:2")
    assert [row["share_of_value"] for row in found["credit"]][:2] == [1, 0]
    told = found["models"][1]
    assert (told["probability_of_conversion"], told["value_of_a_path"]) == pytest.approx((1 / 3, 10 / 3))
    assert abs(told["difference_from_counted"]) < 1e-9
    assert abs(told["value_difference_from_counted"]) < 1e-9
    without = answered(file("path,total_conversions\na > b,2\n"), "--models", "first")
    assert [row["share_of_value"] for row in without["credit"]] == [None, None]


@pytest.mark.parametrize(
    "text", ["path,total_conversions\na,2\n", "path,total_conversions,total_null\na > a,2,3\n"]
)
def test_one_channel_has_all_credit_whether_all_converted_or_some(file: Any, text: str) -> None:
    models = (
        "first,last,last-non-direct,linear,position,markov:1,markov:2,markov:3,markov:4,shapley,shapley:rate"
    )
    found = answered(file(text), "--models", models)
    assert [row["conversions"] for row in found["credit"]] == pytest.approx([2.0] * 11)
    chances = [one["probability_of_conversion"] for one in found["models"] if "steps" in one]
    assert chances == pytest.approx([2 / (2 + found["nulls"])] * 4)


def test_direct_is_found_whatever_its_case_and_missed_where_there_is_none(file: Any) -> None:
    done = run(file("path,total_conversions\nmail > Direct,1\n"), "--models", "last-non-direct", "--json")
    assert '"channel": "mail", "conversions": 1.0' in done.stdout
    assert "No channel is called" not in done.stderr
    done = run(file("path,total_conversions\nmail > ads,1\n"), "--models", "last-non-direct")
    assert 'No channel is called "direct": last-non-direct is the same as last' in done.stderr


@pytest.mark.parametrize("arguments", [("--models", "best"), ("--intervals", "3"), ("--lookback", "-1")])
def test_wrong_usage_ends_with_two(file: Any, arguments: tuple[str, ...]) -> None:
    assert run(file(PATHS), *arguments).exit_code == 2


@needs_data
def test_the_form_of_the_design_answers_from_real_paths() -> None:
    asked = "first,last,linear,markov:1,markov:3,shapley"
    found = answered(str(DATA / "pathdata" / "PathData.csv"), "--models", asked)
    assert (found["paths"], found["channels"], found["conversions"]) == (10_000, 12, 19_785)
    assert found["value"] == pytest.approx(74_802.97, abs=0.005)
    for model in asked.split(","):
        both = credit(found, model).values()
        assert sum(one for one, _ in both) == pytest.approx(19_785, abs=1e-4)
        assert sum(two for _, two in both) == pytest.approx(74_802.97, abs=0.005)
