"""Verbs of deals by the facts they leave."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from treaty.deals import commands, queries
from treaty.deals.facts import (
    DealChanged,
    DealLost,
    DealMoved,
    DealOpened,
    DealReopened,
    DealWon,
    NextStepDone,
    NextStepSet,
)
from treaty.deals.models import Deal
from treaty.deals.projections import rebuild
from treaty.deals.rules import DealDraft, Refused
from treaty.deals.tests.factories import deal, euros, facts_of, pia
from treaty.kit.rules.money import Money
from treaty.people.commands import refuse_calls, unsubscribe
from treaty.people.models import Person
from treaty.staff.models import AuditRow
from treaty.staff.tests.factories import ann, bo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rebuilt() -> object:
    """After every verb the row equals its fold."""
    yield
    assert rebuild(check=True, at=datetime(2026, 11, 19, tzinfo=UTC)) == 0


def kinds(one: int) -> list[str]:
    return [line.kind for line in facts_of(one)]


def stage_of(person: int) -> str:
    return Person.objects.get(pk=person).stage


def test_opening_a_deal_records_it_and_makes_the_person_an_opportunity(now: datetime) -> None:
    person = pia(ann())
    one = deal(ann(), person=person, value=euros(42_000), at=now)
    assert [line.fact for line in facts_of(one)] == [DealOpened("new", person, None, 4_200_000, "EUR")]
    assert stage_of(person) == "opportunity"


def test_a_deal_is_opened_once_under_one_key(now: datetime) -> None:
    commands.prepare(at=now)
    draft = DealDraft("Flow meters", owner=ann().pk, handover=7)
    first = commands.open_deal(draft, at=now, by=ann().pk)
    assert commands.open_deal(draft, at=now, by=bo().pk) == first
    assert queries.deal_of_key("deal-of-handover:7") == first
    assert kinds(first) == ["DealOpened"]


def test_a_deal_begins_open_and_with_a_name(now: datetime) -> None:
    commands.prepare(at=now)
    with pytest.raises(Refused, match="opens_closed"):
        commands.open_deal(DealDraft("Flow meters", stage="won"), at=now, by=None)
    with pytest.raises(Refused, match="nameless"):
        commands.open_deal(DealDraft("  "), at=now, by=None)


def test_moving_a_deal_says_from_where_to_where(now: datetime) -> None:
    one = deal(ann())
    commands.move_deal(one, stage="proposal", at=now, by=ann().pk)
    last = facts_of(one)[-1]
    assert (last.fact, last.by, last.occurred_at) == (DealMoved("new", "proposal"), ann().pk, now)
    assert commands.move_deal(one, stage="proposal", at=now, by=ann().pk) is None
    assert len(facts_of(one)) == 2


def test_winning_makes_a_customer_and_keeps_the_value(now: datetime) -> None:
    person = pia(ann())
    one = deal(ann(), person=person, value=euros(500))
    commands.win(one, at=now, by=ann().pk, reason="The fastest answer")
    row = Deal.objects.get(pk=one)
    assert facts_of(one)[-1].fact == DealWon(person, 50_000, "EUR")
    assert (row.stage.key, row.closed_at, row.reason) == ("won", now, "The fastest answer")
    assert stage_of(person) == "customer"


def test_winning_at_another_value_keeps_that_one(now: datetime) -> None:
    one = deal(ann(), value=euros(500))
    commands.win(one, at=now, by=ann().pk, value=Money(45_050, "PLN"))
    assert queries.value_of(Deal.objects.get(pk=one)) == Money(45_050, "PLN")


def test_an_unknown_value_stays_unknown_when_won(now: datetime) -> None:
    one = deal(ann())
    commands.win(one, at=now, by=ann().pk)
    assert facts_of(one)[-1].fact == DealWon(None, None, "")


def test_only_one_of_two_who_win_at_once_does(now: datetime) -> None:
    one = deal(ann())
    commands.win(one, at=now, by=ann().pk)
    with pytest.raises(Refused, match="closed"):
        commands.win(one, at=now, by=bo().pk)
    assert kinds(one) == ["DealOpened", "DealWon"]


def test_a_claim_fails_where_the_deal_moved_after_it_was_read(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from treaty.deals.commands import moving

    one = deal(ann())
    stale: Callable[[int], Deal] = moving._open_row
    seen = stale(one)
    commands.lose(one, reason="No budget", at=now, by=ann().pk)
    monkeypatch.setattr(moving, "_open_row", lambda _deal: seen)
    with pytest.raises(Refused, match="overtaken"):
        commands.win(one, at=now, by=bo().pk)
    assert kinds(one) == ["DealOpened", "DealLost"]


def test_losing_needs_a_reason_and_sends_the_person_back(now: datetime) -> None:
    person = pia(ann())
    one = deal(ann(), person=person)
    with pytest.raises(Refused, match="reason_missing"):
        commands.lose(one, reason=" ", at=now, by=ann().pk)
    commands.lose(one, reason="No budget", at=now, by=ann().pk)
    assert facts_of(one)[-1].fact == DealLost(person)
    assert stage_of(person) == "sql"


def test_a_person_with_another_deal_stays_an_opportunity(now: datetime) -> None:
    person = pia(ann())
    one, _other = deal(ann(), person=person), deal(ann(), person=person)
    commands.lose(one, reason="No budget", at=now, by=ann().pk)
    assert stage_of(person) == "opportunity"


def test_reopening_puts_a_deal_where_it_stood_at_the_value_it_had(now: datetime) -> None:
    one = deal(ann(), value=euros(500), stage="negotiation")
    commands.win(one, at=now, by=ann().pk, value=euros(900))
    commands.reopen(one, at=now + timedelta(seconds=5), by=ann().pk)
    assert facts_of(one)[-1].fact == DealReopened("negotiation", None, 50_000, "EUR")
    with pytest.raises(Refused, match="open"):
        commands.reopen(one, at=now, by=ann().pk)


def test_a_win_taken_back_leaves_no_customer_unless_another_win_stands(now: datetime) -> None:
    buyer = pia()
    first, second = deal(ann(), person=buyer), deal(ann(), person=buyer)
    commands.win(first, at=now, by=ann().pk)
    commands.reopen(first, at=now + timedelta(seconds=5), by=ann().pk)
    assert stage_of(buyer) == "opportunity"
    for place, one in enumerate((first, second)):
        commands.win(one, at=now + timedelta(minutes=1 + place), by=ann().pk)
    commands.reopen(second, at=now + timedelta(minutes=5), by=ann().pk)
    assert stage_of(buyer) == "customer"


def test_every_move_can_be_taken_back(now: datetime) -> None:
    one, by = deal(ann()), ann().pk
    along = commands.move_deal(one, stage="proposal", at=now, by=by)
    assert along is not None
    commands.undo_move(one, was=along.id, at=now, by=by)
    assert Deal.objects.get(pk=one).stage.key == "new"
    lost = commands.lose(one, reason="No budget", at=now, by=by)
    reopened = commands.undo_move(one, was=lost.id, at=now, by=by)
    assert Deal.objects.get(pk=one).stage.key == "new"
    commands.undo_move(one, was=reopened.id, at=now, by=by)
    row = Deal.objects.get(pk=one)
    assert (row.stage.key, row.reason) == ("lost", "No budget")


def test_a_move_is_not_taken_back_over_a_later_one(now: datetime) -> None:
    one, by = deal(ann()), ann().pk
    first = commands.move_deal(one, stage="proposal", at=now, by=by)
    commands.move_deal(one, stage="negotiation", at=now, by=bo().pk)
    assert first is not None
    with pytest.raises(Refused, match="overtaken"):
        commands.undo_move(one, was=first.id, at=now, by=by)
    assert Deal.objects.get(pk=one).stage.key == "negotiation"


def test_changing_a_deal_leaves_an_audit_row_and_values_a_fact(now: datetime) -> None:
    one = deal(ann(), value=euros(500))
    assert commands.change_deal(one, at=now, by=ann().pk, value=euros(700), close_on=date(2026, 12, 24))
    assert facts_of(one)[-1].fact == DealChanged(70_000, "EUR")
    audit = AuditRow.objects.get(verb="deal_changed")
    assert audit.changes == {"value_minor": [50_000, 70_000], "close_on": [None, "2026-12-24"]}
    assert not commands.change_deal(one, at=now, by=ann().pk, value=euros(700))


def test_a_next_step_is_set_and_done(now: datetime) -> None:
    one, due = deal(ann()), now + timedelta(days=1)
    commands.set_next_step(one, kind="call", text="Confirm the visit", due=due, at=now, by=ann().pk)
    line = facts_of(one)[-1]
    assert line.fact == NextStepSet("call", due.isoformat())
    assert commands.finish_next_step(one, at=now, by=ann().pk)
    assert facts_of(one)[-1].fact == NextStepDone("call")
    assert not commands.finish_next_step(one, at=now, by=ann().pk)


@pytest.mark.parametrize(
    ("refuse", "step", "other"), [(refuse_calls, "call", "message"), (unsubscribe, "message", "call")]
)
def test_nobody_plans_what_the_person_refused(
    now: datetime, refuse: Callable[..., object], step: str, other: str
) -> None:
    person = pia(ann())
    one = deal(ann(), person=person)
    refuse([person], at=now - timedelta(days=1), by=None)
    with pytest.raises(Refused, match="refuses_"):
        commands.set_next_step(one, kind=step, at=now, by=ann().pk)
    assert facts_of(one)[-1].kind == "DealOpened"
    commands.set_next_step(one, kind=other, at=now, by=ann().pk)
    commands.set_next_step(one, kind="meeting", at=now, by=ann().pk)


def test_a_closed_deal_has_no_next_step(now: datetime) -> None:
    one = deal(ann())
    commands.win(one, at=now, by=ann().pk)
    with pytest.raises(Refused, match="closed"):
        commands.set_next_step(one, kind="call", at=now, by=ann().pk)


def test_rebuild_finds_and_mends_a_row_that_left_its_facts(now: datetime) -> None:
    one = deal(ann(), value=euros(500))
    Deal.objects.filter(pk=one).update(value_minor=1, next_step_kind="call")
    assert rebuild(check=True, at=now) == 1
    assert Deal.objects.get(pk=one).value_minor == 1
    assert rebuild(check=False, at=now) == 1
    assert Deal.objects.get(pk=one).value_minor == 50_000
