"""Fields of the company's own in files of persons: guessed, told, read, handed back, and met by who is there."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from treaty.fields import queries as held
from treaty.fields.commands import retire_option
from treaty.fields.models import Value
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field, of_each_kind
from treaty.imports.commands import import_persons, undo_import
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed, told
from treaty.imports.rules.problems import Report
from treaty.imports.wording import handed_back
from treaty.people.commands import change_person
from treaty.people.models import Person
from treaty.people.tests.factories import company, person
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def installed() -> None:
    staff.company()


def brought(folder: Path, text: str, mapping: dict[str, str] | None = None) -> Report:
    """What comes of a file."""
    file = folder / "persons.csv"
    file.write_text(text, encoding="utf-8")
    table, own = opened(file), own_fields()
    columns = told(table.header, mapping, own) if mapping else guessed(table.header, own)
    return import_persons(table, columns, at=AT, by=None)[0]


def own(email: str) -> dict[str, Any]:
    one = Person.objects.get(email=email).pk
    return held.values_of("person", [one])[one]


def test_columns_are_known_by_name_and_by_key_and_every_kind_is_read(tmp_path: Path) -> None:
    of_each_kind()
    other, firm = person("Rosa Lima").pk, company().pk
    report = brought(
        tmp_path,
        "email;Text;number;money;Date;Choice;Many;own.person;own.company\n"
        f"pia@example.com;Łódź;1 234,5;1.234.5;19.11.2026;GOLD;Gold|Łódź;Rosa Lima #{other};{firm}\n"
        f"bo@example.com;Łódź;1 234,5;1234,50 EUR;19.11.2026;GOLD;Gold|Łódź;Rosa Lima #{other};{firm}\n",
    )
    assert [(each.row, each.fields[0].field) for each in report.rejected] == [(2, "own.money")]
    assert own("bo@example.com") == {
        "text": "Łódź",
        "number": 1234.5,
        "money": {"minor": 123450, "currency": "EUR"},
        "date": "2026-11-19",
        "choice": "gold",
        "many": ["gold", "lodz"],
        "person": other,
        "company": firm,
    }


def test_a_wrong_cell_is_handed_back_with_its_reason(tmp_path: Path) -> None:
    of_each_kind()
    report = brought(
        tmp_path, "email,choice,number,own.person\na@example.com,copper,five,\nb@example.com,,5,#4711\n"
    )
    assert [handed_back(each) for each in report.rejected] == [
        {
            "row": 2,
            "field": "own.choice, own.number",
            "reason": "“copper”: This is none of the choices. “five”: This is not a number."
            " Write it as 1234.5, without a mark for thousands.",
        },
        {"row": 3, "field": "own.person", "reason": "“#4711”: There is no such record."},
    ]
    assert not Person.objects.exists()


def test_the_same_file_again_changes_nothing_and_blank_leaves_what_is_there(tmp_path: Path) -> None:
    field("Plan", Kind.CHOICE)
    field("Size", Kind.NUMBER)
    counts = brought(tmp_path, "email,plan,size\na@example.com,gold,5\nb@example.com,,\n").of("persons")
    assert (counts.new, counts.unchanged) == (2, 0)
    counts = brought(tmp_path, "email,plan,size\na@example.com,gold,5\nb@example.com,,\n").of("persons")
    assert (counts.changed, counts.unchanged) == (0, 2)
    brought(tmp_path, "email,plan,size\na@example.com,,6\n")
    assert own("a@example.com") == {"plan": "gold", "size": 6}


def test_a_mapping_names_them(tmp_path: Path) -> None:
    field("Plan", Kind.CHOICE)
    brought(tmp_path, "E-mail,Tarif\na@example.com,Silver\n", {"E-mail": "email", "Tarif": "own.plan"})
    assert own("a@example.com") == {"plan": "silver"}


def test_undoing_gives_back_what_stood_there_and_leaves_what_was_changed_since(tmp_path: Path) -> None:
    plan = field("Plan", Kind.CHOICE)
    field("Size", Kind.NUMBER)
    field("Introduced by", Kind.PERSON)
    brought(tmp_path, "email,plan,size\na@example.com,gold,5\nb@example.com,gold,5\n")
    retire_option(plan.id, option=1, at=AT, by=None)
    run = brought(
        tmp_path,
        "email,plan,size\na@example.com,silver,6\nb@example.com,silver,6\nc@example.com,,7\nd@example.com,,8\n",
    ).run
    assert own("a@example.com") == {"plan": "silver", "size": 6}
    one, new = (Person.objects.get(email=f"{name}@example.com").pk for name in "bd")
    change_person(one, changes={}, own={"size": 9, "introduced_by": new}, at=AT, by=None)
    undone = undo_import(run, at=AT, by=None)
    assert (own("a@example.com"), own("b@example.com")) == (
        {"plan": "gold", "size": 5},
        {"plan": "gold", "size": 9, "introduced_by": new},
    )
    assert (undone.removed, undone.restored, undone.stayed) == (1, 2, 1)
    assert sorted(Value.objects.values_list("record_id", flat=True).distinct()) == sorted(
        Person.objects.values_list("pk", flat=True)
    )


def test_the_page_offers_them(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    field("Plan", Kind.CHOICE)
    client = Client()
    client.force_login(staff.admin())
    file = tmp_path / "persons.csv"
    file.write_text("email,Plan\na@example.com,Gold\n")
    with file.open("rb") as sent:
        there = client.post("/imports/", {"what": "persons", "file": sent})["Location"]
    page = client.get(there).content.decode()
    assert '<option value="own.plan" selected>Plan</option>' in page
