"""Persons leave in four forms that come in again, and everything leaves as one archive without secrets."""

import json
import zipfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.test import Client

from treaty.fields.queries import values_of
from treaty.fields.tests.factories import of_each_kind
from treaty.imports import leaving
from treaty.imports.cli import export
from treaty.imports.commands import import_persons
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.kit import setup
from treaty.kit.jobs import run_next
from treaty.ledger.models import IdentityText
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.rules import PersonDraft, Stage, card_name, person_called
from treaty.people.tests.factories import company, person
from treaty.staff.tests import factories

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db

PIA = PersonDraft(
    name='Łukasz, "Żak"',
    name_local="営業",
    given_name="Łukasz",
    family_name="Żak",
    emails=("a@example.com", "b@example.com"),
    phones=("+48321234567",),
    external=("crm:17",),
    title="Head of sales",
    city="Łódź",
    country="PL",
    company="Acme, Inc.",
    stage=Stage.MQL,
    tags=("vip", "fair"),
    unsubscribed=True,
)
EVIL = PersonDraft(name='=HYPERLINK("https://evil.example")', emails=("evil@example.com",))


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with two persons, whose files lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    setup.start_nouns()
    people.add_persons([PIA, EVIL], at=NOW, by=None, source="hand")


def left(path: Path) -> Path:
    """The file that the command wrote."""
    outcome = CliRunner().invoke(export, [str(path), "--json"], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.stderr
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "vcf"])
def test_what_left_comes_in_again_as_it_was(tmp_path: Path, form: str) -> None:
    path = left(tmp_path / f"persons.{form}")
    names = ("name", "name_local", "email", "phone", "title", "city", "country")
    before = sorted(Person.objects.values_list(*names))
    table = opened(path)
    report, _bad = import_persons(table, guessed(table.header), at=NOW, by=None)
    counts = report.of("persons")
    assert (counts.new, counts.bad) == (0, 0)
    assert sorted(Person.objects.values_list(*names)) == before
    assert not IdentityText.objects.filter(value__contains="urn:uuid").exists(), "a card's own name is none"


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_own_fields_labels_and_keys_leave_and_come_in_again(tmp_path: Path, form: str) -> None:
    fields = of_each_kind()
    bea = PersonDraft(name="Bea", external=("erp:4711", "crm:18"))
    firm, rosa = company("Odlewnia").pk, person("Rosa").pk
    own: dict[str, object] = {
        "text": "-5; =1+1",
        "number": 1234.5,
        "money": {"minor": -123450, "currency": "EUR"},
        "date": "2026-11-30",
        "choice": "lodz",
        "many": ["gold", "lodz"],
        "tags": ["Fair 2026", "展示会"],
        "person": rosa,
        "company": firm,
    }
    labels = {"bea@work.example": "work", "+48600700800": "mobile"}
    more = bea.but(emails=("bea@work.example",), phones=("+48600700800",), labels=labels, fields=own)
    one = people.add_persons([more], at=NOW, by=None, source="hand")[0].person_id
    bare = [PersonDraft(name="Only a key", external=("erp:1",)), PersonDraft(name="Only a name")]
    people.add_persons(bare, at=NOW, by=None, source="hand")
    table = opened(left(tmp_path / f"persons.{form}"))
    rows = [dict(zip(table.header, cells, strict=False)) for _number, cells in table.rows()]
    told = next(row for row in rows if row["name"] == "Bea")
    assert (told["email_work"], told["phone_mobile"].strip("'")) == ("bea@work.example", "+48600700800")
    people.change_person(one, changes={}, own=dict.fromkeys(own), at=NOW, by=None)
    assert values_of("person", [one]) == {one: {}}
    report, _bad = import_persons(table, guessed(table.header, own_fields()), at=NOW, by=None)
    counts = report.of("persons")
    assert (counts.new, counts.changed, counts.bad) == (0, 1, 0)
    assert values_of("person", [one]) == {one: own}
    assert not IdentityText.objects.filter(value__contains="urn:uuid").exists()
    assert len(fields) == len(own) + 1, "files stay with their records"


def test_cards_of_another_installation_mean_nobody_of_this_one(tmp_path: Path) -> None:
    text = left(tmp_path / "persons.vcf").read_text("utf-8")
    assert text == left(tmp_path / "again.vcf").read_text("utf-8"), (
        "an address book knows whom it has already"
    )
    uids = [line for line in text.splitlines() if line.startswith("UID:urn:uuid:")]
    assert len(set(uids)) == text.count("BEGIN:VCARD")


