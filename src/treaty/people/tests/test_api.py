"""The API of persons and companies: scopes, sight, cursors, adding twice, and refusals in words."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from treaty.people import commands, queries
from treaty.people.models import Person
from treaty.people.tests.factories import SINCE, person, pia
from treaty.staff.commands import issue_key
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def api(user: User, *scopes: str) -> Client:
    token = issue_key(
        "test", owner=user.pk, scopes=list(scopes or ("people:read", "people:write")), at=SINCE, by=user.pk
    )
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(client: Client, method: str, path: str, told: dict[str, Any]) -> Any:
    return client.generic(method, path, data=json.dumps(told), content_type="application/json")


def test_a_key_without_the_scope_is_refused() -> None:
    assert Client().get("/api/persons").status_code == 401
    assert api(staff.mia(), "deals:read").get("/api/persons").status_code == 403
    assert send(api(staff.mia(), "people:read"), "POST", "/api/persons", {"name": "Pia"}).status_code == 403


def test_a_key_sees_what_its_owner_sees() -> None:
    buyer = pia(owner=staff.ann())
    assert [one["name"] for one in api(staff.ann()).get("/api/persons").json()["items"]] == ["Pia Kowalska"]
    cy = api(staff.cy())
    assert cy.get("/api/persons").json()["items"] == []
    assert cy.get(f"/api/persons/{buyer.pk}").status_code == 404
    assert send(cy, "PATCH", f"/api/persons/{buyer.pk}", {"city": "Gdynia"}).status_code == 404
    assert send(cy, "POST", "/api/persons", {"emails": [buyer.email], "city": "Gdynia"}).status_code == 409
    assert Person.objects.get().city == ""


@pytest.mark.parametrize("who", [staff.ann, staff.bo, staff.lea, staff.cy, staff.mia])
def test_a_person_by_its_id_is_seen_by_whom_its_list_is_seen(who: Callable[[], User]) -> None:
    persons = [pia(owner=staff.ann()), person("Quin", owner=staff.cy()), person("Rui")]
    user = who()
    seen = [one.pk for one in persons if queries.visible_person(user, one.pk)]
    assert seen == sorted(queries.visible_persons(user).values_list("pk", flat=True))


def test_a_merged_person_leads_to_the_survivor_until_it_is_undone() -> None:
    buyer, again = pia(owner=staff.ann()), person("Pia K", owner=staff.ann())
    merged = commands.merge_persons(buyer.pk, merged=again.pk, at=SINCE, by=None)
    ann, cy = api(staff.ann()), api(staff.cy())
    answer = ann.get(f"/api/persons/{again.pk}")
    assert (answer.status_code, answer.headers["Location"]) == (307, f"/api/persons/{buyer.pk}")
    assert send(ann, "PATCH", f"/api/persons/{again.pk}", {"city": "Gdynia"}).status_code == 307
    assert ann.get(f"/api/persons/{again.pk}", follow=True).json()["id"] == buyer.pk
    assert cy.get(f"/api/persons/{again.pk}").status_code == 404
    commands.undo_merge(merged.id, at=SINCE, by=None)
    assert ann.get(f"/api/persons/{again.pk}").json()["id"] == again.pk


def test_the_cursor_walks_through_everybody_once() -> None:
    for number in range(5):
        person(f"Person {number}")
    mia, names, after = api(staff.mia()), list[str](), ""
    while True:
        answer = mia.get(f"/api/persons?limit=2&sort=name&after={after}").json()
        names += [one["name"] for one in answer["items"]]
        if (after := answer["next"]) is None:
            break
    assert names == [f"Person {number}" for number in range(5)]


def test_persons_are_narrowed() -> None:
    pia(channel="email")
    person("Someone Else", channel="social")
    mia = api(staff.mia())
    for query in (
        "q=PÍA",
        "channel=email",
        "email=Pia.Kowalska@example.com",
        "sort=-name&limit=2&q=kow",
    ):
        assert [one["name"] for one in mia.get(f"/api/persons?{query}").json()["items"]] == ["Pia Kowalska"]
    assert mia.get("/api/persons", {"stage": "mql"}).json() == {"items": [], "next": None}


def test_the_same_person_sent_twice_is_added_once() -> None:
    told = {"given_name": "Pia", "family_name": "Kowalska", "emails": ["PIA@example.com"], "phones": ["32 123 45 67"],
            "country": "pl", "company": "Huta Wschód", "stage": "lead", "tags": ["fair"]}  # fmt: skip
    mia = api(staff.mia())
    first, second = (send(mia, "POST", "/api/persons", told) for _ in range(2))
    assert (first.status_code, first.json()["outcome"]) == (201, "new")
    assert (second.status_code, second.json()["outcome"]) == (200, "unchanged")
    person = first.json()["person"]
    assert (person["email"], person["phone"], person["country"], person["stage"]) == (
        "pia@example.com",
        "+48321234567",
        "PL",
        "lead",
    )
    assert person["owner_id"] == staff.mia().pk


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"name": "  "},
        {"emails": ["nobody"]},
        {"phones": ["call me"]},
        {"external": ["nosource"]},
        {"name": "x" * 201},
        {"name": "Pia\0"},
        {"name": "Pia", "stage": "friend"},
        {"name": "Pia", "owner_id": 987654},
        {"name": "Pia", "surname": "unknown field"},
    ],
)
def test_what_makes_no_person_is_refused(told: dict[str, Any]) -> None:
    assert send(api(staff.mia()), "POST", "/api/persons", told).status_code == 422
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"emails": ["x@"]}, "emails", "“x@” is not a mail address. It looks like pia@example.com."),
        ({"phones": ["+819"]}, "phones", "“+819” is not a phone number. Begin it with +"),
        ({"name": "X", "country": "xx"}, "country", "there is no such country; write its two letters"),
        (
            {"name": "X", "time_zone": "Mars/X"},
            "time_zone",
            "there is no such time zone; write it as Europe/",
        ),
    ],
)
def test_a_refusal_says_what_would_be_right(told: dict[str, Any], field: str, words: str) -> None:
    (problem,) = send(api(staff.mia()), "POST", "/api/persons", told).json()["errors"]
    assert problem["field"] == field
    assert words in problem["problem"]


def test_a_person_is_corrected() -> None:
    buyer = pia(city="Kraków")
    answer = send(
        api(staff.mia()), "PATCH", f"/api/persons/{buyer.pk}", {"city": "", "title": "Buyer"}
    ).json()
    assert (answer["city"], answer["title"], answer["name"]) == ("", "Buyer", "Pia Kowalska")
    assert answer["changed_at"] > (SINCE + timedelta(days=1)).isoformat()


def test_a_company_is_added_found_and_corrected() -> None:
    mia = api(staff.mia())
    added = send(mia, "POST", "/api/companies", {"name": "Huta Wschód", "employees": 0, "key": "erp:7"})
    assert added.status_code == 201
    identity = added.json()["company"]["id"]
    assert send(mia, "POST", "/api/companies", {"name": "HUTA WSCHOD"}).json()["outcome"] == "unchanged"
    assert send(mia, "PATCH", f"/api/companies/{identity}", {"sector": "steel"}).json()["sector"] == "steel"
    assert [one["id"] for one in mia.get("/api/companies", {"q": "huta"}).json()["items"]] == [identity]
    assert mia.get(f"/api/companies/{identity}").json()["employees"] == 0
    assert mia.get("/api/companies/999999999999999999999").status_code == 404
