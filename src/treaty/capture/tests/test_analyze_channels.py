"""`treaty analyze channels` on files."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

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
    assert (done.exit_code, 'Row 1: "radio" is none of' in done.stderr) == (1, True)


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
