"""Many things in one call: each has its own result, the same again changes nothing, whom one may not see stays as they are."""

from typing import Any

import pytest

from tests.api.test_problems import problem
from tests.api.world import House, caller
from treaty.deals.models import Deal
from treaty.handovers.tests.factories import NOW
from treaty.ledger.models import Touchpoint
from treaty.people.commands import forget_person
from treaty.people.models import Company, Person


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    told = answer.json()
    found = [one["outcome"] for one in told["results"]]
    assert {name: told[name] for name in ("new", "changed", "unchanged", "refused")} == {
        name: found.count(name) for name in ("new", "changed", "unchanged", "refused")
    }
    return found


def persons(number: int) -> dict[str, Any]:
    return {
        "items": [
            {"name": f"Buyer {n}", "emails": [f"buyer{n}@example.com"], "company": f"Works {n % 7}"}
            for n in range(number)
        ]
    }


def test_a_thousand_persons_come_in_one_call_with_few_questions(
    house: House, django_assert_max_num_queries: Any
) -> None:
    call = caller(house.admin)
    with django_assert_max_num_queries(80):
        assert outcomes(call("POST", "/batches/persons", persons(1_000))) == ["new"] * 1_000
    found = Person.objects.filter(name__startswith="Buyer ")
    assert set(found.values_list("owner_id", flat=True)) == {house.admin.pk}
    assert Touchpoint.objects.filter(kind="PersonAdded").count() >= 1_000
    assert outcomes(call("POST", "/batches/persons", persons(1_000))) == ["unchanged"] * 1_000
    assert problem(call("POST", "/batches/persons", persons(1_001))) == (422, [("items", TOO_MANY)])
    assert problem(call("POST", "/batches/persons", {"items": []}))[0] == 422


TOO_MANY = "List should have at most 1000 items after validation, not 1001"


def test_each_person_has_its_own_result(house: House) -> None:
    items = [
        {"name": "Rob", "emails": ["rob@example.com"]},
        {"emails": ["quinn@example.com"], "city": "Łódź"},
        {"name": "Nobody", "emails": ["no address"]},
        {"name": "Given", "owner_id": 999_999},
        {"name": "Rob", "emails": ["rob@example.com"]},
        {},
    ]
    answer = caller(house.admin)("POST", "/batches/persons", {"items": items})
    assert outcomes(answer) == ["new", "changed", "refused", "refused", "unchanged", "refused"]
    results = answer.json()["results"]
    assert [[error["field"] for error in one["errors"]] for one in results] == [
        [],
        [],
        ["emails"],
        ["owner_id"],
        [],
        ["name"],
    ]
    assert results[0]["id"] == results[4]["id"] == Person.objects.get(email="rob@example.com").pk
    assert results[2]["id"] is None
    assert Person.objects.get(email="quinn@example.com").city == "Łódź"


def test_whom_a_key_does_not_see_it_neither_changes_nor_learns_of(house: House) -> None:
    cy = caller(house.cast.cy)
    items = [
        {"name": "Rob", "emails": ["rob@example.com"]},
        {"emails": ["quinn@example.com", "other@example.com"], "city": "Łódź"},
    ]
    answer = cy("POST", "/batches/persons", {"items": items})
    assert outcomes(answer) == ["new", "refused"]
    assert answer.json()["results"][1]["id"] is None
    assert Person.objects.get(email="quinn@example.com").city == ""
    assert Person.objects.get(email="rob@example.com").owner_id == house.cast.cy.pk
    companies = cy("POST", "/batches/companies", {"items": [{"name": "Huta Wschód"}, {"name": "Odlewnia"}]})
    assert outcomes(companies) == ["refused", "new"]
    deal = {"source_key": "a", "name": "Meters"}
    assert outcomes(caller(house.admin)("POST", "/batches/deals", {"items": [deal]})) == ["new"]
    refusals = cy(
        "POST",
        "/batches/deals",
        {"items": [deal, deal | {"source_key": "b", "person_id": house.person}, deal | {"source_key": "c"}]},
    )
    assert outcomes(refusals) == ["refused", "refused", "new"]
    assert Deal.objects.get(external_key="api:c").owner_id == house.cast.cy.pk