def test_a_cell_that_a_spreadsheet_would_run_is_kept_from_it(tmp_path: Path) -> None:
    assert "\"'=HYPERLINK(" in left(tmp_path / "persons.csv").read_text("utf-8-sig")
    with zipfile.ZipFile(left(tmp_path / "persons.xlsx")) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" in sheet
    assert "<f>" not in sheet


def test_a_workbook_goes_on_with_another_sheet_where_one_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "SHEET", 1)
    assert opened(left(tmp_path / "persons.xlsx")).sheets == ("Sheet1", "Sheet2")


def test_the_archive_has_every_table_and_says_what_is_what(tmp_path: Path) -> None:
    with zipfile.ZipFile(left(tmp_path / "all.zip")) as archive:
        names = set(archive.namelist())
        rows = [json.loads(line) for line in archive.read("people/person.jsonl").splitlines()]
        page = archive.read("README.txt").decode()
        facts = archive.read("ledger/touchpoint.jsonl").decode()
    assert {
        "people/company.jsonl",
        "deals/deal.jsonl",
        "agreements/version.jsonl",
        "staff/user.jsonl",
    } <= names
    assert [row["email"] for row in rows] == ["a@example.com", "evil@example.com"]
    assert "PersonAdded" in facts
    assert "people/person.jsonl\n  2 rows. A human being." in page


def test_every_table_leaves_or_is_named_as_staying() -> None:
    labels = {
        model._meta.label_lower for model in apps.get_models() if model.__module__.startswith("treaty.")
    }
    assert labels == {model._meta.label_lower for model in leaving.tables()} | leaving.DERIVED


def test_no_secret_leaves() -> None:
    staying = {"staff.user": {"password"}, "staff.apikey": {"key_hash"}, "staff.invitation": {"token_hash"}}
    for model in leaving.tables():
        names = {field.attname for field in model._meta.concrete_fields} - set(leaving.columns_of(model))
        assert staying.get(model._meta.label_lower, set()) <= names


def test_one_takes_along_whom_one_may_see(tmp_path: Path) -> None:
    browser = Client()
    browser.force_login(factories.lea())
    person = Person.objects.get(email="a@example.com")
    people.assign_owner([person.pk], owner=factories.mia().pk, at=NOW, by=None)
    there = browser.post("/exports/", {"form": "jsonl"})["Location"]
    assert run_next()
    shown = browser.get(there).content.decode()
    where = shown.partition('href="/exports/')[2].partition('"')[0]
    written = b"".join(browser.get(f"/exports/{where}").streaming_content)  # type: ignore[attr-defined]
    assert [json.loads(line)["email"] for line in written.splitlines()] == [["evil@example.com"]]


def test_everything_is_for_who_sees_all_and_manages_the_staff() -> None:
    for who, status in ((factories.mia(), 422), (factories.admin(), 302)):
        browser = Client()
        browser.force_login(who)
        assert browser.get("/exports/").status_code == 200
        assert browser.post("/exports/", {"form": "zip"}).status_code == status
    stranger = Client()
    stranger.force_login(factories.ann())
    assert stranger.get("/exports/").status_code == 403


def test_no_other_path_is_an_export() -> None:
    browser = Client()
    browser.force_login(factories.mia())
    assert browser.get("/exports/0123456789abcdef/").status_code == 404
    assert browser.get("/exports/..%2f..%2fsecret/").status_code == 404


def test_cards_that_come_in_again_change_nothing_even_of_whom_no_address_is_known(tmp_path: Path) -> None:
    people.add_persons(
        [PersonDraft(name="Bea"), PersonDraft(name="Cyd", external=("crm:18",))],
        at=NOW,
        by=None,
        source="hand",
    )
    path = left(tmp_path / "persons.vcf")
    for _again in range(2):
        table = opened(path)
        report, _bad = import_persons(table, guessed(table.header), at=NOW, by=None)
        counts = report.of("persons")
        assert (counts.new, counts.changed, counts.unchanged, counts.bad) == (0, 0, 4, 0)
    assert not IdentityText.objects.filter(value__contains="urn:uuid").exists()


def test_a_card_names_its_person_to_this_installation_alone() -> None:
    name = card_name(17, b"ours")
    assert (name, person_called(name, b"ours")) == (card_name(17, b"ours"), 17)
    for other in (card_name(17, b"theirs"), name[:-1] + ("0" if name[-1] != "0" else "1"), "urn:uuid:17"):
        assert person_called(other, b"ours") is None
