"""Figures that were computed lately: when they stand, and when they are computed anew."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from treaty.scoreboard import commands, queries
from treaty.scoreboard.queries import kept
from treaty.scoreboard.tests.factories import NOW, lead, month

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def offered(after: timedelta) -> tuple[int, timedelta]:
    """How many leads the board of November tells, and how long after NOW it was computed."""
    board = queries.scoreboard_of(queries.this_month(NOW), NOW + after)
    return board.counts["offered"], board.at - NOW


def test_figures_stand_while_nothing_happens_and_for_a_minute(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    month()
    assert offered(0 * SECOND) == (6, 0 * SECOND)
    november = queries.this_month(NOW)
    with django_assert_num_queries(2):
        queries.scoreboard_of(november, NOW + 59 * SECOND)
    assert offered(59 * SECOND) == (6, 0 * SECOND)
    assert offered(60 * SECOND) == (6, 60 * SECOND)


def test_what_is_kept_is_what_is_counted() -> None:
    month()
    november = queries.this_month(NOW)
    counted = queries.scoreboard(queries.month_facts(november, NOW))
    assert queries.scoreboard_of(november, NOW) == counted
    assert queries.scoreboard_of(november, NOW + SECOND) == counted


def test_an_act_shows_at_once() -> None:
    month()
    assert offered(0 * SECOND) == (6, 0 * SECOND)
    lead("Zoe", NOW)
    assert offered(SECOND) == (7, SECOND)


def test_a_month_of_many_rows_is_counted_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MANY", 1)
    month()
    assert offered(0 * SECOND) == (6, 0 * SECOND)
    lead("Zoe", NOW)
    assert offered(SECOND) == (6, 0 * SECOND)
    assert offered(60 * SECOND) == (7, 60 * SECOND)


def test_many_rows_are_counted_before_somebody_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    month()
    assert commands.keep_figures(NOW) is False  # nobody looked
    offered(0 * SECOND)
    assert commands.keep_figures(NOW + 45 * SECOND) is False  # few rows
    monkeypatch.setattr(kept, "MANY", 1)
    assert commands.keep_figures(NOW + 45 * SECOND) is True
    assert offered(90 * SECOND) == (6, 45 * SECOND)


def test_a_day_that_begins_moves_the_line() -> None:
    month()
    midnight = (NOW + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    late = queries.scoreboard_of(queries.this_month(NOW), midnight - SECOND)
    assert late.today.day + 1 == queries.scoreboard_of(queries.this_month(NOW), midnight).today.day
