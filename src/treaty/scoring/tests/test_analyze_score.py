"""`treaty analyze score`: one JSON document with every figure, lines for people, and sentences for what cannot be."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result

from tests.harness.published import needs_data
from tests.harness.verbs import called
from treaty.scoring.cli import analyze
from treaty.scoring.rules.predicted import model as models
from treaty.scoring.tests.made import made
from treaty.scoring.tests.oracles import FILE

LEAKS = {
    "Tags",
    "Lead Quality",
    "Lead Profile",
    "Asymmetrique Activity Index",
    "Asymmetrique Profile Index",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
    "Last Activity",
    "Last Notable Activity",
}
"""The design's list of what was filled after the outcome."""


def run(*arguments: object, verb: str = "score") -> Result:
    return called(analyze, verb, *arguments)


def written(path: Path, seed: int = 7) -> Path:
    """180 leads by day, few enough for naive Bayes; who converted has a tag."""
    columns, outcome = made(180, seed)
    lines = ["Came,Channel,Visits,Size,Tags,Converted"]
    for row, won in enumerate(outcome):
        channel, visits, size = (column.shown(row) for column in columns[:3])
        lines.append(
            f"2026-01-{1 + row // 6:02},{channel},{visits},{size},{'won' if won else ''},{'Yes' if won else 'no'}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "leads.csv")


@pytest.fixture
def learned(file: Path, tmp_path: Path) -> Path:
    """A model of these leads."""
    path = tmp_path / "model.json"
    done = run(file, "--exclude-leaks", "--exclude", "Came", "--folds", 2, "--save", path)
    assert done.exit_code == 0, done.output
    return path


def applied(file: Path, model: Path, *words: object) -> dict[str, Any]:
    done = run(file, "--model", model, *words, "--json", verb="apply-score")
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_one_document_says_everything(file: Path, tmp_path: Path) -> None:
    saved, chart = tmp_path / "model.json", tmp_path / "chart.svg"
    done = run(
        file, "--time", "Came", "--exclude-leaks", "--folds", 3, "--json", "--save", saved, "--plot", chart
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["rows"], told["kind"]) == (180, "naive_bayes")
    assert "below 200" in told["why_kind"]
    assert told["validation"]["shown_first"] == "forward"
    for judged in (told["validation"]["forward"], told["validation"]["cross"]):
        assert {"auc", "brier", "log_loss", "ece", "reliability", "lift"} <= set(judged)
    assert told["auc"] == told["validation"]["forward"]["auc"]
    assert (told["drift"]["since"], told["drift"]["rows"]) == ("2026-01-26T00:00:00", 30)
    assert {one["of"] for one in told["drift"]["moved"]} == {"score", "Channel", "Visits", "Size"}
    assert [one["field"] for one in told["excluded"]] == ["Tags"]
    assert {one["field"] for one in told["reasons"]} == {"Channel", "Visits", "Size"}
    for example in told["examples"]:
        total = example["base"] + sum(one["log_odds"] for one in example["reasons"])
        assert total == pytest.approx(example["log_odds"], abs=1e-9)
    assert chart.read_text(encoding="utf-8").startswith("<svg")
    model = models.read(json.loads(saved.read_text(encoding="utf-8"))["model"])
    assert [field.name for field in model.fields] == ["Channel", "Visits", "Size"]
    assert "Judging naive_bayes" in done.stderr


def test_leaks_that_are_kept_are_named_and_figures_come_as_lines(file: Path) -> None:
    done = run(file, "--folds", 2, "--exclude", "Came")
    assert done.exit_code == 0, done.output
    assert "suspected" in done.stdout
    assert "ece: 0." in done.stdout
    assert "No column of times was named" in done.stdout
    assert "reasons 1\n  field: " in done.stdout
    assert "    value " in done.stdout
    assert "{" not in done.stdout


def test_a_usual_name_for_when_a_lead_came_needs_no_flag(file: Path) -> None:
    done = run(file, "--folds", 2, "--json", "--exclude-leaks")
    assert json.loads(done.stdout)["validation"]["shown_first"] == "forward"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-01-", "day "), encoding="utf-8")
    told = json.loads(run(file, "--folds", 2, "--json").stdout)
    assert told["validation"]["shown_first"] == "cross"
    assert told["drift"] is None


def test_a_saved_model_scores_other_leads_and_says_why(learned: Path, tmp_path: Path) -> None:
    other, scores = written(tmp_path / "other.csv", seed=8), tmp_path / "scores.csv"
    told = applied(other, learned, "--first", 2, "--scores", scores, "--plot", tmp_path / "drift.svg")
    assert (told["kind"], told["rows"], len(told["leads"])) == ("naive_bayes", 180, 2)
    assert {one["of"] for one in told["drift"]} == {"score", "Channel", "Visits", "Size"}
    assert {one["verdict"] for one in told["drift"]} == {"steady"}
    assert (told["outcomes"]["rows"], told["outcomes"]["keeps_promises"]) == (180, True)
    rows = [line.split(",") for line in scores.read_text(encoding="utf-8").splitlines()]
    assert (rows[0], len(rows)) == (["row", "score"], 181)
    best = told["leads"][0]
    assert float(rows[best["row"]][1]) == max(float(score) for _, score in rows[1:]) == best["score"]
    assert best["base"] + sum(one["log_odds"] for one in best["reasons"]) == pytest.approx(best["log_odds"])
    assert "<svg" in (tmp_path / "drift.svg").read_text(encoding="utf-8")


def test_leads_whose_outcome_nobody_knows_are_scored_and_not_judged(learned: Path, tmp_path: Path) -> None:
    header, *lines = written(tmp_path / "other.csv", seed=8).read_text(encoding="utf-8").strip().split("\n")
    some = [line if row < 120 else line.rpartition(",")[0] + "," for row, line in enumerate(lines)]
    (tmp_path / "some.csv").write_text("\n".join([header, *some]), encoding="utf-8")
    told = applied(tmp_path / "some.csv", learned)
    assert (told["rows"], told["outcomes"]["rows"]) == (180, 120)
    none = [line.rpartition(",")[0] for line in (header, *lines)]
    (tmp_path / "none.csv").write_text("\n".join(none), encoding="utf-8")
    assert applied(tmp_path / "none.csv", learned)["outcomes"] is None
    same = [header, *(line.rpartition(",")[0] + ",no" for line in lines)]
    (tmp_path / "same.csv").write_text("\n".join(same), encoding="utf-8")
    assert applied(tmp_path / "same.csv", learned)["outcomes"]["refused"] == "one_class"


def test_a_model_is_calibrated_anew_by_what_came(learned: Path, tmp_path: Path) -> None:
    other, anew = written(tmp_path / "other.csv", seed=8), tmp_path / "anew.json"
    text = other.read_text(encoding="utf-8").split("\n")
    # Every second one who converted does not any more.
    rarer = [line.replace("Yes", "no") if row % 2 else line for row, line in enumerate(text)]
    other.write_text("\n".join(rarer), encoding="utf-8")
    before = applied(other, learned, "--save", anew)
    assert before["outcomes"]["keeps_promises"] is False
    after = applied(other, anew)
    assert after["recalibrated"] == {"rows": 180, "converted": before["outcomes"]["converted"]}
    assert after["outcomes"]["keeps_promises"] is True
    assert after["outcomes"]["promised"] == pytest.approx(after["outcomes"]["rate"], abs=0.02)
    assert after["outcomes"]["auc"] == pytest.approx(before["outcomes"]["auc"])


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (("Channel", "Medium"), (), 'There is no column "Channel"'),
        (("Yes", "perhaps"), (), '"perhaps" is no outcome'),
        ((",2,", ",two,"), (), 'column "Visits": "two" is not a number'),
        (("Converted", "Later"), ("--save", "anew.json"), "the file has no column of them"),
        (("Converted", "Later"), ("--target", "Won"), 'There is no column "Won"'),
    ],
)
def test_leads_that_do_not_fit_a_model_are_refused(
    file: Path, learned: Path, change: tuple[str, str], options: tuple[str, ...], sentence: str
) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    done = run(file, "--model", learned, *options, verb="apply-score")
    assert done.exit_code == 1, done.output
    assert sentence in done.stderr


