"""The door to the lake: one turn as it stands, nothing beside it; and what doctor, figures and command line say."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import time_machine
from click.testing import CliRunner, Result

from treaty.capture.facts import PageSeen
from treaty.kit import metrics
from treaty.kit.doctor import findings
from treaty.ledger.commands import record
from treaty.ledger.facts import about_identity
from treaty.people.models import Person
from treaty.people.tests.factories import pia
from treaty.warehouse import cli, commands, queries
from treaty.warehouse.folder import ours
from treaty.warehouse.tests.lakes import rows, taken

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def treaty(*arguments: str) -> Result:
    return CliRunner().invoke(cli.lake_group, list(arguments))


def see(buyer: Person) -> None:
    record(PageSeen("/pricing"), about=about_identity(buyer.anchor_id), at=AT, recorded_at=AT)


def test_who_reads_sees_one_turn_until_asking_again() -> None:
    buyer = pia()
    taken(AT)
    with queries.lake() as connection:
        before = connection.execute("SELECT count(*) FROM touchpoints").fetchall()
        see(buyer)
        taken(AT)
        assert connection.execute("SELECT count(*) FROM touchpoints").fetchall() == before
    assert rows("SELECT count(*) FROM touchpoints") != before


def test_a_connection_reads_nothing_beside_the_lake(tmp_path: Path) -> None:
    taken(AT)
    (tmp_path / "beside.csv").write_text("secret\n1\n")
    with queries.lake() as connection:
        for refused in (
            f"SELECT * FROM read_csv('{tmp_path}/beside.csv')",
            f"COPY (SELECT 1) TO '{tmp_path}/beside.parquet'",
            f"ATTACH '{tmp_path}/beside.duckdb'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(refused)


def test_a_company_without_a_lake_is_told_so() -> None:
    with pytest.raises(queries.NoLake), queries.lake():
        pass
    assert not queries.status().is_there
    assert treaty("status").stdout == "There is no lake yet.\n"
    assert next(finding for finding in findings() if finding.name == "lake").state == "warn"


def test_how_far_behind_is_the_age_of_the_oldest_line_that_is_missing() -> None:
    buyer = pia()
    taken(AT)
    assert queries.status().behind_seconds == 0
    see(buyer)
    with time_machine.travel(AT + timedelta(seconds=30), tick=False):
        see(buyer)
        assert queries.status().behind_seconds == 30
        assert "treaty_lake_behind_seconds 30.0" in metrics.text().decode()
    with time_machine.travel(AT + timedelta(seconds=61), tick=False):
        [finding] = [finding for finding in findings() if finding.name == "lake"]
        assert (finding.state, finding.seen) == ("warn", "is 61 seconds behind the ledger")
        taken(AT)
        [finding] = [finding for finding in findings() if finding.name == "lake"]
        assert finding.state == "ok"


def test_the_command_line_follows_says_how_it_stands_and_makes_anew() -> None:
    buyer = pia()
    see(buyer)
    assert json.loads(treaty("follow", "--json").stdout) == {"line": queries.status().line, "anew": True}
    told = json.loads(treaty("status", "--json").stdout)
    assert told["rows"]["persons"] == 1
    assert told["behind_seconds"] == 0
    assert treaty("status").stdout.startswith("The lake is 0 seconds behind the ledger: ")
    turn = queries.status().turn
    assert treaty("rebuild").exit_code == 0
    assert queries.status().turn == turn + 1


def test_a_row_that_was_changed_behind_the_lakes_back_is_found_and_mended() -> None:
    buyer = pia()
    taken(AT)
    checked = treaty("rebuild", "--check", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["differences"]) == (0, 0)
    Person.objects.filter(pk=buyer.pk).update(country="DE")
    checked = treaty("rebuild", "--check", "--json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["by_table"]["persons"] == 2
    assert treaty("rebuild").exit_code == 0
    assert treaty("rebuild", "--check").exit_code == 0


def test_while_somebody_else_writes_the_command_line_says_so() -> None:
    with ours().alone():
        for verb in (("follow",), ("rebuild",), ("rebuild", "--check")):
            done = treaty(*verb)
            assert done.exit_code == 1
            assert "Somebody else writes the lake" in done.output


def test_what_the_lake_is_of_can_be_told_by_its_shape() -> None:
    taken(AT)
    manifest = ours().manifest()
    assert manifest is not None
    assert set(manifest.tables) == {"companies", "deals", "identities", "persons", "verdicts"}
    assert commands.differences(AT) == dict.fromkeys([*manifest.tables, "touchpoints"], 0)
