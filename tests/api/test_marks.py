"""Answers bear the mark of a state: what is known already is not sent again, and nobody overwrites what they have not read."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.api.test_problems import problem
from tests.api.world import Caller, House, caller, token

PLACES = ["persons", "companies", "deals", "handovers"]


def place(house: House, noun: str) -> str:
    there = {
        "persons": house.person,
        "companies": house.company,
        "deals": house.deal,
        "handovers": house.offered,
    }
    return f"/{noun}/{there[noun]}"


@pytest.mark.parametrize("noun", [*PLACES, "agreement", "agreement/versions"])
def test_what_a_caller_has_is_not_sent_again(house: House, noun: str) -> None:
    call, path = caller(house.admin), place(house, noun) if noun in PLACES else f"/{noun}"
    first = call("GET", path)
    again = call("GET", path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, no-cache"
    assert call("GET", path, headers={"If-None-Match": '"other", W/' + first["ETag"]}).status_code == 304
    assert call("GET", path, headers={"If-None-Match": '"other"'}).content == first.content


CHANGES = {
    "persons": ("PATCH", "", {"city": "Gliwice"}),
    "companies": ("PATCH", "", {"city": "Gliwice"}),
    "deals": ("POST", "/stage", {"stage": "proposal"}),
    "handovers": ("POST", "/acceptance", None),
}


@pytest.mark.parametrize("noun", PLACES)
def test_a_change_under_a_mark_is_made_once(house: House, noun: str) -> None:
    call, path = caller(house.admin), place(house, noun)
    method, verb, body = CHANGES[noun]
    mark = call("GET", path)["ETag"]
    done = call(method, path + verb, body, headers={"If-Match": mark})
    assert done.status_code == 200
    assert done["ETag"] == call("GET", path)["ETag"] != mark
    assert problem(call(method, path + verb, body, headers={"If-Match": mark})) == (412, [])
    assert call("GET", path)["ETag"] == done["ETag"]


def test_a_compressed_answer_s_mark_is_good_too(house: House) -> None:
    call, path = caller(house.admin), place(house, "deals")
    mark = call("GET", path, headers={"Accept-Encoding": "gzip"})["ETag"]
    assert mark.startswith('W/"')
    assert call("PATCH", path, {"name": "Meters"}, headers={"If-Match": mark}).status_code == 200
    assert call("PATCH", path, {"name": "Gauges"}, headers={"If-Match": "*"}).status_code == 200


def test_whoever_sees_nothing_learns_nothing_by_a_mark(house: House) -> None:
    cy, path = caller(house.cast.cy), place(house, "deals")
    assert problem(cy("PATCH", path, {"name": "Mine"}, headers={"If-Match": "*"}))[0] == 404
    assert problem(Caller("treaty_x")("PATCH", path, {}, headers={"If-Match": "*"}))[0] == 401
    blind = caller(house.admin, "deals:write")
    assert problem(blind("PATCH", path, {"name": "Mine"}, headers={"If-Match": "*"}))[0] == 403
    assert problem(cy("PATCH", "/deals/nine", {"name": "Mine"}, headers={"If-Match": "*"}))[0] == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_under_one_mark_one_is_made(house: House) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "the tests' SQLite lies in memory, where connections refuse each other instead of waiting"
        )
    key, barrier, answers = token(house.admin), Barrier(2), list[Any]()
    path = place(house, "deals")
    mark = Caller(key)("GET", path)["ETag"]

    def send(name: str) -> None:
        barrier.wait(10)
        answers.append(Caller(key)("PATCH", path, {"name": name}, headers={"If-Match": mark}))
        connection.close()

    threads = [Thread(target=send, args=[name]) for name in ("Meters", "Gauges")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [200, 412]


@pytest.mark.parametrize("noun", [*PLACES, "agreement/versions"])
def test_a_reading_tells_only_the_fields_asked_for(house: House, noun: str) -> None:
    call = caller(house.admin)
    name = "number" if noun == "agreement/versions" else "id"
    whole, some = call("GET", f"/{noun}"), call("GET", f"/{noun}?fields={name}&limit=1")
    assert some.json()["items"] == [{name: whole.json()["items"][0][name]}]
    assert some.json().keys() == {"items", "next"}
    one = f"/{noun}/{whole.json()['items'][0][name]}"
    told = call("GET", one).json()
    other = min(told)
    assert call("GET", f"{one}?fields={other},{name}").json() == {other: told[other], name: told[name]}
    assert call("GET", f"{one}?fields={name}")["ETag"] == call("GET", one)["ETag"]


@pytest.mark.parametrize("noun", ["persons", "scoreboard", "changes"])
def test_a_field_that_is_not_there_is_refused(house: House, noun: str) -> None:
    for asked in ("password", "", "id,owner__password"):
        status, errors = problem(caller(house.admin)("GET", f"/{noun}?fields={asked}"))
        assert (status, errors[0][0]) == (422, "fields")
