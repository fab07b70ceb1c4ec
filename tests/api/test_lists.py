"""Every list of the API has one form: items, a cursor, a limit, filters it knows; and shows what the key's owner sees."""

from typing import Any

import pytest

from tests.api.world import House, caller

LISTS = ["persons", "companies", "handovers", "deals", "agreement/versions"]
every_list = pytest.mark.parametrize("noun", LISTS)


def walked(call: Any, path: str, limit: int) -> list[Any]:
    """All items of a list, part by part."""
    items, after = list[Any](), ""
    while True:
        part = call("GET", f"/{path}{'&' if '?' in path else '?'}limit={limit}&after={after}").json()
        assert part.keys() == {"items", "next"}
        assert len(part["items"]) <= limit
        items += part["items"]
        if part["next"] is None:
            return items
        after = part["next"]


@every_list
def test_small_parts_together_are_the_whole(house: House, noun: str) -> None:
    call = caller(house.admin)
    whole = call("GET", f"/{noun}").json()
    assert whole["next"] is None
    assert whole["items"]
    assert walked(call, noun, 1) == whole["items"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("persons?sort=name", "name"),
        ("persons?sort=-created_at", "created_at"),
        ("companies?sort=name", "name"),
        ("handovers?sort=qualified_at", "qualified_at"),
        ("deals?sort=opened_at", "opened_at"),
    ],
)
def test_an_order_and_its_reverse(house: House, path: str, field: str) -> None:
    call = caller(house.admin)
    there, sort = path.split("?sort=")
    back = f"{there}?sort={sort.removeprefix('-') if sort.startswith('-') else '-' + sort}"
    items = walked(call, path, 1)
    assert items[::-1] == walked(call, back, 1)
    assert [one[field] for one in items] == sorted(
        (one[field] for one in items), reverse=sort.startswith("-")
    )


@every_list
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("after=bm9uc2Vuc2U", "after"),
        ("sort=email", "sort"),
        ("colour=red", "colour"),
    ],
)
def test_what_a_list_does_not_know_is_refused(house: House, noun: str, query: str, field: str) -> None:
    answer = caller(house.admin)("GET", f"/{noun}?{query}")
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_cursor_of_one_list_opens_no_other(house: House) -> None:
    call = caller(house.admin)
    after = call("GET", "/persons?limit=1").json()["next"]
    assert call("GET", f"/persons?after={after}").status_code == 200
    assert call("GET", f"/handovers?after={after}").status_code == 422
    assert call("GET", f"/persons?sort=name&after={after}").status_code == 422


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("handovers?state=offered", 1),
        ("handovers?state=returned", 0),
        ("deals?stage=new", 1),
        ("deals?stage=won", 0),
        ("persons?q=quinn", 1),
        ("companies?q=HUTA", 1),
    ],
)
def test_a_list_is_narrowed(house: House, path: str, count: int) -> None:
    assert len(caller(house.admin)("GET", f"/{path}").json()["items"]) == count


def test_cy_s_key_sees_nothing_of_ann_s(house: House) -> None:
    cy = caller(house.cast.cy)
    for noun, one in (("handovers", house.accepted), ("handovers", house.offered), ("deals", house.deal)):
        assert cy("GET", f"/{noun}").json() == {"items": [], "next": None}
        assert cy("GET", f"/{noun}/{one}").status_code == 404
    assert cy("GET", f"/persons/{house.person}").status_code == 404
    assert cy("POST", f"/handovers/{house.offered}/acceptance").status_code == 404
    assert cy("PATCH", f"/deals/{house.deal}", {"name": "Mine"}).status_code == 404
    assert cy("DELETE", f"/deals/{house.deal}/next-step").status_code == 404


def test_whoever_gives_something_away_is_told_how_it_stands(house: House) -> None:
    """The answer to a verb shows what the verb did, though its caller sees the thing no longer."""
    deal = caller(house.admin)("GET", f"/deals/{house.deal}").json()
    owner = next(one for one in (house.cast.ann, house.cast.bo) if one.pk == deal["owner_id"])
    call = caller(owner)
    given = call("PATCH", f"/deals/{house.deal}", {"owner_id": house.cast.cy.pk})
    assert (given.status_code, given.json()["owner_id"]) == (200, house.cast.cy.pk)
    assert call("GET", f"/deals/{house.deal}").status_code == 404


def test_lists_cost_the_same_number_of_questions_however_long(
    house: House, django_assert_max_num_queries: Any
) -> None:
    call = caller(house.admin)
    for number in range(8):
        call("POST", "/deals", {"name": f"Deal {number}", "person_id": house.person})
    for noun in LISTS:
        with django_assert_max_num_queries(6):
            call("GET", f"/{noun}")
