"""The verbs of handovers, by the facts, rows and verdicts they leave."""

from datetime import datetime, timedelta

import pytest

from treaty.agreements.facts import PromiseBroken, PromiseExcused, PromiseKept
from treaty.agreements.rules import Member, Pool
from treaty.conversations.facts import CallMade
from treaty.handovers import commands, projections
from treaty.handovers.commands import Refused, Why
from treaty.handovers.facts import LeadAccepted, LeadOffered, LeadQualified
from treaty.handovers.models import Clock, Handover, Turn
from treaty.handovers.tests.factories import (
    NOW,
    agreement,
    asks,
    buyer,
    clock,
    document,
    lead,
    only_ann,
    world,
)
from treaty.ledger import commands as ledger
from treaty.ledger.facts import Fact, about_identity
from treaty.ledger.queries import Recorded, lines_of_kinds
from treaty.notices.models import Notice
from treaty.people.models import Person
from treaty.staff.commands import record_absence
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def facts(*kinds: type[Fact]) -> list[Recorded]:
    """The facts of some kinds, in the order they were recorded."""
    return lines_of_kinds([kind.__name__ for kind in kinds])


def verdicts() -> list[tuple[str, str, str]]:
    """Every verdict recorded: kind, clause, what it is about."""
    found = facts(PromiseKept, PromiseBroken, PromiseExcused)
    return [(line.kind, line.fact.clause, line.fact.about.split(":")[0]) for line in found]  # type: ignore[attr-defined]


def calls(person: Person, at: datetime, recorded_at: datetime | None = None) -> None:
    fact = CallMade("reached", 5)
    ledger.record(fact, about=about_identity(person.anchor_id), at=at, recorded_at=recorded_at or at)


def stage(person: Person) -> str:
    return Person.objects.values_list("stage", flat=True).get(pk=person.pk)


# --- offering ------------------------------------------------------------------------------------------------


def test_a_form_that_meets_the_definition_is_offered_with_running_clocks() -> None:
    cast = only_ann()
    pia = buyer()
    asks(pia)
    row = Handover.objects.get()
    assert (row.person_id, row.owner_id, row.state, row.version_id, row.qualified_at) == (
        pia.pk,
        cast.ann.pk,
        "offered",
        cast.version.pk,
        NOW,
    )
    assert clock(row, "team_accept").due_at == NOW + 4 * HOUR
    assert clock(row, "personal_accept", 1).user_id == cast.ann.pk
    assert clock(row, "first_touch").state == "waiting"
    assert row.next_due_at == NOW + 4 * HOUR
    assert stage(pia) == "mql"
    pia.refresh_from_db()
    assert pia.owner_id == cast.ann.pk


def test_an_offer_records_why_and_to_whom_and_tells_the_owner() -> None:
    cast = only_ann()
    asks(buyer())
    (qualified,) = facts(LeadQualified)
    (offered,) = facts(LeadOffered)
    assert isinstance(qualified.fact, LeadQualified)
    assert isinstance(offered.fact, LeadOffered)
    assert (qualified.fact.why, qualified.fact.imported) == ("FormSubmitted", False)
    assert offered.fact.owner == cast.ann.pk
    assert offered.fact.routing["rule"] == "turn"
    assert offered.fact.routing["candidates"] == [[cast.ann.pk, 1.0, 1.0]]
    assert Notice.objects.get(user=cast.ann).kind == "lead_offered"


def test_without_an_agreement_in_force_nothing_is_offered() -> None:
    pia = buyer()
    asks(pia)
    assert commands.offer([pia.pk], at=NOW, by=None) == []
    assert facts(LeadQualified, LeadOffered) == []


def test_offering_twice_is_offering_once() -> None:
    only_ann()
    pia = buyer()
    lead(pia)
    assert commands.offer([pia.pk, pia.pk], at=NOW, by=None) == []
    asks(pia)
    assert Handover.objects.count() == 1


def test_history_opens_nothing_and_moves_the_stage() -> None:
    only_ann()
    pia = buyer()
    asks(pia, at=NOW - timedelta(hours=25), recorded_at=NOW)
    assert not Handover.objects.exists()
    (qualified,) = facts(LeadQualified)
    assert isinstance(qualified.fact, LeadQualified)
    assert (qualified.fact.imported, stage(pia)) == (True, "mql")


