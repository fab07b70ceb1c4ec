"""`treaty analyze mix` and `forecast` as scripts call them."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.harness.published import DATA, needs_data
from tests.harness.verbs import answered, called
from treaty.forecasts.cli import analyze

NAMES = {
    "created": "engage_date",
    "stage": "deal_stage",
    "closed": "close_date",
    "won": "deal_stage",
    "value": "close_value",
}
MAVEN = [word for name, column in NAMES.items() for word in (f"--{name}", column)]


run = partial(called, analyze)
answer = partial(answered, analyze)


@needs_data
def test_the_known_truth_of_the_mix_lies_within_the_intervals(tmp_path: Path) -> None:
    path = str(DATA / "mmm" / "mmm_example.csv")
    found = answer(
        "mix",
        path,
        "--date",
        "date_week",
        "--target",
        "y",
        "--media",
        "x1,x2",
        "--plot",
        str(tmp_path / "o.svg"),
    )
    truth = {"x1": 0.2905, "x2": 0.0697}
    for channel in found["channels"]:
        low, high = channel["interval"]
        assert low < truth[channel["channel"]] < high
    assert "<svg" in (tmp_path / "o.svg").read_text(encoding="utf-8")


@needs_data
def test_a_file_of_another_system_needs_its_columns_named_only(tmp_path: Path) -> None:
    path = str(DATA / "maven-crm" / "sales_pipeline.csv")
    found = answer(
        "forecast",
        path,
        *MAVEN,
        "--as-of",
        "2017-09-30",
        "--quota",
        "1e6",
        "--rounds",
        "100",
        "--plot",
        str(tmp_path / "o.svg"),
    )
    assert found["until"] == "2017-12-31"
    assert (found["deals"]["open"], found["deals"]["without_date"]) == (2409, 500)
    assert [one["until"] for one in found["backtest"]["quarters"]] == ["2017-06-30", "2017-09-30"]
    assert found["band"][0] < found["expected"] < found["band"][1]
    assert 0 < found["chance_of_quota"] < 1
    assert sum(one["deals"] for one in found["categories"]) == 2409
    assert "<svg" in (tmp_path / "o.svg").read_text(encoding="utf-8")


@pytest.fixture
def deals(tmp_path: Path) -> str:
    """200 deals in two stages with the columns expected; every fifth is open."""
    chance, lines = np.random.default_rng(1), ["created,stage,stage_since,closed,won,value"]
    for number in range(200):
        began = date(2026, 1, 1) + timedelta(days=number)
        stage, won = ("talks", "yes") if chance.random() < 0.5 else ("first", "no")
        closed = "" if number % 5 == 0 else str(began + timedelta(days=int(chance.integers(5, 60))))
        lines.append(
            f"{began},{stage},{began + timedelta(days=2)},{closed},{won if closed else ''},{100 + number}"
        )
    path = tmp_path / "deals.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_with_the_columns_expected_needs_no_flags(deals: str) -> None:
    found = answer("forecast", deals)
    assert found["stages_used"] is True
    assert found["values_known"] == "while open"
    assert {one["stage"] for one in found["stages"]} == {"first", "talks"}
    assert "expected: " in run("forecast", deals).stdout


def test_rows_of_one_deal_tell_where_it_has_been(tmp_path: Path) -> None:
    """Every second deal of 80 goes on from the first stage to talks and is won; the last ten are in the first still."""
    lines = ["id,created,stage,stage_since,closed,won,value"]
    for number in range(90):
        began = date(2026, 1, 1) + timedelta(days=number)
        closed = began + timedelta(days=20) if number < 80 else ""
        goes_on = number < 80 and number % 2 == 0
        lines.append(f"{number},{began},first,{began},{closed},{'yes' if goes_on else ''},100")
        if goes_on:
            lines.append(f"{number},{began},talks,{began + timedelta(days=15)},{closed},yes,100")
    path = tmp_path / "stages.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = answer("forecast", str(path), "--deal", "id", "--quarters", "0", "--as-of", "2026-04-10")
    assert found["deals"] == {"open": 10, "won": 40, "lost": 40, "without_date": 0}
    [first] = found["stages"]
    assert (first["stage"], first["compared_with"]) == ("first", "the same stage")
    assert first["chance"] == pytest.approx(0.5, abs=0.1)


def test_parquet_gives_the_same(deals: str, tmp_path: Path) -> None:
    columns = str(tmp_path / "deals.parquet")
    duckdb.read_csv(deals).write_parquet(columns)
    assert answer("forecast", columns) == answer("forecast", deals)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-02-01,talks,,2026-01-01,yes,5", "Row 201 was closed before it was created"),
        ("2026-02-01,talks,,,yes,5", "Row 201 is won but has no day on which it was closed"),
        ("2026-02-01,talks,,2026-03-01,yes,-5", "Row 201 has a value below 0"),
        ("2026-02-01,talks,2026-03-09,2026-03-01,yes,5", "Row 201 left a stage before it came there"),
        ("soon,talks,,2026-03-01,yes,5", 'Row 201, column "created": "soon" is not a date'),
        ("2026-02-01,talks,,2026-03-01,yes,much", 'Row 201, column "value": "much" is not a number'),
    ],
)
def test_a_bad_row_is_named(deals: str, row: str, said: str) -> None:
    with Path(deals).open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    done = run("forecast", deals)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


def test_a_row_keeps_its_number_behind_rows_without_a_day(deals: str) -> None:
    with Path(deals).open("a", encoding="utf-8") as file:
        file.write(",talks,,,,5\n2026-02-01,talks,,2026-01-01,yes,5\n")
    assert "Row 202 was closed" in run("forecast", deals).stderr
    assert 'Deal "5" was closed' in run("forecast", deals, "--deal", "value").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--won", "outcome"], 'There is no column "outcome"'),
        (["--as-of", "2026-01-20"], "deals were closed so far; 20 are needed"),
    ],
)
def test_wrong_input_ends_with_1_and_its_sentence(deals: str, words: list[str], said: str) -> None:
    done = run("forecast", deals, *words)
    assert done.exit_code == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["forecast", "FILE", "--commit", "0.2"],
        ["forecast", "FILE", "--until", "2020-01-01"],
        ["mix", "FILE"],
        ["mix", "FILE", "--media", "a,b,a"],
        ["mix", "FILE", "--media", "a,b", "--controls", "sales"],
    ],
)
def test_wrong_usage_ends_with_2(deals: str, words: list[str]) -> None:
    assert run(*(deals if word == "FILE" else word for word in words)).exit_code == 2


@pytest.mark.parametrize(
    ("place", "cell", "said"),
    [
        (2, "-1", "Row 5: medium 1 cannot spend less than 0"),
        (2, "", 'Row 5, column "a": the cell is empty'),
        (1, "inf", 'Row 5, column "sales": "inf" is not a number'),
        (0, "someday", 'Row 5: "someday" is not a date'),
        (0, "2026-01-05", "Row 5 is not later than the row before it"),
        (0, "2026-02-03", "Row 5 is not one week after the row before it"),
    ],
)
def test_a_bad_week_is_named(tmp_path: Path, place: int, cell: str, said: str) -> None:
    rows = [
        [str(date(2026, 1, 5) + timedelta(weeks=week)), str(100 + week), str(week % 5), str(week % 3)]
        for week in range(60)
    ]
    rows[4][place] = cell
    path = tmp_path / "weeks.csv"
    path.write_text("\n".join(["date,sales,a,b", *map(",".join, rows)]) + "\n", encoding="utf-8")
    done = run("mix", str(path), "--media", "a,b")
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


def test_too_few_weeks_are_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "weeks.csv"
    lines = [
        f"{date(2026, 1, 5) + timedelta(weeks=week)},{100 + week},{week % 5},{week % 3}" for week in range(30)
    ]
    path.write_text("date,sales,a,b\n" + "\n".join(lines) + "\n", encoding="utf-8")
    done = run("mix", str(path), "--media", "a,b")
    assert done.exit_code == 1
    assert "below 52 the season" in done.stderr
