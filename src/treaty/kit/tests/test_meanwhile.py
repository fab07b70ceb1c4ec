"""What PostgreSQL is asked beforehand it answers meanwhile, once, and nothing of it is left behind."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection

from treaty.kit import sql
from treaty.kit.meanwhile import meanwhile
from treaty.kit.postgresql import line
from treaty.kit.together import Question

pytestmark = pytest.mark.django_db(transaction=True)

TAG = "INSERT INTO people_tag (name) VALUES (%s)"
NAMES: Question = ("SELECT name FROM people_tag ORDER BY id", ())
NUMBER: Question = ("SELECT COUNT(*) FROM people_tag WHERE name <> %s", ["none"])
WRONG: Question = ("SELECT 1 / COUNT(*) FROM nowhere", ())


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many answers were waited for each time."""
    if connection.vendor != "postgresql":
        pytest.skip("asks a server")
    sql.ask("SELECT 1")
    times: list[int] = []
    settle = line.Line.settle

    def settled(self: line.Line) -> list[Any]:
        if self._expected:
            times.append(self._expected)
        return settle(self)

    monkeypatch.setattr(line.Line, "settle", settled)
    return times


def test_both_engines_answer_what_was_asked_beforehand() -> None:
    sql.tell(TAG, ["vip"])
    with meanwhile([NAMES, NUMBER]):
        assert sql.ask("SELECT 7") == [(7,)]
        assert [sql.ask(*NUMBER), sql.ask(*NAMES)] == [[(1,)], [("vip",)]]


def test_nobody_waits_before_somebody_asks_and_then_once(waited: list[int]) -> None:
    with meanwhile([NAMES, NUMBER]):
        assert waited == []
        assert sql.ask(*NUMBER) == [(0,)]
        assert waited == [2]
        assert sql.ask(*NAMES) == []
        assert waited == [2]


def test_the_answer_is_of_the_beginning_and_the_second_time_of_now(waited: list[int]) -> None:
    with meanwhile([NAMES]):
        sql.tell(TAG, ["vip"])
        assert [sql.ask(*NAMES), sql.ask(*NAMES)] == [[], [("vip",)]]


def test_what_nobody_asked_for_is_forgotten(waited: list[int]) -> None:
    with meanwhile([NAMES]):
        pass
    sql.tell(TAG, ["vip"])
    assert sql.ask(*NAMES) == [("vip",)]
    own: Any = connection
    assert (own.line._heard, own.line._begun) == ({}, {})


def test_what_fails_fails_where_it_is_asked(waited: list[int]) -> None:
    with meanwhile([WRONG]):
        with pytest.raises(ProgrammingError):
            sql.ask(*WRONG)
        assert sql.ask(*NAMES) == []
    with meanwhile([WRONG]):  # nobody asks
        pass
    assert sql.ask(*NAMES) == []


def test_an_error_of_the_page_does_not_hold_the_next_one_up(waited: list[int]) -> None:
    with pytest.raises(RuntimeError), meanwhile([NAMES]):
        raise RuntimeError
    sql.tell(TAG, ["vip"])
    assert sql.ask(*NAMES) == [("vip",)]