def test_a_fact_recorded_exactly_a_day_later_still_opens() -> None:
    only_ann()
    asks(buyer(), at=NOW - timedelta(hours=24), recorded_at=NOW)
    assert Handover.objects.count() == 1


def test_a_fact_from_before_the_version_came_into_force_opens_nothing() -> None:
    ann = staff.ann()
    assert ann.team_id is not None
    agreement(document(ann.team_id, [ann.pk]), since=NOW - MINUTE)
    asks(buyer("Pia"), at=NOW - 2 * MINUTE, recorded_at=NOW)
    assert not Handover.objects.exists()
    asks(buyer("Paul"), at=NOW - MINUTE, recorded_at=NOW)
    assert Handover.objects.count() == 1


def test_a_person_offered_on_purpose_starts_clocks_at_that_offer() -> None:
    cast = only_ann()
    pia = buyer()
    asks(pia, at=NOW - timedelta(days=5), recorded_at=NOW - timedelta(days=3))
    (made,) = commands.offer([pia.pk], at=NOW, by=cast.mia.pk)
    row = Handover.objects.get(pk=made)
    assert (row.is_on_purpose, row.qualified_at, row.offered_at) == (True, NOW, NOW)


def test_many_are_offered_at_once_in_fair_turns() -> None:
    cast = world()
    people = [buyer(f"Buyer {number}") for number in range(7)]
    made = commands.offer([person.pk for person in people], at=NOW, by=None)
    assert len(made) == 7
    owners = list(Handover.objects.order_by("pk").values_list("owner_id", flat=True))
    assert sorted((owners.count(cast.ann.pk), owners.count(cast.bo.pk))) == [3, 4]
    assert Turn.objects.get(user=cast.ann).received == owners.count(cast.ann.pk)
    assert not projections.rebuild(check=True)


def test_an_absent_member_is_skipped_with_the_cause() -> None:
    cast = world()
    record_absence(cast.ann.pk, starts_at=NOW, ends_at=NOW + timedelta(days=3), at=NOW - HOUR, by=None)
    row = lead()
    assert row.owner_id == cast.bo.pk
    assert row.routing["skipped"] == [[cast.ann.pk, "absent"]]


def test_if_all_are_absent_the_head_is_told() -> None:
    cast = only_ann()
    record_absence(cast.ann.pk, starts_at=NOW, ends_at=NOW + timedelta(days=3), at=NOW - HOUR, by=None)
    row = lead()
    assert (row.owner_id, row.routing["rule"]) == (cast.ann.pk, "soonest")
    assert Notice.objects.filter(user=cast.head, kind="lead_absent").exists()


def test_a_capacity_of_one_gives_one_and_then_the_team_is_asked() -> None:
    cast = world()
    assert cast.ann.team_id is not None
    pool = Pool(team=cast.ann.team_id, members=(Member(user=cast.ann.pk, capacity=1),), match_language=False)
    agreement(cast.document.model_copy(update={"pool": pool}), since=NOW - HOUR, number=2)
    first, second = lead(buyer("Pia")), lead(buyer("Paul"))
    assert (first.owner_id, second.owner_id, second.routing["rule"]) == (cast.ann.pk, None, "team")
    commands.accept(second.pk, at=NOW + MINUTE, by=cast.bo.pk)
    second.refresh_from_db()
    assert (second.owner_id, second.state) == (cast.bo.pk, "accepted")


# --- accepting -----------------------------------------------------------------------------------------------


def test_accepting_makes_a_sal_and_keeps_the_promise_once_it_cannot_be_undone() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    commands.accept(row.pk, at=NOW + HOUR, by=cast.ann.pk)
    assert (stage(pia), verdicts()) == ("sal", [])
    commands.sweep_clocks(NOW + HOUR + timedelta(seconds=20))
    assert verdicts() == [("PromiseKept", "4.1", "handover"), ("PromiseKept", "4.1", "offer")]
    commands.sweep_clocks(NOW + 2 * HOUR)
    assert len(verdicts()) == 2


