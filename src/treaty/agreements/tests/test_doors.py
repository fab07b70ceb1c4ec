"""The agreement by REST and from the command line."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from treaty.agreements import queries
from treaty.agreements.cli import agreement as command
from treaty.agreements.rules import State
from treaty.agreements.tests.factories import draft, signed
from treaty.staff.commands import issue_key
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def get(address: str, *scopes: str) -> tuple[int, object]:
    """The status and the answer to a key of the marketer with some scopes."""
    token = issue_key("reports", owner=staff.mia().pk, scopes=scopes, at=staff.SINCE, by=None)
    answer = Client().get(address, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


def test_the_agreement_in_force_is_read_with_its_document(now: datetime) -> None:
    signed(now - DAY)
    status, told = get("/api/agreement", "agreement:read")
    assert status == 200
    assert isinstance(told, dict)
    assert (told["number"], told["state"], told["document"]["volume"]["leads"]) == (1, "in_force", 60)
    assert {one["side"] for one in told["signatures"]} == {"marketing", "sales"}


def test_versions_are_read_newest_first(now: datetime) -> None:
    signed(now - DAY)
    draft(now)
    status, told = get("/api/agreement/versions", "agreement:read")
    assert status == 200
    assert isinstance(told, dict)
    assert [one["number"] for one in told["items"]] == [2, 1]


def test_a_key_without_the_scope_is_refused(now: datetime) -> None:
    signed(now - DAY)
    assert get("/api/agreement", "people:read")[0] == 403


def test_without_an_agreement_there_is_none_to_read() -> None:
    assert get("/api/agreement", "agreement:read")[0] == 404
    assert get("/api/agreement/versions/3", "agreement:read")[0] == 404


def test_the_command_line_shows_the_clauses_as_sentences(now: datetime) -> None:
    signed(now - DAY)
    shown = CliRunner().invoke(command, ["show"])
    assert shown.exit_code == 0
    assert "4.2  Sales makes the first touch within 2 business hours" in shown.output
    assert json.loads(CliRunner().invoke(command, ["show", "--json"]).output)["state"] == "in_force"


def test_a_file_goes_out_and_comes_in_as_a_draft(now: datetime, tmp_path: Path) -> None:
    signed(now - DAY)
    file = tmp_path / "agreement.yaml"
    file.write_text(CliRunner().invoke(command, ["export"]).output, encoding="utf-8")
    done = CliRunner().invoke(command, ["import", str(file), "--json"])
    assert json.loads(done.output) == {"number": 2, "state": "draft"}
    row = queries.version_row(2, now)
    assert row is not None
    assert row.state is State.DRAFT


def test_a_wrong_file_ends_with_one_and_says_why(tmp_path: Path) -> None:
    staff.company()
    file = tmp_path / "agreement.yaml"
    file.write_text("title: Only this", encoding="utf-8")
    done = CliRunner().invoke(command, ["import", str(file)])
    assert done.exit_code == 1
    assert "This is missing" in done.output
