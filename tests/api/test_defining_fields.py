"""Fields of one's own defined by programs: added, renamed, retired and put to use again, refused with their place."""

import pytest

from tests.api.world import Caller, House, caller
from treaty.staff.models import AuditRow

PLAN = {"record": "deal", "name": "Plan", "kind": "choice", "options": ["Gold", "Silver"]}


@pytest.fixture(name="call")
def calling(house: House) -> Caller:
    return caller(house.admin)


def test_a_field_is_defined_and_holds_values_at_once(call: Caller, house: House) -> None:
    answer = call("POST", "/fields", PLAN)
    made = answer.json()
    assert (answer.status_code, made["key"], made["is_retired"]) == (201, "plan", False)
    assert [(one["id"], one["key"], one["name"]) for one in made["options"]] == [
        (1, "gold", "Gold"),
        (2, "silver", "Silver"),
    ]
    told = call("PATCH", f"/deals/{house.deal}", {"fields": {"plan": "gold"}})
    assert told.json()["fields"] == {"plan": "gold"}
    assert call("POST", "/fields", PLAN).status_code == 409
    assert list(AuditRow.objects.filter(about_kind="field").values_list("verb", "by_id")) == [
        ("field_added", house.admin.pk)
    ]


def test_names_change_and_keys_stay(call: Caller) -> None:
    there = f"/fields/{call('POST', '/fields', PLAN).json()['id']}"
    renamed = call("PATCH", there, {"name": "Tariff"}).json()
    assert (renamed["key"], renamed["name"], renamed["hint"]) == ("plan", "Tariff", "")
    assert call("PATCH", there, {"hint": "As signed."}).json()["name"] == "Tariff"
    option = call("PATCH", f"{there}/options/2", {"name": "Iron", "is_retired": True}).json()["options"][1]
    assert option == {"id": 2, "key": "silver", "name": "Iron", "is_retired": True}
    assert not call("PATCH", f"{there}/options/2", {"is_retired": False}).json()["options"][1]["is_retired"]
    assert call("POST", f"{there}/options", {"name": "Tin"}).json()["options"][2]["key"] == "tin"
    assert call("POST", f"{there}/options", {"name": "tin"}).status_code == 409
    assert call("PATCH", f"{there}/options/9", {"name": "Lead"}).status_code == 404


def test_a_field_goes_out_of_use_and_comes_back(call: Caller) -> None:
    there = f"/fields/{call('POST', '/fields', PLAN).json()['id']}"
    for _again in range(2):
        assert call("PUT", f"{there}/retirement").json()["is_retired"]
    assert call("POST", "/fields", PLAN).status_code == 201
    assert call("DELETE", f"{there}/retirement").status_code == 409
    assert call("PATCH", there, {"name": "Old plan"}).status_code == 200
    assert not call("DELETE", f"{there}/retirement").json()["is_retired"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "colour"}, "kind"),
        ({"record": "note"}, "record"),
        ({"options": []}, "options"),
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"size": 5}, "size"),
    ],
)
def test_what_makes_no_field_is_refused(call: Caller, change: dict[str, object], field: str) -> None:
    answer = call("POST", "/fields", PLAN | change)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_where_nothing_is_chosen_no_option_is_added(call: Caller) -> None:
    made = call("POST", "/fields", {"record": "person", "name": "Size", "kind": "number"}).json()["id"]
    assert call("POST", f"/fields/{made}/options", {"name": "Big"}).status_code == 409