def test_parquet_gives_the_same_whatever_the_outcome_is_written_as(file: Path, tmp_path: Path) -> None:
    expected = run(file, "--folds", 2, "--json", "--exclude", "Tags").stdout
    for place, kind in enumerate(("Converted = 'Yes'", "(Converted = 'Yes')::DOUBLE")):
        path = tmp_path / f"{place}.parquet"
        duckdb.sql(
            f"SELECT * EXCLUDE (Tags) REPLACE ({kind} AS Converted) FROM read_csv('{file}', all_varchar = true)"
        ).write_parquet(str(path))
        assert json.loads(run(path, "--folds", 2, "--json").stdout) == json.loads(expected)


def test_what_is_no_model_is_refused(file: Path, learned: Path, tmp_path: Path) -> None:
    later = json.loads(learned.read_text(encoding="utf-8"))
    later["model"]["version"] = 99
    for text in ("", "[]", "{}", '{"model": 1}', json.dumps(later)):
        (tmp_path / "no.json").write_text(text, encoding="utf-8")
        done = run(file, "--model", tmp_path / "no.json", verb="apply-score")
        assert done.exit_code == 1
        assert "model" in done.stderr
    assert run(file, verb="apply-score").exit_code == 2


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("a,Converted\n1,1\n", ("--target", "Won"), 'no column "Won"'),
        ("a,Converted\n1,1\n", ("--exclude", "b"), 'no column "b" to leave out'),
        ("a,Converted\n1,1\n2,maybe\n", (), 'Row 2, column "Converted": "maybe" is no outcome'),
        ("a,Converted\n1,1\n2,\n", (), "Row 2"),
        ("a,Converted\n" + "1,1\n2,1\n" * 20, (), "All leads converted"),
        ("a,Converted\n" + "1,0\n2,0\n" * 20, (), "None of the leads converted"),
        ("a,Converted\n" + "1,0\n2,1\n" * 9, (), "a score needs 20"),
        ("Tags,Converted\n" + "x,0\ny,1\n" * 30, ("--exclude-leaks",), "Every field was left out"),
        ("Converted\n1\n0\n", (), "no field to learn from"),
        ("a,at,Converted\n1,x,0\n", ("--time", "at"), "not a date"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    tmp_path: Path, text: str, options: tuple[str, ...], sentence: str
) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(text, encoding="utf-8")
    done = run(path, *options)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_wrong_usage_ends_with_two() -> None:
    assert run("nowhere.csv").exit_code == 2
    assert run(__file__, "--folds", 1).exit_code == 2


@needs_data
def test_of_real_leads_every_leak_is_named_with_why() -> None:
    from treaty.kit.tabular import Table
    from treaty.scoring.reading import leads
    from treaty.scoring.rules.predicted import leaks
    from treaty.scoring.tests.oracles import ASKED, honest

    told = leads(Table([FILE]), ASKED)
    found = [one for one in leaks.found(told.columns, told.outcome.astype(bool)) if one.is_left_out]
    assert {one.field for one in found if one.reason not in {"constant", "identifier"}} == LEAKS
    assert {one.field for one in found if one.reason == "identifier"} == {"Prospect ID", "Lead Number"}
    assert all(one.why for one in found)
    assert {"Lead Source", "Total Time Spent on Website"} <= {column.name for column in honest().columns}
    assert not LEAKS & {column.name for column in honest().columns}
