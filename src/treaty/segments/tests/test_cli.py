"""Segments on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from treaty.people.tests.factories import pia
from treaty.segments import queries
from treaty.segments.cli import segment_group

pytestmark = pytest.mark.django_db


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(segment_group, [str(word) for word in words])
    return done.exit_code, done.output


def test_a_segment_is_counted_added_listed_and_removed(tmp_path: Path) -> None:
    pia()
    file = tmp_path / "poland.yaml"
    file.write_text("match: {attribute: country, is: pl}\n", encoding="utf-8")
    code, said = run("count", file, "--json")
    assert (code, json.loads(said)["persons"]) == (0, 1)
    assert run("add", "Poland", file)[0] == 0
    code, said = run("add", "Poland", file)
    assert code == 1
    assert "Another segment is called Poland" in said
    [row] = json.loads(run("list", "--json")[1])
    assert row["name"] == "Poland"
    assert run("remove", row["id"]) == (0, "The segment was removed.\n")
    assert queries.segment(row["id"]) is None
    assert run("remove", row["id"])[0] == 1


def test_what_is_wrong_with_a_predicate_is_said(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("match: {attribute: country}\n", encoding="utf-8")
    code, said = run("count", file)
    assert code == 1
    assert "exactly one of these" in said
