"""Fields of one's own in the lists of persons, companies and deals: columns, conditions, spreadsheets."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.deals.tests.factories import deal
from treaty.fields import commands, queries
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field, of_each_kind
from treaty.people.tests.factories import company, person
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(name="mia")
def marketer(client: Client) -> Client:
    client.force_login(staff.mia())
    return client


def told() -> dict[str, int]:
    """Four persons; the last one has nothing in any field."""
    of_each_kind()
    found = {name: person(name).pk for name in ("Ada", "Bea", "Cleo", "Dora")}
    firm = company().pk
    euros = {"minor": 500_00, "currency": "EUR"}
    rows: dict[str, dict[str, object]] = {
        "Ada": {"text": "Łódź żyje", "number": 5, "money": euros, "date": "2026-11-19", "choice": "gold", "many": ["gold"]},
        "Bea": {"text": "lodz", "number": 0.1, "money": {**euros, "minor": 10}, "date": "2026-11-18", "many": ["gold", "lodz"]},
        "Cleo": {"number": -3, "money": {"minor": 900_00, "currency": "USD"}, "choice": "silver", "person": found["Ada"],
                 "company": firm},
    }  # fmt: skip
    commands.set_values("person", {found[name]: row for name, row in rows.items()}, at=AT, by=None)
    return found


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("own_text.is:LODZ", "Bea"),
        ("own_text.begins:łódź", "Ada Bea"),
        ("own_text.has:zyje", "Ada"),
        ("own_text.lacks:zyje", "Bea Cleo Dora"),
        ("own_text.not:lodz", "Ada Cleo Dora"),
        ("own_text.empty", "Cleo Dora"),
        ("own_number.is:0.1", "Bea"),
        ("own_number.least:0,1", "Ada Bea"),
        ("own_number.most:0", "Cleo"),
        ("own_number.filled", "Ada Bea Cleo"),
        ("own_money.least:1", "Ada"),  # the company's own currency is the euro; dollars are another matter
        ("own_money.most:1", "Bea"),
        ("own_date.is:2026-11-19", "Ada"),
        ("own_date.until:2026-11-18", "Bea"),
        ("own_date.within:1", "Ada"),
        ("own_choice.is:gold|silver", "Ada Cleo"),
        ("own_choice.not:gold", "Bea Cleo Dora"),
        ("own_many.is:lodz", "Bea"),
        ("own_many.empty", "Cleo Dora"),
        ("own_person.is:Ada", "Cleo"),
        ("own_person.is:nobody", ""),
        ("own_company.is:Huta", "Cleo"),
        ("own_company.filled", "Cleo"),
    ],
)
def test_a_condition_finds_whom_it_means(mia: Client, condition: str, names: str) -> None:
    told()
    answer = mia.get("/people/", {"where": f"1.{condition}", "format": "csv", "cols": "name"})
    lines = b"".join(answer).decode("utf-8-sig").split()
    assert sorted(lines[1:]) == names.split()


def test_columns_stand_in_the_list_as_people_read_them(mia: Client) -> None:
    found = told()
    page = mia.get("/people/", {"cols": "name,own_money,own_number,own_many,own_person"}).content.decode()
    for cell in ("€500.00", "0.1", "Gold; Łódź", f'<a href="/people/{found["Ada"]}/"><bdi>Ada</bdi></a>'):
        assert cell in page


def test_a_spreadsheet_holds_what_an_import_reads(mia: Client) -> None:
    found = told()
    answer = mia.get(
        "/people/",
        {"cols": "name,own_text,own_number,own_money,own_date,own_many,own_person", "format": "csv"},
    )
    lines = set(b"".join(answer).decode("utf-8-sig").splitlines())
    assert {
        "Name,Text,Number,Money,Date,Many,Person",
        "Bea,lodz,0.1,0.10 EUR,2026-11-18,Gold; Łódź,",
        f"Cleo,,-3,900.00 USD,,,Ada #{found['Ada']}",
        "Dora,,,,,,",
    } <= lines  # fmt: skip


def test_retired_ones_are_in_no_list(mia: Client) -> None:
    told()
    commands.retire_field(next(iter(of("text"))), at=AT, by=None)
    page = mia.get("/people/", {"where": "1.own_text.is:lodz", "cols": "name,own_text"}).content.decode()
    assert all(name in page for name in ("Ada", "Bea", "Cleo", "Dora"))
    assert "zyje" not in page
    assert ">Text<" not in page


def of(key: str) -> list[int]:
    return [row.id for row in queries.fields_of("person") if row.key == key]


def test_companies_and_deals_have_theirs(mia: Client) -> None:
    field("Meters", Kind.NUMBER, "company")
    field("Tender", Kind.TEXT, "deal")
    firm, one = company().pk, deal(staff.mia())
    commands.set_values("company", {firm: {"meters": 1200}}, at=AT, by=None)
    commands.set_values("deal", {one: {"tender": "2026/77"}}, at=AT, by=None)
    where = {"where": "1.own_meters.least:1000", "cols": "name,own_meters"}
    assert "1,200" in mia.get("/companies/", where).content.decode()
    assert (
        "Huta" not in mia.get("/companies/", {**where, "where": "1.own_meters.least:1300"}).content.decode()
    )
    where = {"where": "1.own_tender.begins:2026", "cols": "name,own_tender"}
    assert "2026/77" in mia.get("/deals/table", where, follow=True).content.decode()


def test_all_columns_of_a_page_are_read_at_once(
    mia: Client, query_count: Callable[[str], AbstractContextManager[None]]
) -> None:
    told()
    columns: dict[str, Any] = {"cols": "name,own_money,own_number,own_many,own_person,own_company,own_text"}
    mia.get("/people/", columns)
    with query_count("people with own columns"):
        mia.get("/people/", columns)
