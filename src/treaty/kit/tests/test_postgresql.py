"""PostgreSQL as Treaty uses it: whether a connection still stands is known without asking the server."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from treaty.kit import sql
from treaty.kit.postgresql.base import DatabaseWrapper
from treaty.kit.together import Question, ahead

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Any:
    """A connection of its own to the database of the tests."""
    if connection.vendor != "postgresql":
        pytest.skip("asks a server")
    made = DatabaseWrapper(connection.settings_dict, alias="own")
    made.ensure_connection()
    yield made
    made.close()


def test_a_connection_that_stands_is_not_asked(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own.connection, "cursor", None)
    assert own.is_usable()


def test_a_connection_that_the_server_ended_is_of_no_use(own: Any) -> None:
    process = own.connection.info.backend_pid
    sql.ask("SELECT pg_terminate_backend(%s::int, 5000)", [process])
    assert not own.is_usable()


def test_after_an_error_the_server_is_asked(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own.errors_occurred = True
    assert own.is_usable()
    monkeypatch.setattr(own.connection, "cursor", None)
    with pytest.raises(TypeError):
        own.is_usable()


def tag(*names: str) -> None:
    """Tell of tags without waiting for the answer to each."""
    with transaction.atomic(), sql.at_once():
        for name in names:
            sql.tell("INSERT INTO people_tag (name) VALUES (%s)", [name])


def test_what_is_told_at_once_is_written() -> None:
    tag("vip", "fair")
    assert sql.ask("SELECT name FROM people_tag ORDER BY id") == [("vip",), ("fair",)]


def test_what_is_refused_of_what_is_told_at_once_fails_with_an_error_of_django() -> None:
    with pytest.raises(IntegrityError):
        tag("vip", "vip", "fair")
    assert sql.ask("SELECT name FROM people_tag") == []


NAMES: Question = ("SELECT name FROM people_tag ORDER BY id", ())


def test_what_is_asked_ahead_is_answered_once_and_forgotten_afterwards() -> None:
    insert = ("INSERT INTO people_tag (name) VALUES (%s) RETURNING name", ["vip"])
    with transaction.atomic(), ahead(insert, [NAMES]) as made:
        sql.tell("INSERT INTO people_tag (name) VALUES (%s)", ["fair"])
        first, second = sql.ask(*NAMES), sql.ask(*NAMES)
    assert made == [("vip",)]
    assert first == ([("vip",)] if connection.vendor == "postgresql" else second)
    assert second == [("vip",), ("fair",)]
    with ahead(("SELECT 1", ()), [NAMES]):
        pass
    tag("kind")
    assert len(sql.ask(*NAMES)) == 3


def test_what_is_refused_of_what_is_asked_ahead_fails_with_an_error_of_django() -> None:
    tag("vip")
    again = ahead(("INSERT INTO people_tag (name) VALUES (%s) RETURNING name", ["vip"]), [NAMES])
    with pytest.raises(IntegrityError), transaction.atomic():
        again.__enter__()
    assert sql.ask(*NAMES) == [("vip",)]


@pytest.mark.parametrize(
    "told",
    [
        datetime(2026, 11, 19, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 19, 9, 30, 0, 120_000, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, 0, 7, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_as_it_was_told_in_utc(own: Any, told: datetime) -> None:
    [(line,)] = own.ask("SELECT %s::timestamptz", [told])
    with own.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [told])
        assert (line, cursor.fetchone()) == (told, (told,))
    assert line.tzinfo is UTC


def test_a_moment_that_python_does_not_know_is_an_error_of_the_driver(own: Any) -> None:
    with pytest.raises(own.Database.DataError):
        own.ask("SELECT 'infinity'::timestamptz", [])
