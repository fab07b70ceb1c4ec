"""How often a call of the API goes to PostgreSQL and back: what is told and asked together goes together."""

from typing import Any

import pytest
from django.db import connection

from tests.api.world import House, caller
from tests.api.world import house as made
from treaty.kit.postgresql.line import Line

pytestmark = pytest.mark.django_db(transaction=True)
MONEY = {"minor": 5_000, "currency": "EUR"}


@pytest.fixture
def house() -> House:
    """A small company whose transactions end as those of a server do."""
    if connection.vendor != "postgresql":
        pytest.skip("has a server to go to")
    return made()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements went each way, however they were put."""
    ways: list[int] = []
    settle, wait = Line.settle, Line.wait

    def settled(self: Line) -> list[Any]:
        if self._expected:
            ways.append(self._expected)
        return settle(self)

    def waited(self: Line, gen: Any, *how: Any, **more: Any) -> Any:
        settled(self)
        if getattr(gen, "__name__", "") in {"_execute_gen", "_commit_gen"}:
            ways.append(1)
        return wait(self, gen, *how, **more)

    monkeypatch.setattr(Line, "settle", settled)
    monkeypatch.setattr(Line, "wait", waited)
    return ways


@pytest.mark.parametrize(
    ("what", "body", "most"),
    [
        ("POST /deals", {"name": "Meters {}", "source_key": "m{}", "value": MONEY}, 6),
        ("POST /persons", {"name": "Pia {}", "emails": ["pia{}@example.com"]}, 6),
        ("PATCH /persons/<one>", {"title": "Buyer {}"}, 7),
    ],
)
def test_a_call_goes_to_the_server_a_handful_of_times(
    house: House, trips: list[int], what: str, body: dict[str, Any], most: int
) -> None:
    call, (method, path) = caller(house.admin), what.split()
    one = call("POST", "/persons", {"name": "Cyd", "emails": ["cyd@example.com"]}).json()["person"]["id"]

    def called(number: int) -> int:
        told = {
            name: value.format(number) if isinstance(value, str) else value for name, value in body.items()
        }
        if "emails" in told:
            told["emails"] = [f"pia{number}@example.com"]
        trips.clear()
        answer = call(method, path.replace("<one>", str(one)), told)
        assert answer.status_code in {200, 201}, answer.content
        return len(trips)

    called(1)  # reads what is read once a process
    assert called(2) <= most
