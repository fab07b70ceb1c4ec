"""How handovers break, return, pass on and outlive amendments, by the facts and verdicts they leave."""

from datetime import timedelta

import pytest

from treaty.agreements.facts import PromiseBroken
from treaty.agreements.rules import Promise
from treaty.capture.facts import PageSeen
from treaty.handovers import commands, projections
from treaty.handovers.commands import Refused, Why
from treaty.handovers.facts import LeadReturned
from treaty.handovers.models import Clock, Handover, Watch
from treaty.handovers.tests.factories import (
    NOW,
    agreement,
    asks,
    buyer,
    clock,
    lead,
    only_ann,
    world,
)
from treaty.handovers.tests.test_commands import calls, facts, stage, verdicts
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.notices.models import Notice
from treaty.people.models import PersonIdentity
from treaty.segments.rules import Predicate

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


# --- breach --------------------------------------------------------------------------------------------------


def test_a_breach_is_recorded_at_its_due_time_by_the_next_sweep_and_once() -> None:
    only_ann()
    row = lead()
    due = NOW + 4 * HOUR
    assert commands.sweep_clocks(due) == 0, "an act at the due time would still keep"
    for seconds in (15, 30, 45):
        commands.sweep_clocks(due + timedelta(seconds=seconds))
    broken = facts(PromiseBroken)
    assert [line.occurred_at for line in broken] == [due, due]
    assert {line.fact.about for line in broken} == {f"handover:{row.pk}", f"offer:{row.pk}:1"}  # type: ignore[attr-defined]


def test_a_breach_tells_the_owner_and_the_head_once() -> None:
    cast = only_ann()
    lead()
    commands.sweep_clocks(NOW + 4 * HOUR + MINUTE)
    commands.sweep_clocks(NOW + 5 * HOUR)
    told = Notice.objects.filter(kind="promise_broken").order_by("user").values_list("user", flat=True)
    assert sorted(told) == sorted([cast.ann.pk, cast.head.pk])


def test_the_owner_is_told_once_before_it_is_due() -> None:
    cast = only_ann()
    lead()
    commands.sweep_clocks(NOW + 2 * HOUR)
    assert not Notice.objects.filter(kind="accept_due_soon").exists()
    commands.sweep_clocks(NOW + 3 * HOUR)
    commands.sweep_clocks(NOW + 3 * HOUR + MINUTE)
    assert Notice.objects.filter(kind="accept_due_soon", user=cast.ann).count() == 1


# --- returning, handing on -----------------------------------------------------------------------------------


def test_a_return_recycles_holds_and_tells_marketing() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    commands.return_lead(row.pk, reason="later", note="In spring.", at=NOW + HOUR, by=cast.ann.pk)
    row.refresh_from_db()
    assert (row.state, row.return_effect) == ("returned", "recycle")
    assert row.hold_until == NOW + HOUR + timedelta(days=90)
    assert stage(pia) == "lead"
    assert Notice.objects.filter(kind="lead_returned", user=cast.mia).exists()
    assert ("PromiseKept", "4.1", "handover") in verdicts()
    asks(pia, at=NOW + 2 * HOUR)
    assert Handover.objects.count() == 1, "held until spring"
    asks(pia, at=NOW + timedelta(days=91))
    assert Handover.objects.count() == 2, "a new handover"


def test_an_accepted_lead_returned_before_first_touch_is_due_is_excused() -> None:
    cast = only_ann()
    row = lead()
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    commands.return_lead(row.pk, reason="later", note="", at=NOW + HOUR, by=cast.ann.pk)
    assert clock(row, "first_touch").cause == "returned"
    assert ("PromiseExcused", "4.2", "handover") in verdicts()


def test_a_return_needs_an_agreed_reason_and_what_it_demands() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    for reason, why in (
        ("nonsense", Why.UNKNOWN_REASON),
        ("no_fit", Why.NEEDS_NOTE),
        ("wrong_data", Why.NEEDS_IDENTITY),
    ):
        with pytest.raises(Refused) as refused:
            commands.return_lead(row.pk, reason=reason, note="", at=NOW, by=cast.ann.pk)
        assert refused.value.why is why
    assert facts(LeadReturned) == []


