"""`treaty analyze score`: one JSON document with every figure, lines for people, and sentences for what cannot be."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

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


def run(*arguments: object) -> Result:
    return CliRunner().invoke(analyze, ["score", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """180 leads by day, few enough for naive Bayes; who converted has a tag."""
    columns, outcome = made(180)
    lines = ["Came,Channel,Visits,Size,Tags,Converted"]
    for row, won in enumerate(outcome):
        channel, visits, size = (column.shown(row) for column in columns[:3])
        lines.append(
            f"2026-01-{1 + row // 6:02},{channel},{visits},{size},{'won' if won else ''},{'Yes' if won else 'no'}"
        )
    path = tmp_path / "leads.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


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


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("a,Converted\n1,1\n", ("--target", "Won"), 'no column "Won"'),
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


@pytest.mark.skipif(not FILE.exists(), reason="TREATY_TEST_DATA names no folder of real data")
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
