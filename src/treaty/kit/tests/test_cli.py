"""The command line as scripts see it: exit codes, one JSON document, reasons on standard error."""

import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from treaty.kit import setup
from treaty.kit.tests.installation import (
    SECONDS,
    Installation,
    as_json,
    free_port,
    installation,
    own_database,
    until,
    variables,
)

pytestmark = [pytest.mark.slow, pytest.mark.real_time]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("home")) as made:
        yield made


def test_making_an_installation_twice_changes_nothing_and_makes_no_user(place: Installation) -> None:
    rows = "from treaty.staff.models import *; print(*(m.objects.count() for m in (Role, Team, User)))"
    before = place.python(rows)
    assert place.run("init", "--no-input").returncode == 0
    assert place.python(rows) == before
    assert before.endswith(" 0")


def test_a_prompt_that_was_broken_off_says_what_to_do_next(place: Installation) -> None:
    done = place.run("init", input="Kestrel\n")
    assert done.returncode == 1
    assert "Run `treaty init` again" in done.stdout
    assert "/welcome/?code=" in done.stdout


def test_json_is_one_document_and_nothing_else_on_standard_output(place: Installation) -> None:
    done = place.run("rebuild", "--check", "--json")
    assert done.returncode == 0, done.stderr
    assert as_json(done.stdout)["differences"] == 0
    assert len(done.stdout.strip().splitlines()) == 1


def test_wrong_usage_ends_with_2_and_says_why_on_standard_error(place: Installation) -> None:
    for arguments in (["no-such-command"], ["rebuild", "--no-such-option"], ["serve", "--port", "0"]):
        done = place.run(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert "Error" in done.stderr


def test_what_breaks_ends_with_1_and_its_reason_on_standard_error(place: Installation) -> None:
    place.env["TREATY_NO_SUCH_SETTING"] = "1"
    try:
        done = place.run("rebuild", "--json")
    finally:
        del place.env["TREATY_NO_SUCH_SETTING"]
    assert (done.returncode, done.stdout) == (1, "")
    assert "TREATY_NO_SUCH_SETTING is not a setting" in done.stderr
    assert "Traceback" not in done.stderr


def test_before_it_is_made_every_command_names_the_one_that_makes_it(tmp_path: Path) -> None:
    with own_database(os.environ.get("DATABASE_URL", "")) as url:
        done = Installation(tmp_path, variables(tmp_path, url)).run("report", "promises", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"The installation in {tmp_path} is not made yet. Make it with `treaty init`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_what_an_update_left_to_do_is_named() -> None:
    assert setup.lacking() == ""
    MigrationRecorder(connection).record_unapplied("imports", "0003_what_imports_did_to_records")
    assert "The database is of an older version. `treaty init` brings it up to date" in setup.lacking()


def test_working_once_ends_by_itself(place: Installation) -> None:
    assert place.run("work", "--once").returncode == 0


def test_the_web_server_answers_its_probes_and_ends_when_asked(place: Installation) -> None:
    port = free_port()
    server = place.treaty("serve", "--port", str(port))

    def answer(path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as got:
                text: str = got.read().decode()
                return text
        except OSError:
            return ""

    until(lambda: answer("/healthz"))
    assert as_json(answer("/readyz"))["migrations"] == "applied"
    server.send_signal(signal.SIGTERM)
    assert server.wait(SECONDS) == 0, place.logs()


def test_web_and_worker_start_together_and_nothing_is_left_running(
    place: Installation, tmp_path: Path
) -> None:
    code = (
        "from treaty.kit.processes import start_web_and_worker;"
        f"start_web_and_worker('127.0.0.1', {free_port()}, wait=False, greet=lambda address: print('at', address))"
    )
    process = place.start("-c", code)
    assert process.wait(SECONDS) == 0, place.logs()
    assert "at http://127.0.0.1:" in place.logs()
