"""One value for a field of many rows: the page that asks for it, what is written, what goes back."""

from typing import Any

import pytest
from django.test import Client

from treaty.deals.tests.factories import deal
from treaty.fields import queries
from treaty.fields.commands import set_values
from treaty.fields.tests.factories import SINCE, of_each_kind
from treaty.kit.bulk import counts
from treaty.kit.models import Bulk
from treaty.ledger.models import Touchpoint
from treaty.people import commands as people
from treaty.people.forms import PersonForm
from treaty.people.models import Company, Person
from treaty.people.tests.factories import company, person
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
CHANGE = "/people/bulk/people.change"
ALL = {"all": "1", "query": "where=1.city.is:Lodz", "next": "/people/?where=1.city.is:Lodz"}


@pytest.fixture(name="mia")
def marketer(client: Client) -> Client:
    client.force_login(staff.mia())
    return client


def buyers() -> list[int]:
    """Two persons in Lodz, and one elsewhere."""
    return [
        person(name, city=city).pk for name, city in (("Ada", "Lodz"), ("Bea", "Lodz"), ("Cleo", "Gdynia"))
    ]


def own(ids: list[int], key: str) -> list[Any]:
    values = queries.values_of("person", ids)
    return [values[one].get(key) for one in ids]


@pytest.mark.parametrize(
    ("key", "told", "held"),
    [
        ("text", "hello", "hello"),
        ("number", "7,5", 7.5),
        ("money", "12 USD", {"minor": 1200, "currency": "USD"}),
        ("date", "2026-12-24", "2026-12-24"),
        ("choice", "gold", "gold"),
        ("many", ["silver", "lodz"], ["silver", "lodz"]),
        ("person", "Cleo", None),
    ],
)
def test_all_that_match_get_one_value_and_have_theirs_back(
    mia: Client, key: str, told: Any, held: Any
) -> None:
    of_each_kind()
    ids = buyers()
    set_values("person", {ids[0]: {"text": "before"}}, at=SINCE, by=None)
    asked = mia.post(CHANGE, ALL | {"field": f"own_{key}"})
    page = asked.content.decode()
    assert "2 rows get this value." in page
    assert 'name="value"' in page
    assert not Bulk.objects.exists()
    answer = mia.post(CHANGE, ALL | {"field": f"own_{key}", "told": "1", "how": "replace", "value": told})
    assert answer["Location"] == ALL["next"]
    assert own(ids, key) == [held or ids[2], held or ids[2], None]
    mia.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert own(ids, key) == ["before" if key == "text" else None, None, None]


def test_the_page_that_asks_leaves_the_forms_of_the_noun_alone(
    mia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyers()
    city = PersonForm.base_fields["city"]
    monkeypatch.setattr(city, "required", True)
    assert mia.post(CHANGE, ALL | {"field": "city"}).status_code == 200
    assert city.required


def test_a_value_that_cannot_be_is_refused_before_anything_begins(mia: Client) -> None:
    of_each_kind()
    buyers()
    refused = mia.post(CHANGE, ALL | {"field": "own_number", "told": "1", "value": "many"})
    assert refused.status_code == 422
    assert "This is not a number." in refused.content.decode()
    assert 'value="many"' in refused.content.decode()
    for asked in (
        {},
        {"field": "own_file"},
        {"field": "email"},
        {"field": "own_number", "pick": "0", "all": ""},
    ):
        assert mia.post(CHANGE, {**ALL, **asked}).status_code == 302
    assert not Bulk.objects.exists()


def test_what_holds_it_already_is_left_alone_and_nothing_empties(mia: Client) -> None:
    ids = buyers()
    told = {"field": "city", "told": "1", "value": "Gdynia", "pick": ids, "next": "/people/"}
    mia.post(CHANGE, told)
    assert {counts(Bulk.objects.get().pk)[state] for state in ("done",)} == {2}
    mia.post(CHANGE, told | {"value": " "})
    assert set(Person.objects.values_list("city", flat=True)) == {""}


def test_companies_and_deals_are_changed_alike(mia: Client) -> None:
    of_each_kind("deal")
    firms = [company(name).pk for name in ("Huta Wschód", "Odlewnia")]
    told = {"told": "1", "pick": firms, "next": "/"}
    mia.post("/companies/bulk/companies.change", told | {"field": "employees", "value": "12"})
    assert set(Company.objects.values_list("employees", flat=True)) == {12}
    mia.force_login(staff.ann())
    one = deal(staff.ann())
    mia.post(
        "/deals/bulk/deals.change",
        told | {"pick": one, "field": "own_many", "how": "add", "value": ["gold", "silver"]},
    )
    assert queries.values_of("deal", [one])[one] == {"many": ["gold", "silver"]}


def test_a_button_pressed_without_a_choice_changes_nothing(mia: Client) -> None:
    one = person("Ada", owner=staff.ann())
    for verb in ("people.owner", "people.stage"):
        mia.post(f"/people/bulk/{verb}", {"pick": one.pk})
    one.refresh_from_db()
    assert (one.owner_id, Bulk.objects.count()) == (staff.ann().pk, 0)


def test_many_are_changed_at_once_as_each_would_be_alone(mia: Client, query_count: Any) -> None:
    of_each_kind()
    ids = [*buyers(), person("Dora", city="Łódź").pk]
    told = {"field": "city", "told": "1", "value": "Łódź", "pick": ids, "next": "/"}
    with query_count("one value for many rows"):
        mia.post(CHANGE, told)
    lines = AuditRow.objects.filter(verb="person_changed").order_by("about_id")
    assert [(line.about_id, line.changes) for line in lines] == [
        (ids[0], {"city": ["Lodz", "Łódź"]}),
        (ids[1], {"city": ["Lodz", "Łódź"]}),
        (ids[2], {"city": ["Gdynia", "Łódź"]}),
    ]
    assert Touchpoint.objects.filter(kind="PersonChanged").count() == 3
    more = [person(name, city="Lodz").pk for name in ("Ewa", "Fay", "Gil")]
    with query_count("one value for many rows"):
        mia.post(CHANGE, told | {"pick": [*ids[:1], *more]})
    mia.post(f"/bulk/{Bulk.objects.order_by('pk')[0].pk}/undoing")
    assert list(Person.objects.filter(pk__in=ids).order_by("pk").values_list("city", flat=True)) == [
        "Lodz", "Lodz", "Gdynia", "Łódź",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no name alike"):
        people.change_persons(ids, changes={"name": "Ada"}, at=SINCE, by=None)