def test_wrong_data_marks_the_identity_invalid() -> None:
    cast = only_ann()
    pia = buyer()
    row = lead(pia)
    mail = PersonIdentity.objects.filter(person=pia).exclude(identity=pia.anchor_id).get()
    commands.return_lead(
        row.pk, reason="wrong_data", note="", identity=mail.pk, at=NOW + HOUR, by=cast.ann.pk
    )
    mail.refresh_from_db()
    assert not mail.is_valid


def test_spam_is_offered_again_only_on_purpose() -> None:
    cast = only_ann()
    pia = buyer()
    commands.return_lead(lead(pia).pk, reason="spam", note="", at=NOW + HOUR, by=cast.ann.pk)
    asks(pia, at=NOW + 2 * HOUR)
    assert Handover.objects.count() == 1
    assert len(commands.offer([pia.pk], at=NOW + 3 * HOUR, by=cast.mia.pk)) == 1


def test_handing_on_excuses_whoever_had_it_and_starts_the_colleagues_clock() -> None:
    cast = only_ann()
    row = lead()
    commands.hand_on(row.pk, to=cast.bo.pk, cause="absent", at=NOW + HOUR, by=cast.ann.pk)
    row.refresh_from_db()
    assert row.owner_id == cast.bo.pk
    first, second = clock(row, "personal_accept", 1), clock(row, "personal_accept", 2)
    assert (first.verdict, first.cause, first.user_id) == ("excused", "absent", cast.ann.pk)
    assert (second.state, second.user_id) == ("running", cast.bo.pk)
    assert clock(row, "team_accept").due_at == NOW + 4 * HOUR, "never restarted"
    assert verdicts() == [("PromiseExcused", "4.1", "offer")]
    with pytest.raises(Refused):
        commands.accept(row.pk, at=NOW + 2 * HOUR, by=cast.ann.pk)


# --- amendments, time, rebuild -------------------------------------------------------------------------------


def test_an_amendment_never_moves_a_running_clock() -> None:
    cast = only_ann()
    row = lead()
    shorter = cast.document.model_copy(update={"accept": (Promise(grades=("A", "B", "C", "D"), hours=1),)})
    agreement(shorter, since=NOW + MINUTE, number=2)
    commands.follow([row.pk], NOW + 2 * HOUR)
    assert clock(row, "team_accept").due_at == NOW + 4 * HOUR
    assert lead(buyer("Paul"), at=NOW + 2 * HOUR).next_due_at == NOW + 3 * HOUR


def test_who_qualifies_by_time_alone_is_found_by_the_sweep() -> None:
    silent = Predicate.model_validate(
        {
            "version": 1,
            "match": {"not": {"did": "PageSeen", "times": 1, "within_days": 3}},
        }
    )
    only_ann(definition=silent)
    pia = buyer()
    ledger.record(PageSeen("/pricing"), about=about_identity(pia.anchor_id), at=NOW, recorded_at=NOW)
    assert not Handover.objects.exists()
    assert Watch.objects.get().next_change_at == NOW + timedelta(days=3)
    assert commands.sweep_qualifying(NOW + timedelta(days=3) - MINUTE) == 0
    assert commands.sweep_qualifying(NOW + timedelta(days=3)) == 1
    row = Handover.objects.get()
    assert (row.why, row.qualified_at) == ("time", NOW + timedelta(days=3))
    assert commands.sweep_qualifying(NOW + timedelta(days=4)) == 0


def test_the_rows_equal_their_fold_after_everything() -> None:
    cast = world()
    for number in range(4):
        lead(buyer(f"Buyer {number}"))
    first, second, third, _ = Handover.objects.order_by("pk")
    commands.accept(first.pk, at=NOW + HOUR, by=first.owner_id)
    calls(first.person, NOW + 2 * HOUR)
    commands.return_lead(second.pk, reason="later", note="x", at=NOW + HOUR, by=second.owner_id)
    other = cast.bo if third.owner_id == cast.ann.pk else cast.ann
    commands.hand_on(third.pk, to=other.pk, cause="declined", at=NOW + HOUR, by=third.owner_id)
    at = NOW + 7 * HOUR
    commands.sweep_clocks(at)
    assert projections.rebuild(check=True, at=at) == 0
    Handover.objects.filter(pk=first.pk).update(state="returned", touch_seconds=1)
    Clock.objects.filter(handover=second, name="team_accept").update(verdict="broken")
    assert projections.rebuild(check=True, at=at) == 2
    assert projections.rebuild(at=at) == 2
    assert projections.rebuild(check=True, at=at) == 0
