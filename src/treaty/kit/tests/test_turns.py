"""Short calls of a server on SQLite are done one after the other; all others as they come."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from treaty.kit import turns
from treaty.kit.environment import sqlite
from treaty.kit.sqlite.base import TURNS, DatabaseWrapper

pytestmark = pytest.mark.django_db

DEFAULTS = {"AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None}
CALL = RequestFactory()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    """A server's connection."""
    own = DatabaseWrapper(DEFAULTS | sqlite(tmp_path / "few.sqlite3"))
    own.writes_by_one = True
    monkeypatch.setattr(turns, "connections", {"default": own})
    yield own
    own.close()


def has_turn(own: DatabaseWrapper, request: HttpRequest) -> bool:
    """Whether nobody else writes while a view answers."""

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(TURNS[str(own.settings_dict["NAME"])].locked()))

    return turns.in_turn(view, {"POST"})(request).content == b"True"


def test_a_short_call_has_its_turn_from_beginning_to_end(own: DatabaseWrapper) -> None:
    assert has_turn(own, CALL.post("/"))
    assert not TURNS[str(own.settings_dict["NAME"])].locked()


def test_a_call_that_reads_waits_for_nobody(own: DatabaseWrapper) -> None:
    assert not has_turn(own, CALL.get("/"))


def test_outside_of_a_server_nobody_waits(own: DatabaseWrapper) -> None:
    own.writes_by_one = False
    assert not has_turn(own, CALL.post("/"))


def test_a_body_that_is_too_large_is_for_the_view_to_refuse(own: DatabaseWrapper) -> None:
    assert has_turn(own, CALL.post("/", b"x" * 3_000_000, content_type="application/json"))


def test_who_has_the_turn_does_not_wait_for_it(own: DatabaseWrapper) -> None:
    with own.held_turn():
        assert has_turn(own, CALL.post("/"))
