"""Readings of deals: who sees which, the board's figures, next steps, and what the channels brought."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from treaty.deals import commands, queries
from treaty.deals.models import Deal
from treaty.deals.tests.factories import deal, euros, pia
from treaty.kit.rules.money import Money
from treaty.people.models import Person
from treaty.people.rules import Stage
from treaty.staff.models import User
from treaty.staff.tests.factories import ann, bo, cy, lea, mia

pytestmark = pytest.mark.django_db


def names(user: User) -> set[str]:
    return set(queries.visible_deals(user).values_list("name", flat=True))


def test_a_deal_is_seen_by_its_owner_the_teams_lead_and_marketing_but_not_by_a_stranger() -> None:
    one = deal(ann())
    assert [bool(names(user)) for user in (ann(), lea(), mia(), bo(), cy())] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert queries.deal_page(cy(), one) is None
    assert queries.found(cy(), "flow", 5) == []
    assert [hit.url for hit in queries.found(ann(), "FLÓW", 5)] == [f"/deals/{one}/"]


def test_the_board_counts_and_sums_each_stage(now: datetime) -> None:
    deal(ann(), value=euros(100))
    deal(ann(), value=Money(5_000, "JPY"))
    deal(ann(), stage="proposal")
    won = deal(ann(), value=euros(70))
    commands.win(won, at=now, by=ann().pk)
    board = queries.board(ann(), now)
    shown = {column.stage.key: (column.count, column.values, column.unknown) for column in board.columns}
    assert shown["new"] == (2, (euros(100), Money(5_000, "JPY")), 0)
    assert shown["proposal"] == (1, (), 1)
    assert shown["won"] == (1, (euros(70),), 0)
    assert (board.open_count, board.open_values) == (3, (euros(100), Money(5_000, "JPY")))


def test_the_board_forgets_what_was_closed_long_ago(now: datetime) -> None:
    one = deal(ann())
    commands.win(one, at=now, by=ann().pk)
    days = [queries.board(ann(), now + timedelta(days=days)).columns[4].count for days in (29, 31)]
    assert days == [1, 0]


def test_a_column_shows_its_newest_cards_and_says_that_there_are_more(now: datetime) -> None:
    made = [deal(ann(), at=now + timedelta(minutes=n)) for n in range(4)]
    column = queries.board(ann(), now, cards=3).columns[0]
    assert [card.id for card in column.cards] == made[:0:-1]
    assert (column.count, column.has_more) == (4, True)


def test_the_next_cards_of_a_column_follow_without_gap_or_repetition(now: datetime) -> None:
    made = [deal(ann(), at=now + timedelta(minutes=n // 2)) for n in range(7)]
    column = queries.board(ann(), now, cards=3).columns[0]
    shown, after = [card.id for card in column.cards], column.after
    while after:
        found = queries.more_cards(ann(), "new", after, now, cards=3)
        assert found is not None
        shown, after = [*shown, *(card.id for card in found.cards)], found.after
    assert shown == made[::-1]
    assert queries.more_cards(ann(), "new", "nonsense", now) is None
    assert queries.more_cards(ann(), "nowhere", column.after, now) is None
    hers = queries.more_cards(cy(), "new", column.after, now)
    assert hers is not None
    assert hers.cards == ()


def test_a_deal_that_was_just_moved_stands_on_top_of_its_column(now: datetime) -> None:
    first, *others = [deal(ann(), at=now + timedelta(minutes=n)) for n in range(3)]
    for place, one in enumerate((*others, first)):
        commands.move_deal(one, stage="proposal", at=now + timedelta(hours=place + 1), by=ann().pk)
    commands.move_deal(first, stage="negotiation", at=now + timedelta(days=30), by=ann().pk)
    commands.move_deal(first, stage="proposal", at=now + timedelta(days=31), by=ann().pk)
    columns = {column.stage.key: column for column in queries.board(ann(), now).columns}
    assert columns["proposal"].cards[0].id == first


def test_next_steps_are_overdue_due_today_or_missing(now: datetime) -> None:
    late, today, tomorrow, _without = (deal(ann(), name=name, value=euros(10)) for name in "abcd")
    for one, hours in ((late, -20), (today, 3), (tomorrow, 30)):
        commands.set_next_step(one, kind="call", due=now + timedelta(hours=hours), at=now, by=ann().pk)
    closed = deal(ann())
    commands.win(closed, at=now, by=ann().pk)
    steps = queries.next_steps(ann(), now.date())
    assert [row.name for row in steps.rows] == ["a", "b", "d"]
    assert (steps.overdue_count, steps.due_count, steps.without_count) == (1, 1, 1)
    assert steps.values == (euros(30),)
    assert queries.next_steps(bo(), now.date()).rows == ()


def test_the_newest_open_deal_of_a_person_is_found(now: datetime) -> None:
    person = pia(ann())
    deal(ann(), person=person)
    newest = deal(ann(), person=person, at=now)
    found = queries.open_deal_of(ann(), person)
    assert found is not None
    assert found.id == newest
    commands.win(newest, at=now, by=ann().pk)
    assert queries.open_deal_of(cy(), person) is None


def test_won_by_channel_equals_a_naive_count(now: datetime) -> None:
    chance = random.Random(7)
    for number in range(30):
        stage = chance.choice([Stage.SUBSCRIBER, Stage.LEAD, Stage.MQL])
        person = pia(name=f"P{number} Nowak", channel=chance.choice(["", "unknown", "email"]), stage=stage)
        for _deal in range(chance.choice([0, 0, 1, 2])):
            one = deal(ann(), person=person)
            if chance.random() < 0.6:
                commands.win(one, at=now, by=ann().pk)
    leads: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for row in Person.objects.order_by("pk"):
        leads[row.channel] += row.stage != "subscriber"
        won[row.channel] += any(
            one.stage.key == "won" for one in Deal.objects.filter(person=row.pk).order_by("pk")
        )
    found = {row.channel: (row.leads, row.won) for row in queries.won_by_channel()}
    assert found == {channel: (leads[channel], won[channel]) for channel in ("", "unknown", "email")}
    assert sum(won.values()) > 5


def test_outcomes_tell_the_value_won_by_currency_and_how_much_is_unknown(now: datetime) -> None:
    for value in (euros(100), euros(50), None):
        commands.win(deal(ann(), value=value), at=now, by=None)
    commands.lose(deal(ann(), value=euros(7)), reason="Price", at=now, by=None)
    deal(ann())
    found = queries.deals_by_outcome()
    assert (found.won, found.lost, found.open) == (3, 1, 1)
    assert (found.won_values, found.won_unknown) == ((euros(150),), 1)


def test_nothing_known_is_no_value(now: datetime) -> None:
    commands.win(deal(ann()), at=now, by=None)
    assert queries.deals_by_outcome().won_values == ()