def test_a_stranger_cannot_accept_and_nothing_changes() -> None:
    cast = only_ann()
    row = lead()
    for stranger in (cast.cy, cast.bo, cast.mia):
        with pytest.raises(Refused) as refused:
            commands.accept(row.pk, at=NOW, by=stranger.pk)
        assert refused.value.why is Why.NOT_YOURS
    assert facts(LeadAccepted) == []
    row.refresh_from_db()
    assert row.state == "offered"


def test_the_teams_lead_and_the_head_may_accept_for_the_owner() -> None:
    cast = only_ann()
    for who, name in ((cast.lea, "Pia"), (cast.head, "Paul")):
        row = lead(buyer(name))
        commands.accept(row.pk, at=NOW, by=who.pk)
        row.refresh_from_db()
        assert (row.state, row.owner_id) == ("accepted", cast.ann.pk)


def test_what_is_decided_cannot_be_accepted_again() -> None:
    cast = only_ann()
    row = lead()
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    with pytest.raises(Refused) as refused:
        commands.accept(row.pk, at=NOW + MINUTE, by=cast.ann.pk)
    assert refused.value.why is Why.DECIDED
    assert len(facts(LeadAccepted)) == 1


def test_undoing_leaves_everything_as_if_the_key_had_not_been_pressed() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    before = {c.pk: (c.state, c.verdict, c.due_at) for c in Clock.objects.order_by("pk")}
    commands.accept(row.pk, at=NOW + HOUR, by=cast.ann.pk)
    commands.undo_acceptance(row.pk, at=NOW + HOUR + timedelta(seconds=9), by=cast.ann.pk)
    row.refresh_from_db()
    assert (row.state, row.decided_at, row.owner_id, stage(pia)) == ("offered", None, cast.ann.pk, "mql")
    assert {c.pk: (c.state, c.verdict, c.due_at) for c in Clock.objects.order_by("pk")} == before
    commands.sweep_clocks(NOW + 2 * HOUR)
    assert verdicts() == []
    commands.sweep_clocks(NOW + 4 * HOUR + MINUTE)
    assert ("PromiseBroken", "4.1", "handover") in verdicts()


def test_undo_is_refused_later_and_after_a_touch() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    with pytest.raises(Refused) as late:
        commands.undo_acceptance(row.pk, at=NOW + MINUTE, by=cast.ann.pk)
    assert late.value.why is Why.TOO_LATE
    calls(pia, NOW + timedelta(seconds=5))
    with pytest.raises(Refused) as touched:
        commands.undo_acceptance(row.pk, at=NOW + timedelta(seconds=6), by=cast.ann.pk)
    assert touched.value.why is Why.TOUCHED


# --- first touch ---------------------------------------------------------------------------------------------


def test_a_call_keeps_first_touch_and_fills_the_buyers_reading() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    commands.accept(row.pk, at=NOW + HOUR, by=cast.ann.pk)
    calls(pia, NOW + 2 * HOUR)
    row.refresh_from_db()
    assert (row.first_touch_at, row.touch_seconds) == (NOW + 2 * HOUR, 7200)
    assert ("PromiseKept", "4.2", "handover") in verdicts()


def test_a_call_written_down_within_the_grace_corrects_the_verdict_by_a_new_fact() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    due = NOW + 2 * HOUR
    commands.sweep_clocks(due + timedelta(seconds=1))
    assert ("PromiseBroken", "4.2", "handover") in verdicts()
    calls(pia, due - MINUTE, recorded_at=due + 10 * MINUTE)
    kinds = [kind for kind, clause, _ in verdicts() if clause == "4.2"]
    assert kinds == ["PromiseBroken", "PromiseKept"], "both stay visible"
    assert clock(row, "first_touch").verdict == "kept"


def test_a_call_written_down_after_the_grace_leaves_it_broken() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    due = NOW + 2 * HOUR
    commands.sweep_clocks(due + timedelta(seconds=1))
    calls(pia, due - MINUTE, recorded_at=due + 16 * MINUTE)
    assert clock(row, "first_touch").verdict == "broken"
