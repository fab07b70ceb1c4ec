"""`treaty analyze experiment` and `sample-size` as scripts call them."""

from functools import partial
from pathlib import Path

import duckdb
import pytest

from tests.harness.verbs import answered, called
from treaty.experiments.cli import analyze

run = partial(called, analyze)
answer = partial(answered, analyze)


@pytest.fixture
def told(tmp_path: Path) -> str:
    """80 of a control, of whom 8 bought, and 80 of a variant, of whom 20 did."""
    rows = [
        f"{group},{int(place < bought)}"
        for group, bought in (("control", 8), ("new", 20))
        for place in range(80)
    ]
    path = tmp_path / "told.csv"
    path.write_text("group,conversion\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_with_the_columns_expected_needs_no_flags(told: str, tmp_path: Path) -> None:
    found = answer("experiment", told, "--plot", str(tmp_path / "out.svg"))
    [new] = found["variants"]
    assert (new["group"], new["lift"], found["kind"]) == ("new", 0.15, "rate")
    assert new["interval"][0] < 0.15 < new["interval"][1]
    assert "<svg" in (tmp_path / "out.svg").read_text(encoding="utf-8")


def test_a_look_before_the_end_asks_for_more(told: str) -> None:
    [fixed] = answer("experiment", told)["variants"]
    [early] = answer("experiment", told, "--stopping", "looks", "--looks", "2/5")["variants"]
    [any_time] = answer("experiment", told, "--stopping", "any-time", "--expect", "0.1")["variants"]
    assert (fixed["is_different"], early["is_different"]) == (True, False)
    assert early["bound_of_z"] == pytest.approx(3.357, abs=0.0005)  # Lan & DeMets, five looks
    assert any_time["interval"][1] - any_time["interval"][0] > fixed["interval"][1] - fixed["interval"][0]


def test_sample_size_before_the_start() -> None:
    found = answer("sample-size", "--rate", "0.05", "--lift", "0.05")
    assert (found["control"], found["variant"]) == (435, 435)  # Fleiss: 434.43 rounded up
    assert answer("sample-size", "--rate", "0.05", "--lift", "0.05", "--looks", "5")["factor_of_looks"] > 1


def test_groups_that_were_planned_unequal_are_held_against_the_plan(told: str) -> None:
    with Path(told).open("a", encoding="utf-8") as file:
        file.write("control,0\n" * 80)
    assert answer("experiment", told)["same_sizes_p"] < 0.001
    assert answer("experiment", told, "--ratio", "0.5")["same_sizes_p"] == pytest.approx(1)


def test_lines_for_people(told: str) -> None:
    assert "same_sizes_p: 1" in run("experiment", told).stdout


def test_parquet_gives_the_same(told: str, tmp_path: Path) -> None:
    columns = str(tmp_path / "told.parquet")
    duckdb.read_csv(told).write_parquet(columns)
    assert answer("experiment", columns) == answer("experiment", told)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",1", 'Row 161, column "group": the cell is empty'),
        ("new,", 'Row 161, column "conversion": the cell is empty'),
        ("new,maybe", 'Row 161, column "conversion": "maybe" is not a number'),
        ("newer,2.5", "The mean of a single person"),
    ],
)
def test_a_bad_row_is_named(told: str, row: str, said: str) -> None:
    with Path(told).open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    done = run("experiment", told)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--control", "nobody"], 'No group is called "nobody"'),
        (["--metric", "spend"], 'There is no column "spend"'),
    ],
)
def test_wrong_input_ends_with_1_and_its_sentence(told: str, words: list[str], said: str) -> None:
    done = run("experiment", told, *words)
    assert done.exit_code == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["experiment", "FILE", "--stopping", "any-time"],
        ["experiment", "FILE", "--stopping", "looks", "--looks", "6/5"],
        ["sample-size", "--lift", "0.1"],
    ],
)
def test_wrong_usage_ends_with_2(told: str, words: list[str]) -> None:
    assert run(*(told if word == "FILE" else word for word in words)).exit_code == 2
