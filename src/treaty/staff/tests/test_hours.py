"""Calendars as they were known: own hours over the team's over the company's, less absences; holidays as rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from treaty.kit.rules.business_time import Shift
from treaty.staff import commands, queries
from treaty.staff.commands import Times
from treaty.staff.models import DayOff, Schedule
from treaty.staff.rules import COMPANY, OF_TEAM, OF_USER
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

NIGHT = Times("Europe/Warsaw", ((4, 22 * 60, 6 * 60),))
DAY = Times("Europe/Warsaw", tuple((weekday, 480, 960) for weekday in range(5)), country="PL")


def test_own_hours_come_before_the_teams_and_these_before_the_companys(now: datetime) -> None:
    ann, bo, cy = factories.ann(), factories.bo(), factories.cy()
    commands.set_schedule(OF_TEAM, ann.team_id or 0, times=DAY, at=now, by=None)
    commands.set_schedule(OF_USER, ann.pk, times=NIGHT, at=now, by=None)
    found = queries.calendars([ann.pk, bo.pk, cy.pk], now)
    assert found[ann.pk].shifts == (Shift(4, 22 * 60, 6 * 60),)
    assert found[bo.pk].shifts[0] == Shift(0, 480, 960)
    assert found[cy.pk] == queries.company_calendar(now)
    assert queries.team_calendar(ann.team_id or 0, now).zone == "Europe/Warsaw"


def test_a_calendar_is_the_one_known_at_its_instant(now: datetime) -> None:
    factories.company()
    commands.set_schedule(COMPANY, 0, times=DAY, at=now, by=None)
    assert queries.company_calendar(now - timedelta(seconds=1)).zone == "UTC"
    assert queries.company_calendar(now).zone == "Europe/Warsaw"
    assert queries.company_calendar(factories.SINCE - timedelta(days=900)).zone == "UTC"


def test_an_absence_recorded_later_is_not_known_before(now: datetime) -> None:
    ann = factories.ann()
    span = (now + timedelta(days=1), now + timedelta(days=3))
    absence = commands.record_absence(ann.pk, starts_at=span[0], ends_at=span[1], at=now, by=ann.pk)
    later = now + timedelta(hours=1)
    commands.withdraw_absence(absence, at=later, by=ann.pk)
    assert queries.user_calendar(ann.pk, now - timedelta(seconds=1)).absences == ()
    assert queries.user_calendar(ann.pk, now).absences == (span,)
    assert queries.user_calendar(ann.pk, later).absences == ()
    assert queries.user_calendar(ann.pk, now, with_absences=False).absences == ()


def test_who_moves_to_another_team_keeps_the_old_hours_for_what_began_before(now: datetime) -> None:
    ann, cy = factories.ann(), factories.cy()
    commands.set_schedule(OF_TEAM, cy.team_id or 0, times=NIGHT, at=now, by=None)
    commands.change_user(ann.pk, at=now + timedelta(days=1), by=None, team=cy.team_id)
    assert queries.user_calendar(ann.pk, now).zone == "UTC"
    assert queries.user_calendar(ann.pk, now + timedelta(days=1)).zone == "Europe/Warsaw"


def test_dropping_own_hours_lets_those_above_hold_again(now: datetime) -> None:
    ann = factories.ann()
    commands.set_schedule(OF_USER, ann.pk, times=NIGHT, at=now, by=None)
    commands.drop_hours(OF_USER, ann.pk, at=now + timedelta(days=1), by=None)
    assert queries.user_calendar(ann.pk, now).zone == "Europe/Warsaw"
    assert queries.user_calendar(ann.pk, now + timedelta(days=1)).zone == "UTC"


def test_holidays_are_copied_for_three_years_and_own_days_beside_them(now: datetime) -> None:
    factories.company()
    own = {date(2026, 11, 20): "Summer party", date(2026, 12, 25): "Free already"}
    times = Times(DAY.zone, DAY.shifts, "PL", days_off=own)
    commands.set_schedule(COMPANY, 0, times=times, at=now, by=None)
    days = queries.company_calendar(now).days_off
    # The Polish act on days off work: 1 January, 3 May, 11 November; Corpus Christi 2027 fell on 27 May (Easter + 60).
    assert {
        date(2026, 11, 11),
        date(2027, 5, 3),
        date(2027, 5, 27),
        date(2028, 1, 1),
        date(2026, 11, 20),
    } <= days
    assert date(2029, 1, 1) not in days
    found = queries.hours(COMPANY, 0, now)
    assert found is not None
    assert [day.name for day in found.days_off if not day.is_public] == ["Summer party"]


def test_years_that_come_into_view_are_topped_up_once(now: datetime) -> None:
    factories.company()
    commands.set_schedule(COMPANY, 0, times=DAY, at=now, by=None)
    before = set(DayOff.objects.values_list("day", flat=True))
    assert commands.top_up_holidays(now) == 0
    next_year = now + timedelta(days=60)
    assert commands.top_up_holidays(next_year) > 8
    assert commands.top_up_holidays(next_year) == 0
    new = set(DayOff.objects.values_list("day", flat=True)) - before
    assert {day.year for day in new} == {2029}


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (Times("Europe/Warsaw", ()), "no_shift_in_a_year"),
        (Times("Europe/Nowhere", DAY.shifts), "hours_invalid"),
        (Times("UTC", ((7, 0, 60),)), "hours_invalid"),
        (Times("UTC", DAY.shifts, country="XX"), "country_unknown"),
        (Times("UTC", DAY.shifts, country="PL", region="QQ"), "country_unknown"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_leave_no_row(times: Times, code: str, now: datetime) -> None:
    factories.company()
    with pytest.raises(commands.Refused, match=code):
        commands.set_schedule(COMPANY, 0, times=times, at=now, by=None)
    assert Schedule.objects.count() == 1


def test_an_absence_cannot_end_before_it_begins(now: datetime) -> None:
    ann = factories.ann()
    with pytest.raises(commands.Refused, match="absence_backwards"):
        commands.record_absence(ann.pk, starts_at=now, ends_at=now, at=now, by=None)


def test_many_calendars_ask_as_few_questions_as_one(now: datetime) -> None:
    cast = [factories.ann(), factories.bo(), factories.cy(), factories.mia(), factories.lea()]
    for user in cast:
        commands.set_schedule(OF_USER, user.pk, times=NIGHT, at=now, by=None)
        commands.record_absence(user.pk, starts_at=now, ends_at=now + timedelta(days=1), at=now, by=None)
    counts = []
    for ids in ([cast[0].pk], [user.pk for user in cast]):
        with CaptureQueriesContext(connection) as asked:
            queries.calendars(ids, now)
        counts.append(len(asked))
    assert counts[0] == counts[1] == 4


def test_what_a_page_needs_of_hours_is_read_together_and_once(now: datetime) -> None:
    ann, bo = factories.ann(), factories.bo()
    team = ann.team_id or 0
    commands.set_schedule(OF_TEAM, team, times=DAY, at=now, by=None)
    commands.set_schedule(OF_USER, ann.pk, times=NIGHT, at=now, by=None)
    commands.record_absence(bo.pk, starts_at=now, ends_at=now + timedelta(days=1), reason="", at=now, by=None)
    known = queries.KnownCalendars(now, users=[ann.pk])
    with CaptureQueriesContext(connection) as asked:
        found = (known.of_user(bo.pk), known.of_team(team), known.company(), known.of_user(ann.pk))
    assert found == (
        queries.user_calendar(bo.pk, now),
        queries.team_calendar(team, now),
        queries.company_calendar(now),
        queries.user_calendar(ann.pk, now),
    )
    # Bo with Ann in four questions; the team alone has no members to ask about: its hours and its days off.
    assert len(asked) == 6


def test_setting_hours_is_audited_with_before_and_after(now: datetime) -> None:
    factories.company()
    commands.set_schedule(COMPANY, 0, times=DAY, at=now, by=None)
    line = queries.audit_lines(kind="hours_of_company")[0]
    assert line.changes["zone"] == ["UTC", "Europe/Warsaw"]
    assert line.at == datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
