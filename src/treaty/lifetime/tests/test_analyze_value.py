"""`treaty analyze value` as scripts call it, on the real file and on small ones."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.harness.published import needs_data
from tests.harness.verbs import answered, called
from treaty.lifetime.cli import analyze
from treaty.lifetime.tests.cdnow import DONATIONS, FILE, REGULAR

PERSONS = 300


run = partial(called, analyze, "value")
answer = partial(answered, analyze, "value")


def written(path: Path, header: str, rows: list[str]) -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def log(tmp_path: Path) -> str:
    """Rates and lives differ between persons: each buys at random for as long as it lives, over half a year."""
    chance = Random(7)
    rows: list[str] = []
    for person in range(PERSONS):
        rate, end = chance.gammavariate(0.8, 1 / 40), chance.expovariate(chance.gammavariate(0.8, 1 / 60))
        day = 0.0
        while day <= min(end, 182):
            paid = chance.gammavariate(4, 5 + person % 9)
            rows.append(f"p{person},{date(2026, 1, 1) + timedelta(day)},{paid:.2f}")
            day += chance.expovariate(rate)
    return written(tmp_path / "log.csv", "person,date,value", rows)


@needs_data
def test_the_published_sample_from_its_file(tmp_path: Path) -> None:
    columns = (
        "--person",
        "customer",
        "--date",
        "date",
        "--value",
        "value",
        "--calibrate-until",
        "1997-09-30",
    )
    picture = tmp_path / "out.svg"
    found = answer(str(FILE), "--model", "bg-nbd", *columns, "--plot", str(picture))
    assert (found["persons"], found["repeat_buyers"], found["until"]) == (2357, 946, "1997-09-30")
    assert {name: round(at, 3) for name, at in found["parameters"].items()} == {
        "r": 0.243,
        "alpha": 4.414,
        "a": 0.793,
        "b": 2.426,
    }
    assert round(found["errors"]["alpha"], 3) == 0.378
    assert round(found["log_likelihood"], 2) == -9582.43
    assert found["note"].startswith("P(alive) is 1 for everybody who bought once")
    assert (found["holdout"]["weeks"], round(found["holdout"]["correlation"], 3)) == (39, 0.626)
    assert round(100 * found["holdout"]["cumulative"]["difference"], 1) == -4.1
    assert round(found["value"]["correlation_of_x_and_m"], 2) == 0.11
    assert len(found["first_persons"]) == 10
    assert "<svg" in picture.read_text(encoding="utf-8")


def test_pareto_nbd_and_gamma_gamma_from_a_log(log: str) -> None:
    pareto = answer(log, "--model", "pareto-nbd", "--calibrate-until", "2026-04-30")
    assert (pareto["model"], list(pareto["parameters"])) == ("pareto-nbd", ["r", "alpha", "s", "beta"])
    assert "note" not in pareto
    values = answer(log, "--model", "gamma-gamma")
    assert (values["repeat_buyers"], list(values["errors"])) == (values["persons_used"], ["p", "q", "v"])


def test_contracts_and_occasions_from_counts(tmp_path: Path) -> None:
    told = written(tmp_path / "told.csv", "survivors", [str(count) for count in REGULAR])
    found = answer(told, "--model", "sbg", "--ahead", "5", "--plot", str(tmp_path / "a.svg"))
    assert round(found["parameters"]["alpha"], 3) == 0.704
    # Fader & Hardie (2007): 17.3 % were there after 12 renewals; the model says 17.0 %.
    assert round(found["periods"][12]["expected"], 3) == 0.170
    rows = [f"{','.join(row.split())},6" for row in DONATIONS.split(",")]
    gave = answer(
        written(tmp_path / "gave.csv", "x,t_x,count,n", rows),
        "--model",
        "bg-bb",
        "--plot",
        str(tmp_path / "b.svg"),
    )
    assert round(gave["rows"][0]["expected"], 2) == 3.75


def test_parquet_and_how_many_are_told(log: str, tmp_path: Path) -> None:
    columns = str(tmp_path / "log.parquet")
    duckdb.read_csv(log).write_parquet(columns)
    asked = ("--model", "pareto-nbd", "--first", "3", "--discount", "0")
    found, same = answer(columns, *asked), answer(log, *asked)
    assert found == same
    assert len(found["first_persons"]) == 3
    dearer = answer(log, *asked[:-1], "0.2")["worth"]["sum"]
    assert found["worth"]["sum"] > dearer


def test_lines_for_people_without_values(log: str, tmp_path: Path) -> None:
    text = Path(log).read_text(encoding="utf-8").replace("value", "paid")
    done = run(written(tmp_path / "other.csv", text.strip(), []), "--weeks", "10", "--model", "pareto-nbd")
    assert done.exit_code == 0, done.stderr
    assert "refused: no_value" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--person", "who"], 'There is no column "who"'),
        (["--calibrate-until", "2025-12-31"], "Nobody had bought by the last day"),
        (["--calibrate-until", "2026-01-01"], "Everybody bought for the first time on the last day"),
        (["--calibrate-until", "2026-01-03"], "of 300 persons bought twice; at least 30"),
        (["--model", "sbg"], 'There is no column "survivors"'),
    ],
)
def test_wrong_input_ends_with_1_and_its_sentence(log: str, words: list[str], said: str) -> None:
    done = run(log, *words)
    assert done.exit_code == 1
    assert said in done.stderr


def test_a_purchase_of_nobody_is_named(tmp_path: Path) -> None:
    done = run(written(tmp_path / "log.csv", "person,date", ["p1,2026-01-01", ",2026-01-02"]))
    assert (done.exit_code, 'Row 2, column "person": the cell is empty.' in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("person,date,value\na,2026-01-01,-3\n", [], "Row 1 has the value -3"),
        ("person,date,value\na,2026-01-01,3\nb,,4\n", [], 'Row 2, column "date": the cell is empty'),
        ("person,date,value\na,2026-01-01,inf\n", [], 'Row 1, column "value": "inf" is not a number'),
        ("person,date,value\na,soon,1\n", [], 'Row 1, column "date": "soon" is not a date'),
        ("survivors\n10\n5\n7\n", ["--model", "sbg"], "Row 3: more are there than before"),
        ("survivors\n10\n\n7\n", ["--model", "sbg"], 'Row 2, column "survivors": the cell is empty'),
        ("survivors\n10\n7\n", ["--model", "sbg"], "At least two renewals"),
        ("survivors\n100\n60\n40\n", ["--model", "sbg", "--discount", "0"], "A discount of 0 a period"),
        ("x,t_x,n,count\n3,2,6,1\n", ["--model", "bg-bb"], "Row 1 cannot be (x 3, t_x 2, n 6, count 1)"),
        ("x,t_x,n,count\n1.5,2,6,1\n", ["--model", "bg-bb"], "Row 1: x is not a whole number"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, text: str, words: list[str], said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    done = run(str(path), *words)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    "words", [["--model", "sbg", "--calibrate-until", "2026-01-01"], ["--weeks", "0"], ["--model", "x"]]
)
def test_wrong_usage_ends_with_2(log: str, words: list[str]) -> None:
    assert run(log, *words).exit_code == 2
