"""The change feed: every fact once, in order, and each key sees what is about its owner's records."""

from typing import Any

import pytest

from tests.api.test_problems import problem
from tests.api.world import House, caller
from treaty.capture.facts import PageSeen
from treaty.handovers.tests.factories import NOW
from treaty.ledger.commands import record
from treaty.ledger.facts import INSTALLATION
from treaty.ledger.models import Touchpoint
from treaty.people.queries import visible_persons


def walked(call: Any, limit: int, query: str = "") -> list[Any]:
    """The feed from its beginning to now."""
    items, after = list[Any](), ""
    while True:
        part = call("GET", f"/changes?limit={limit}&after={after}{query}").json()
        assert part.keys() == {"items", "next", "more"}
        items += part["items"]
        after = part["next"]
        if not part["more"]:
            return items


@pytest.mark.parametrize("limit", [1, 3, 200])
def test_the_feed_is_the_ledger_in_its_order(house: House, limit: int) -> None:
    found = walked(caller(house.admin), limit)
    assert [one["id"] for one in found] == list(
        Touchpoint.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert {"PersonAdded", "LeadAccepted", "DealOpened"} <= {one["kind"] for one in found}


def test_from_its_end_the_feed_goes_on_with_what_is_new(house: House) -> None:
    call = caller(house.admin)
    end = call("GET", "/changes?limit=200").json()["next"]
    assert call("GET", f"/changes?after={end}").json() == {"items": [], "next": end, "more": False}
    line = record(PageSeen("/pricing"), about=INSTALLATION, at=NOW)
    assert line is not None
    (item,) = call("GET", f"/changes?after={end}").json()["items"]
    assert item["id"] == line.id
    assert item["about"] == {"kind": "installation", "id": 1}
    assert item["values"]["page"] == "/pricing"


def test_one_kind_can_be_asked_for(house: House) -> None:
    assert {one["kind"] for one in walked(caller(house.admin), 1, "&kind=LeadAccepted")} == {"LeadAccepted"}
    assert problem(caller(house.admin)("GET", "/changes?kind=DealWom"))[1][0][0] == "kind"


def test_a_cursor_of_a_list_is_none_of_the_feed(house: House) -> None:
    call = caller(house.admin)
    after = call("GET", "/persons?limit=1").json()["next"]
    assert call("GET", f"/changes?after={after}").status_code == 422


def test_a_key_sees_facts_about_its_owner_s_records_only(house: House) -> None:
    cast = house.cast
    assert walked(caller(cast.cy), 200) == []
    deal = caller(house.admin)("GET", f"/deals/{house.deal}").json()
    owner = next(one for one in (cast.ann, cast.bo) if one.pk == deal["owner_id"])
    found = walked(caller(owner), 3)
    about = {(one["about"]["kind"], one["about"]["id"]) for one in found}
    persons = {pk for kind, pk in about if kind == "person"}
    assert ("deal", house.deal) in about
    assert persons
    assert persons <= set(visible_persons(owner).values_list("pk", flat=True))
    assert {kind for kind, _pk in about} <= {"person", "company", "deal"}