def test_who_asked_to_be_forgotten_stays_so(house: House) -> None:
    forget_person(house.person, at=NOW, by=None, cause="hand")
    answer = caller(house.admin)(
        "POST", "/batches/persons", {"items": [{"name": "Pia", "emails": ["pia@example.com"]}]}
    )
    assert outcomes(answer) == ["refused"]
    assert not Person.objects.filter(name="Pia").exists()


def test_companies_are_met_by_key_or_name(house: House) -> None:
    call = caller(house.admin)
    items = [
        {"name": "HUTA wschód", "city": "Katowice"},
        {"name": "Odlewnia", "key": "erp:1"},
        {"name": "  "},
    ]
    assert outcomes(call("POST", "/batches/companies", {"items": items})) == ["changed", "new", "refused"]
    assert outcomes(call("POST", "/batches/companies", {"items": items[:2]})) == ["unchanged", "unchanged"]
    assert Company.objects.get(pk=house.company).city == "Katowice"


def test_deals_come_in_any_stage_and_are_met_by_their_key(house: House) -> None:
    call = caller(house.admin)
    value = {"minor": 90_000, "currency": "EUR"}
    items: list[dict[str, Any]] = [
        {"source_key": "a", "name": "Meters", "stage": "won", "value": value, "person_id": house.person,
         "opened_at": "2026-10-01T08:00:00Z", "closed_at": "2026-11-02T08:00:00Z"},
        {"source_key": "b", "name": "Gauges"},
        {"source_key": "c", "name": "Valves", "stage": "lost"},
        {"source_key": "d", "name": "Pumps", "opened_at": "2026-12-01T08:00:00Z"},
        {"source_key": "e", "name": "Pipes", "closed_at": "2026-11-02T08:00:00Z"},
        {"source_key": "f", "name": "Cranes", "owner_id": 999_999},
    ]  # fmt: skip
    answer = call("POST", "/batches/deals", {"items": items})
    assert outcomes(answer) == ["new", "new", "refused", "refused", "refused", "refused"]
    fields = [one["errors"][0]["field"] for one in answer.json()["results"][2:]]
    assert fields == ["reason", "opened_at", "closed_at", "owner_id"]
    again = call("POST", "/batches/deals", {"items": [items[0], items[1] | {"stage": "proposal"}]})
    assert outcomes(again) == ["unchanged", "changed"]
    won = call("GET", f"/deals/{answer.json()['results'][0]['id']}").json()
    assert (won["stage"], won["value"]["minor"], won["closed_at"]) == ("won", 90_000, "2026-11-02T08:00:00Z")
    assert Person.objects.get(pk=house.person).stage == "customer"


def test_a_batch_of_deals_asks_few_questions(house: House, django_assert_max_num_queries: Any) -> None:
    items = [{"source_key": f"k{n}", "name": f"Deal {n}", "person_id": house.person} for n in range(200)]
    with django_assert_max_num_queries(60):
        assert outcomes(caller(house.admin)("POST", "/batches/deals", {"items": items})) == ["new"] * 200


@pytest.mark.parametrize("noun", ["persons", "companies", "deals"])
def test_an_item_of_the_wrong_form_refuses_the_call_with_its_place(house: House, noun: str) -> None:
    right = {"name": "Rob"} | ({"source_key": "a"} if noun == "deals" else {})
    status, errors = problem(
        caller(house.admin)("POST", f"/batches/{noun}", {"items": [right, right | {"colour": "red"}]})
    )
    assert (status, [field for field, _ in errors]) == (422, ["items.1.colour"])
    assert not Person.objects.filter(name="Rob").exists()
