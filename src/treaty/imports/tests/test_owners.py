"""Rows that name an owner who is not on the staff: handed back with what would be right, or given to somebody."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from treaty.deals.models import Deal
from treaty.imports.beside import read_beside
from treaty.imports.cli import import_group
from treaty.imports.models import Import
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.rules.rows import Owners
from treaty.imports.sifting import Sieve
from treaty.imports.tests.test_imports import run, write
from treaty.kit import setup
from treaty.kit.jobs import run_next
from treaty.people.models import Company, Person
from treaty.staff.models import User
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
PERSONS = (
    "name,email,owner\nPia,pia@example.com,left@example.com\nBea,bea@example.com,Mia\nCyd,cyd@example.com,\n"
)


@pytest.fixture(autouse=True)
def mia(tmp_path: Path, settings: Any) -> User:
    """An installation where Mia and Ann work, and files of imports lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()
    factories.ann()
    return factories.mia()


def owned() -> dict[str, str]:
    """The owners of all persons by name."""
    found = Person.objects.select_related("owner").order_by("name")
    return {one.name: one.owner.name if one.owner else "" for one in found}


def page_of(browser: Client, text: str, what: str = "persons") -> str:
    file = SimpleUploadedFile("file.csv", text.encode(), "text/csv")
    return str(browser.post("/imports/", {"what": what, "file": file})["Location"])


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, mia: User) -> Client:
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    client = Client()
    client.force_login(mia)
    return client


RULES = {"mode": "upsert", "key": "any", "doubles": "merge"}
COLUMNS = {"column_0": "name", "column_1": "email", "column_2": "owner"}


def test_such_a_row_is_handed_back_with_what_would_be_right_and_comes_in_once_mended(tmp_path: Path) -> None:
    told = run("persons", write(tmp_path / "file.csv", PERSONS))
    assert (told["new"], told["bad"]) == (2, 1)
    assert told["bad_rows"][0]["reason"] == (
        "Nobody on the staff has the address or the name “left@example.com”. Write the mail address of somebody who works"
        " here, a name that only one has, or leave the cell blank."
    )
    bad = Path(told["bad_file"])
    bad.write_text(bad.read_text("utf-8-sig").replace(",left@example.com,", ",ANN,"), "utf-8")
    run("persons", bad)
    assert owned() == {"Bea": "Mia", "Cyd": "", "Pia": "Ann"}


def test_the_page_of_the_rows_offers_the_staff_where_such_a_cell_is_mended(browser: Client) -> None:
    rows = browser.post(page_of(browser, PERSONS), RULES | COLUMNS)["Location"]
    shown = browser.get(rows).content.decode()
    assert 'name="cell_2_2" value="left@example.com"' in shown
    assert shown.count('list="staff"') == 1
    assert f'<option value="{factories.ann().email}">Ann</option>' in shown
    browser.post(rows, {"act": "import", "cell_2_2": factories.ann().email})
    assert run_next()
    assert owned() == {"Bea": "Mia", "Cyd": "", "Pia": "Ann"}


def test_no_staff_is_told_where_no_column_names_any(browser: Client) -> None:
    columns = {"column_0": "name", "column_1": "email"}
    rows = browser.post(page_of(browser, PERSONS), RULES | columns)["Location"]
    assert factories.ann().email not in browser.get(rows).content.decode()


def test_whoever_is_chosen_owns_what_the_file_gives_to_nobody_and_blank_stays_blank(browser: Client) -> None:
    page = page_of(browser, PERSONS)
    assert "Give it to Ann" in browser.get(page).content.decode()
    rows = browser.post(page, RULES | COLUMNS | {"owner": str(factories.ann().pk)})["Location"]
    assert "0 rows cannot come in as they stand." in browser.get(rows).content.decode()
    browser.post(rows, {"act": "import"})
    assert run_next()
    assert owned() == {"Bea": "Mia", "Cyd": "", "Pia": "Ann"}
    assert Import.objects.get().options["owner"] == factories.ann().pk
    again = browser.get(page_of(browser, PERSONS)).context["form"]
    assert again["owner"].initial == factories.ann().pk


def test_who_does_not_work_here_cannot_be_chosen(browser: Client) -> None:
    factories.bo()
    User.objects.filter(name="Bo").update(is_active=False)
    wanted = RULES | COLUMNS | {"owner": str(factories.bo().pk)}
    assert browser.post(page_of(browser, PERSONS), wanted).status_code == 422


def test_of_what_happened_nobody_else_is_made_the_doer(browser: Client) -> None:
    text = "kind,when,email,by\nCallMade,2026-11-18,pia@example.com,left@example.com\n"
    page = page_of(browser, text, "touchpoints")
    assert "Give it to Ann" not in browser.get(page).content.decode()


def test_commands_take_the_owner_by_address_or_name(tmp_path: Path, mia: User) -> None:
    assert run("persons", write(tmp_path / "persons.csv", PERSONS), "--owner", "ann")["bad"] == 0
    assert owned()["Pia"] == "Ann"
    firms = write(tmp_path / "firms.csv", "company name,owner\nKaiser,left@example.com\n")
    assert run("companies", firms, "--owner", mia.email.upper())["new"] == 1
    assert Company.objects.get(name="Kaiser").owner_id == mia.pk
    sold = write(tmp_path / "deals.csv", "deal name,owner\nPumps,Eve Left\n")
    assert run("deals", sold, "--owner", "Mia")["new"] == 1
    assert Deal.objects.get().owner_id == mia.pk
    outcome = CliRunner().invoke(import_group, ["deals", str(sold), "--owner", "Eve Left"])
    assert outcome.exit_code == 1
    assert "Nobody on the staff has the address or the name" in outcome.stderr


def test_the_process_beside_knows_who_owns_the_rest_too(tmp_path: Path) -> None:
    table = opened(write(tmp_path / "file.csv", PERSONS))
    for otherwise, owners in ((9, [9, 7, None]), (None, [7, None])):
        named = Owners({"mia": 7}, otherwise)
        sieve = Sieve(table, guessed(table.header), Options(), named, b"pepper", keeps_cells=False)
        assert [one.draft.owner for block in read_beside(sieve) for one in block.ready] == owners
