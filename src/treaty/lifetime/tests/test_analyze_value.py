"""`treaty analyze value` as scripts call it, on the real file and on small ones."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result

from treaty.lifetime.cli import analyze
from treaty.lifetime.tests.cdnow import DATA, DONATIONS, FILE, REGULAR

PERSONS = 300


def run(*words: str) -> Result:
    return CliRunner().invoke(analyze, ["value", *words])


def answer(*words: str) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


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


@pytest.mark.skipif(not DATA.is_dir(), reason="TREATY_TEST_DATA names no folder of real data")
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
    assert (done.exit_code, "Row 2 names no person." in done.stderr) == (1, True)


@pytest.mark.parametrize(
    "words", [["--model", "sbg", "--calibrate-until", "2026-01-01"], ["--weeks", "0"], ["--model", "x"]]
)
def test_wrong_usage_ends_with_2(log: str, words: list[str]) -> None:
    assert run(log, *words).exit_code == 2
