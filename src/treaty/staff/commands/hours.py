"""Sets working hours and absences; a schedule is never changed, a new one replaces it from then on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import holidays
from django.db import transaction

from treaty.kit.rules.business_time import Calendar, NoBusinessTime, Shift, validate
from treaty.staff.commands.auditing import audit, differences
from treaty.staff.commands.refusals import Refused
from treaty.staff.models import Absence, DayOff, Schedule, User
from treaty.staff.queries.hours import schedules_in_force
from treaty.staff.rules import COMPANY, SCOPES_OF_HOURS

YEARS_COPIED = 3
"""Holidays are copied for the year of the recording and the two after it."""


@dataclass(frozen=True)
class Times:
    """Working hours: an IANA zone, (weekday, start minute, end minute) shifts, whose public holidays, own days off."""

    zone: str
    shifts: tuple[tuple[int, int, int], ...]
    country: str = ""
    region: str = ""
    days_off: Mapping[date, str] = field(default_factory=dict)


@transaction.atomic
def set_schedule(scope: str, scope_id: int, *, times: Times, at: datetime, by: int | None) -> int:
    """State the hours of the company (id 0), a team or a user from now on; returns the schedule's id.

    Refused: scope_unknown, hours_invalid, no_shift_in_a_year, country_unknown.
    """
    if scope not in SCOPES_OF_HOURS:
        raise Refused("scope_unknown", "scope", scope=scope)
    public = public_holidays(times, range(at.year, at.year + YEARS_COPIED))
    _validate(times, {**public, **times.days_off}, at)
    older = schedules_in_force([(scope, scope_id)], at).get((scope, scope_id))
    row = _schedule(scope, scope_id, times, at, by)
    _copy_days(row.pk, public, is_public=True)
    _copy_days(row.pk, times.days_off, is_public=False)
    changes = differences(_told(older), _told(row))
    audit("set_schedule", about=(f"hours_of_{scope}", scope_id), changes=changes, by=by, at=at)
    return row.pk


def _schedule(scope: str, scope_id: int, times: Times, at: datetime, by: int | None) -> Schedule:
    return Schedule.objects.create(
        scope=scope,
        scope_id=scope_id,
        zone=times.zone,
        shifts=[list(shift) for shift in sorted(times.shifts)],
        country=times.country,
        region=times.region,
        recorded_at=at,
        recorded_by_id=by,
    )


def _told(row: Schedule | None) -> dict[str, object]:
    if row is None:
        return {}
    own = row.days_off.filter(is_public=False).order_by("day").values_list("day", flat=True)
    return {
        "zone": row.zone,
        "shifts": row.shifts,
        "country": row.country,
        "region": row.region,
        "days_off": [day.isoformat() for day in own],
    }


def _validate(times: Times, days: Iterable[date], at: datetime) -> None:
    try:
        calendar = Calendar(times.zone, tuple(Shift(*shift) for shift in times.shifts), frozenset(days))
    except ValueError as wrong:
        raise Refused("hours_invalid", "shifts", why=str(wrong)) from wrong
    try:
        validate(calendar, at)
    except NoBusinessTime as empty:
        raise Refused("no_shift_in_a_year", "shifts") from empty


def public_holidays(times: Times, years: Collection[int]) -> dict[date, str]:
    """The public holidays of a schedule's country and region in some years; none without a country."""
    if not times.country:
        return {}
    try:
        found = holidays.country_holidays(times.country, subdiv=times.region or None, years=years)
    except (NotImplementedError, KeyError, AttributeError) as unknown:
        raise Refused("country_unknown", "country", country=times.country, region=times.region) from unknown
    return {day: str(name)[:120] for day, name in sorted(found.items())}


def _copy_days(schedule_id: int, days: Mapping[date, str], *, is_public: bool) -> None:
    rows = [
        DayOff(schedule_id=schedule_id, day=day, name=name[:120], is_public=is_public)
        for day, name in days.items()
    ]
    # An own day off may fall on a public holiday: it was free already.
    DayOff.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def drop_hours(scope: str, scope_id: int, *, at: datetime, by: int | None) -> None:
    """From now on the hours above hold again: the company's for a team, the team's for a user."""
    if scope == COMPANY:
        raise Refused("company_needs_hours", "scope")
    older = schedules_in_force([(scope, scope_id)], at).get((scope, scope_id))
    if older is None:
        return
    _schedule(scope, scope_id, Times(older.zone, ()), at, by)
    audit(
        "drop_hours",
        about=(f"hours_of_{scope}", scope_id),
        changes={"shifts": [older.shifts, []]},
        by=by,
        at=at,
    )


def top_up_holidays(at: datetime) -> int:
    """Copy the holidays of years that came into view since; returns how many days were copied. Runs every day.

    Years that were copied stay as they are, so that a clock counted once is never counted otherwise.
    """
    with transaction.atomic():
        wanted = range(at.year, at.year + YEARS_COPIED)
        return sum(_top_up(row, wanted) for row in Schedule.objects.exclude(country="").order_by("id"))


def _top_up(row: Schedule, wanted: range) -> int:
    copied = {day.year for day in row.days_off.filter(is_public=True).values_list("day", flat=True)}
    times = Times(row.zone, (), row.country, row.region)
    new = public_holidays(
        times, [year for year in wanted if year not in copied and year > row.recorded_at.year]
    )
    _copy_days(row.pk, new, is_public=True)
    return len(new)


@transaction.atomic
def record_absence(
    user_id: int, *, starts_at: datetime, ends_at: datetime, at: datetime, by: int | None, reason: str = ""
) -> int:
    """A user is away from one instant until another; returns the absence's id. Refused: absence_backwards."""
    if ends_at <= starts_at:
        raise Refused("absence_backwards", "ends")
    row = Absence.objects.create(
        user=User.objects.get(pk=user_id),
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason[:120],
        recorded_at=at,
    )
    changes = {"starts_at": [None, starts_at], "ends_at": [None, ends_at]}
    audit("record_absence", about=("user", user_id), changes=changes, by=by, at=at)
    return row.pk


@transaction.atomic
def withdraw_absence(absence_id: int, *, at: datetime, by: int | None) -> None:
    """The user is there after all; clocks that began before keep the calendar they knew."""
    row = Absence.objects.get(pk=absence_id)
    if Absence.objects.filter(pk=absence_id, withdrawn_at__isnull=True).update(withdrawn_at=at):
        changes = {"starts_at": [row.starts_at, None], "ends_at": [row.ends_at, None]}
        audit("withdraw_absence", about=("user", row.user_id), changes=changes, by=by, at=at)
