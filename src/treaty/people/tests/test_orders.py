"""Lists of people and companies in the order of each column that offers one: page by page, both ways, and all at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from treaty.kit.keyset import Ordering
from treaty.people import queries
from treaty.people.commands import add_company, change_company, change_person, enter_stage
from treaty.people.models import Person
from treaty.people.rules import CompanyDraft, Stage
from treaty.people.tests.factories import SINCE, person
from treaty.people.views.companies import COLUMNS
from treaty.people.views.lists import columns
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

Key = Callable[[Any], Any]
ROAD = list(Stage)


@pytest.fixture(name="mia", params=[0, 1_000], ids=["along the indexes", "by their ids"])
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> User:
    """Fourteen persons at four companies or none, of two owners or nobody, some of them alike in all but their ids."""
    monkeypatch.setattr("treaty.kit.stretches.FEW", request.param)
    ann, bo = staff.ann(), staff.bo()
    for number, name in enumerate(("Żubr", "Huta", "álamo", "Odlewnia")):
        draft = CompanyDraft(
            name=name, city=("", "Łódź", "Gdańsk", "Łódź")[number], employees=(None, 7, 7, 120)[number]
        )
        made = add_company(draft, at=SINCE + timedelta(days=number), by=None).company_id
        change_company(made, changes={"owner_id": (ann.pk, None, bo.pk, ann.pk)[number]}, at=SINCE, by=None)
    for number in range(14):
        made = person(
            f"P{number}",
            emails=(f"p{number}@example.com",) if number % 3 else (),
            city=("Łódź", "", "Gdańsk")[number % 3],
            country=("PL", "", "DE", "PL")[number % 4],
            company=("Huta", "", "Żubr", "álamo", "Huta")[number % 5],
            owner=(ann, bo, None)[number // 2 % 3],
        ).pk
        enter_stage([made], ROAD[number % 3], at=SINCE, cause="", by=None)
    change_person(made, changes={"title": "Buyer"}, at=SINCE, by=None)
    return staff.mia()


def pages(order: Ordering, rows: "QuerySet[Any]", way: str) -> list[int]:
    """All rows, three at a time, from the front (`after`) or, once there, from the end (`before`)."""
    found, query = list[int](), dict[str, str]()
    if way == "before":
        cut = order.page(rows, query, 3)
        while cut.after:
            cut = order.page(rows, {"after": cut.after}, 3)
        found = [row.pk for row in cut.rows]
        query = {"before": cut.before}
    while query or not found:
        cut = order.page(rows, query, 3)
        ids = [row.pk for row in cut.rows]
        found = [*ids, *found] if way == "before" else [*found, *ids]
        mark = getattr(cut, way)
        if not mark:
            return found
        query = {way: mark}
    return found


def stands(rows: "QuerySet[Any]", key: Key, tie: Key, *, is_descending: bool) -> list[int]:
    """The rows by a key, the largest first where asked, those without one last."""
    said = [row for row in rows if key(row) not in (None, "")]
    lacking = [row for row in rows if key(row) in (None, "")]
    said.sort(key=tie)
    said.sort(key=key, reverse=is_descending)
    return [row.pk for row in [*said, *sorted(lacking, key=tie)]]


def by_id(row: Any) -> int:
    return int(row.pk)


def newest(row: Any) -> tuple[float, int]:
    return -row.created_at.timestamp(), -row.pk


PEOPLE: dict[str, Key] = {
    "stage": lambda row: ROAD.index(row.stage) + 1,
    "owner": lambda row: row.owner.name if row.owner else None,
    "company": lambda row: row.company.folded if row.company else None,
    "email": lambda row: row.email,
}
COMPANIES: dict[str, Key] = {
    "owner": lambda row: row.owner.name if row.owner else None,
    "employees": lambda row: row.employees,
    "city": lambda row: row.city,
    "country": lambda row: row.country,
    "sector": lambda row: row.sector,
}
GROUPED = ("stage", "owner")
"""Where rows are alike, the newest stand first whichever way the list stands."""


def checked(column: Any, rows: "QuerySet[Any]", key: Key) -> None:
    for is_descending in (False, True):
        order = column.orders(is_descending)
        if column.key in GROUPED:
            wanted = stands(rows, key, newest, is_descending=is_descending)
        else:
            said = stands(
                rows, key, (lambda row: -row.pk) if is_descending else by_id, is_descending=is_descending
            )
            bare = [row.pk for row in rows.order_by("-pk") if key(row) in (None, "")]
            wanted = [*[one for one in said if one not in bare], *bare]
        assert [row.pk for row in order.walk(rows)] == wanted
        assert pages(order, rows, "after") == wanted
        assert pages(order, rows, "before") == wanted


@pytest.mark.parametrize("name", PEOPLE)
def test_people_stand_in_the_order_of_a_column(mia: User, name: str) -> None:
    [column] = [one for one in columns(list) if one.key == name]
    rows = queries.visible_persons(mia).select_related("company", "owner")
    assert len(rows) == 14
    checked(column, rows, PEOPLE[name])


@pytest.mark.parametrize("name", COMPANIES)
def test_companies_stand_in_the_order_of_a_column(mia: User, name: str) -> None:
    [column] = [one for one in COLUMNS if one.key == name]
    checked(column, queries.visible_companies(mia).select_related("owner"), COMPANIES[name])


@pytest.mark.parametrize("sort", ["stage", "-owner", "company", "-email", "phone"])
def test_the_page_of_people_offers_each_order_in_groups_too(mia: User, sort: str) -> None:
    client = Client()
    client.force_login(mia)
    page = client.get("/people/", {"sort": sort, "cols": "all"}).content.decode()
    direction = "descending" if sort.startswith("-") else "ascending"
    assert f'aria-sort="{direction}"' in page
    grouped = client.get("/people/", {"sort": sort, "group": "stage"}).content.decode()
    for row in Person.objects.all():
        assert f">{row.name}<" in page
        assert f">{row.name}<" in grouped


def test_a_mark_of_nonsense_leads_to_the_first_page(mia: User) -> None:
    [column] = [one for one in columns(list) if one.key == "stage"]
    rows = queries.visible_persons(mia)
    assert column.orders is not None
    order = column.orders(False)
    first = [row.pk for row in order.page(rows, {}, 3).rows]
    for text in ("x", ".", "is-nothing.W10", "is-lead", "%"):
        assert [row.pk for row in order.page(rows, {"after": text}, 3).rows] == first
