"""Each key has its number of calls in a minute; every answer tells how many are left."""

from datetime import timedelta

import pytest
import time_machine

from tests.api.test_problems import problem
from tests.api.world import Caller, House, caller, token
from treaty.handovers.tests.factories import NOW


@pytest.fixture
def few(settings: object) -> None:
    settings.API_CALLS = 2  # type: ignore[attr-defined]


def test_who_calls_too_often_waits_for_the_next_minute(house: House, few: None) -> None:
    call = caller(house.admin)
    answers = [call("GET", "/agreement") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    # NOW is 09:30:00: the whole minute is left.
    assert [one["RateLimit"] for one in answers] == ['"key";r=1;t=60', '"key";r=0;t=60', '"key";r=0;t=60']
    assert answers[0]["RateLimit-Policy"] == '"key";q=2;w=60'
    assert problem(answers[2]) == (429, [])
    assert answers[2]["Retry-After"] == "60"
    assert not answers[0].has_header("Retry-After")
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        assert call("GET", "/agreement").status_code == 200


def test_one_key_s_calls_are_not_another_s(house: House, few: None) -> None:
    first, second = (Caller(token(house.admin)) for _ in range(2))
    assert [first("GET", "/agreement").status_code for _ in range(3)][-1] == 429
    assert second("GET", "/agreement").status_code == 200


def test_a_call_that_is_one_too_many_does_nothing(house: House, few: None) -> None:
    call = caller(house.admin)
    for _ in range(2):
        call("GET", "/agreement")
    assert call("POST", "/deals", {"name": "Too many"}).status_code == 429
    other = caller(house.admin)
    assert "Too many" not in other("GET", "/deals").content.decode()


def test_guessing_keys_is_paced_too(house: House, few: None) -> None:
    assert [Caller("treaty_guessed")("GET", "/persons").status_code for _ in range(3)] == [401, 401, 429]
