"""`treaty analyze channels` on files."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.harness.verbs import answered as told
from tests.harness.verbs import called
from treaty.capture.cli import analyze

VISITS = """source,medium,campaign,utm_code,said
google,cpc,,,Paid Search
google,cpc,,,Paid Search
google,organic,,,Organic Search
,,,spring-24,Print
partner.example,referral,,,Referral
"""
OWN = """
rules:
  - channel: Partner
    when: {source: {is: partner.example}}
marks:
  - {channel: Print, code: SPRING 24}
"""


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(VISITS, encoding="utf-8")
    return path


run = partial(called, analyze, "channels")
answered = partial(told, analyze, "channels")


def test_touches_are_counted_by_channel_and_compared(visits: Path, tmp_path: Path) -> None:
    own, picture = tmp_path / "own.yaml", tmp_path / "out.svg"
    own.write_text(OWN, encoding="utf-8")
    done = run(visits, "--code", "utm_code", "--own", own, "--expected", "said", "--plot", picture, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert {one["channel"]: one["touches"] for one in found["channels"]} == {
        "Paid Search": 2,
        "Organic Search": 1,
        "Partner": 1,
        "Print": 1,
    }
    assert (found["touches"], found["agree"], found["origins_left_out"]) == (5, 4, 0)
    [differs] = found["differ"]
    assert (differs["channel"], differs["expected"], differs["touches"]) == ("Partner", "Referral", 1)
    assert found["origins"][0] == {
        "source": "google",
        "medium": "cpc",
        "channel": "Paid Search",
        "touches": 2,
    }
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_a_list_of_sites_is_added(visits: Path, tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text("source,category\npartner.example,SOURCE_CATEGORY_VIDEO\n", encoding="utf-8")
    assert "Organic Video" in run(visits, "--sites", sites).stdout
    sites.write_text("source,category\npartner.example,radio\n", encoding="utf-8")
    done = run(visits, "--sites", sites)
    said = 'Row 1, column "category": "radio" is none of search, shopping, social, video.'
    assert (done.exit_code, said in done.stderr) == (1, True)


def test_codes_and_names_in_a_file_are_texts_and_no_numbers_or_switches(tmp_path: Path) -> None:
    own, file = tmp_path / "own.yaml", tmp_path / "calls.csv"
    own.write_text(
        "marks:\n  - {channel: On, code: 0123}\n  - {channel: Radio, number: 0049301234}\n"
        "rules:\n  - {channel: Norway, when: {source: {ends: no}}}\n",
        encoding="utf-8",
    )
    file.write_text("source,code,number\nx,0123,\nx,,+49 30 1234\nshop.no,,\n", encoding="utf-8")
    found = answered(file, "--own", own)
    assert {one["channel"] for one in found["channels"]} == {"On", "Radio", "Norway"}


def test_parquet_gives_the_same_channels_as_csv(visits: Path, tmp_path: Path) -> None:
    kept = tmp_path / "visits.parquet"
    duckdb.read_csv(str(visits)).write_parquet(str(kept))
    assert answered(kept, "--expected", "said") == answered(visits, "--expected", "said")


@pytest.mark.parametrize(
    ("text", "said"),
    [("source,medium\n", "The file has no rows."), ("source,medium\na,b\nc\n", "line 3: it has 1 columns")],
)
def test_a_file_that_cannot_be_counted_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(text, encoding="utf-8")
    done = run(path)
    assert (done.exit_code, said in done.stderr) == (1, True), done.output


@pytest.mark.parametrize(
    ("own", "said"), [("[", "is no YAML"), ("- a", 'holds "rules"'), ("rules: [{}]", 'Rule 1 has "channel"')]
)
def test_a_file_that_says_nothing_is_told(visits: Path, tmp_path: Path, own: str, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(own, encoding="utf-8")
    done = run(visits, "--own", path)
    assert (done.exit_code, said in done.stderr) == (1, True), done.output


def test_a_file_without_any_such_column_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    done = run(path)
    assert (done.exit_code, "None of the columns source, medium" in done.stderr) == (1, True)
