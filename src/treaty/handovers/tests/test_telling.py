"""Who hears of an offer that nobody could simply be asked for, of its clock, and what the head is told for a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from treaty.agreements.facts import PromiseBroken
from treaty.agreements.rules import Member, Pool
from treaty.handovers import commands
from treaty.handovers.commands.telling_of_clocks import tell_broken
from treaty.handovers.models import Clock, Handover
from treaty.handovers.rules.routing import Obstacle, obstacle
from treaty.handovers.tests.factories import NOW, World, buyer, lead, world
from treaty.handovers.tests.test_commands import facts
from treaty.handovers.wording import why_there
from treaty.notices.models import Notice
from treaty.notices.wording import sentence
from treaty.staff.commands import record_absence
from treaty.staff.commands.hours import Times, set_schedule
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def full(*members: User) -> World:
    """The cast, with a pool whose members have taken the one lead that each can take this month."""
    ann = staff.ann()
    assert ann.team_id is not None
    pool = Pool(
        team=ann.team_id,
        members=tuple(Member(user=one.pk, capacity=1) for one in members or (ann,)),
        match_language=False,
    )
    cast = world(pool=pool)
    for one in pool.members:
        lead(buyer(f"First of {one.user}"))
    Notice.objects.all().delete()
    return cast


def told() -> dict[str, list[str]]:
    """Who was told what: the names by the kind of notice."""
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.order_by("user__name", "pk").select_related("user"):
        found.setdefault(notice.kind, []).append(notice.user.name)
    return found


def away(user: User) -> None:
    record_absence(user.pk, starts_at=NOW - HOUR, ends_at=NOW + timedelta(days=3), at=NOW - 2 * HOUR, by=None)


def test_of_an_offer_to_the_whole_team_the_pool_hears_and_the_head_that_the_limit_is_reached() -> None:
    full(staff.ann(), staff.bo())
    row = lead()
    assert (row.owner_id, obstacle(row.routing)) == (None, Obstacle.LIMIT)
    assert told() == {"lead_limit": ["Saul"], "lead_offered_to_team": ["Ann", "Bo"]}
    head = Notice.objects.get(kind="lead_limit")
    assert "has reached the month’s limit" in sentence(head.kind, head.values)
    assert "before the clock runs out" not in sentence(head.kind, head.values)
    asked = Notice.objects.filter(kind="lead_offered_to_team").first()
    assert asked is not None
    assert "whoever accepts first has the lead" in sentence(asked.kind, asked.values)
    assert "had reached the month’s limit: the whole team was asked" in why_there(row.routing)


def test_where_nobody_of_the_pool_is_there_those_of_the_team_who_are_hear_of_it() -> None:
    cast = full(staff.ann())
    away(cast.ann)
    lead()
    assert told() == {"lead_limit": ["Saul"], "lead_offered_to_team": ["Bo", "Lea"]}
    for one in (cast.bo, cast.lea, cast.head):
        away(one)
    Notice.objects.all().delete()
    lead(buyer("Paul"))
    assert told() == {"lead_limit": ["Saul"], "lead_offered_to_team": ["Ann", "Bo", "Lea"]}, (
        "all, where all are away"
    )


def test_the_whole_team_and_its_head_are_warned_once_before_the_clock_runs_out_and_told_when_it_did() -> None:
    full(staff.ann(), staff.bo())
    row = lead()
    Notice.objects.all().delete()
    commands.sweep_clocks(NOW + 2 * HOUR)
    assert told() == {}
    # Three quarters of four hours.
    commands.sweep_clocks(NOW + 3 * HOUR)
    commands.sweep_clocks(NOW + 3 * HOUR + MINUTE)
    of_the_team = Notice.objects.filter(url=f"/handovers/{row.pk}/").order_by("user__name")
    assert [(one.kind, one.user.name) for one in of_the_team] == [
        ("accept_due_soon", name) for name in ("Ann", "Bo", "Saul")
    ]
    of_the_team.delete()
    commands.sweep_clocks(NOW + 4 * HOUR + MINUTE)
    assert [(one.kind, one.user.name) for one in of_the_team.all()] == [
        ("promise_broken", name) for name in ("Ann", "Bo", "Saul")
    ]


def test_once_somebody_accepted_the_team_is_not_warned_any_more() -> None:
    cast = full(staff.ann(), staff.bo())
    row = lead()
    commands.accept(row.pk, at=NOW + HOUR, by=cast.bo.pk)
    Notice.objects.all().delete()
    commands.sweep_clocks(NOW + 3 * HOUR)
    warned = Notice.objects.filter(kind="accept_due_soon", url=f"/handovers/{row.pk}/")
    assert not warned.exists()


def test_where_all_are_absent_the_one_who_is_back_first_has_it_and_the_head_hears_just_that() -> None:
    cast = world()
    away(cast.ann)
    away(cast.bo)
    row = lead()
    assert (row.routing["rule"], obstacle(row.routing)) == ("soonest", Obstacle.ABSENT)
    assert told() == {"lead_absent": ["Saul"], "lead_offered": ["Ann"]}
    assert "Everybody with room this month was absent" in why_there(row.routing)


def test_where_nobody_works_in_time_the_head_hears_that() -> None:
    cast = world()
    mornings = Times("UTC", tuple((day, 480, 540) for day in range(5)))
    for one in (cast.ann, cast.bo):
        set_schedule("user", one.pk, times=mornings, at=NOW - HOUR, by=None)
    row = lead()
    assert (row.routing["rule"], obstacle(row.routing)) == ("soonest", Obstacle.LATE)
    assert told() == {"lead_nobody_can_take": ["Saul"], "lead_offered": ["Ann"]}


def test_where_nobody_of_the_pool_works_here_any_more_the_team_is_asked() -> None:
    cast = world()
    User.objects.filter(pk__in=[cast.ann.pk, cast.bo.pk]).update(is_active=False)
    row = lead()
    assert (row.owner_id, obstacle(row.routing)) == (None, Obstacle.EMPTY)
    assert told() == {"lead_offered_to_team": ["Lea"], "lead_pool_empty": ["Saul"]}


def questions(leads: int) -> int:
    """How many are asked of staff, notices and mail to offer so many leads to a full team and to warn of them."""
    people = [buyer(f"Buyer {leads} {number}").pk for number in range(leads)]
    with CaptureQueriesContext(connection) as asked:
        commands.offer(people, at=NOW, by=None)
        commands.sweep_clocks(NOW + 3 * HOUR)
    tables = ("staff_", "notices_", "mail_")
    return sum(any(table in one["sql"] for table in tables) for one in asked.captured_queries)


def test_many_are_told_in_one_notice_for_each_and_by_as_many_questions_as_a_few() -> None:
    full(staff.ann(), staff.bo())
    commands.sweep_clocks(NOW + 3 * HOUR)
    Notice.objects.all().delete()
    few = questions(7)
    assert told() == {
        "accepts_due_soon": ["Ann", "Bo", "Saul"],
        "leads_limit": ["Saul"],
        "leads_offered_to_team": ["Ann", "Bo"],
    }
    assert questions(30) == few
    Notice.objects.all().delete()
    Handover.objects.filter(owner__isnull=False).delete()
    commands.sweep_clocks(NOW + 4 * HOUR + MINUTE)
    assert told() == {"promises_broken": ["Ann", "Bo", "Saul"]}


def test_a_worker_that_dies_between_two_packs_of_broken_promises_tells_of_each_once_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = world()
    rows = [lead(buyer(f"Buyer {number}")) for number in range(7)]
    Notice.objects.all().delete()
    monkeypatch.setattr("treaty.handovers.commands.following.AT_ONCE", 3)
    calls: list[int] = []

    def dying(clocks: Sequence[Clock], at: datetime) -> None:
        calls.append(len(clocks))
        tell_broken(clocks, at)
        if len(calls) == 2:
            raise SystemExit

    monkeypatch.setattr("treaty.handovers.commands.following.tell_broken", dying)
    later = NOW + timedelta(days=7)
    with pytest.raises(SystemExit):
        commands.sweep_clocks(later)
    assert 0 < len(facts(PromiseBroken)) < len(rows)
    commands.sweep_clocks(later + MINUTE)
    commands.sweep_clocks(later + 2 * MINUTE)
    broken = [line.fact for line in facts(PromiseBroken) if isinstance(line.fact, PromiseBroken)]
    assert len(broken) == len(set(broken))
    assert {fact.about for fact in broken} >= {f"handover:{row.pk}" for row in rows}
    heard = Notice.objects.filter(user=cast.head, kind="promise_broken").order_by("url")
    assert sorted(heard.values_list("url", flat=True)) == sorted(f"/handovers/{row.pk}/" for row in rows)
