"""An import that offers whom it names to sales says how many that were, also where it is only tried, or why it cannot."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import world
from treaty.imports.cli import import_group
from treaty.imports.models import Import
from treaty.imports.tests.test_imports import counted, run, write
from treaty.imports.tests.test_pages import uploaded
from treaty.people.models import Person
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
FILE = "name,email\nPia,pia@example.com\nBea,bea@example.com\nCyd,cyd at home\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    """Files of an import lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"


def test_whom_an_import_offered_is_counted_and_once_only(tmp_path: Path) -> None:
    world()
    file = write(tmp_path / "file.csv", FILE)
    tried = run("persons", file, "--offer", "--dry-run")
    assert (tried["dry_run"], tried["new"], tried["offered"]) == (True, 2, 2)
    assert (Handover.objects.count(), Person.objects.count()) == (0, 0)
    told = run("persons", file, "--offer")
    assert (counted(told), told["offered"]) == ((2, 0, 0, 1, 0), 2)
    assert Handover.objects.filter(is_on_purpose=True).count() == 2
    assert Import.objects.get(pk=told["run"]).counts["persons"]["offered"] == 2
    assert run("persons", file, "--offer")["offered"] == 0, "who is offered is passed over"
    assert "offered" not in run("persons", file), "history opens no handover"


def test_it_is_told_to_people_too(tmp_path: Path) -> None:
    world()
    words = ["persons", str(write(tmp_path / "file.csv", FILE)), "--offer"]
    shown = CliRunner().invoke(import_group, words, catch_exceptions=False).stdout
    assert "offered: 2\n" in shown
    assert "changed: 0\n" in shown
    assert "row 4, email: “cyd at home” is not a mail address" in shown
    client = Client()
    client.force_login(factories.admin())
    assert "Offered to sales" in client.get(f"/imports/{Import.objects.get().pk}/").content.decode()


def test_without_an_agreement_nothing_is_brought_in_and_why_is_said(tmp_path: Path) -> None:
    words = ["persons", str(write(tmp_path / "file.csv", FILE)), "--offer", "--json"]
    outcome = CliRunner().invoke(import_group, words)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "no agreement is in force" in outcome.stderr
    assert not Import.objects.exists()


def test_the_page_says_it_at_once() -> None:
    browser = Client()
    browser.force_login(factories.mia())
    columns = {"column_0": "name", "column_1": "email", "mode": "upsert", "key": "any", "doubles": "merge"}
    answer = browser.post(uploaded(browser), columns | {"offer": "on"})
    assert (answer.status_code, "no agreement is in force" in answer.content.decode()) == (422, True)
