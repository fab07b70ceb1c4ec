"""Whose working hours are when: calendars as they were known at an instant, set at once."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from treaty.kit import sql
from treaty.kit.rules.business_time import Calendar, Shift
from treaty.staff.models import Absence, Schedule
from treaty.staff.rules import COMPANY, OF_TEAM, OF_USER

Owner = tuple[str, int]
"""Whose schedule: ("company", 0), ("team", id) or ("user", id)."""

Key = TypeVar("Key")
Value = TypeVar("Value")

THE_COMPANY: Owner = (COMPANY, 0)


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which nobody of the schedule works."""

    day: date
    name: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """A schedule as the settings show it; shifts are (weekday, start minute, end minute)."""

    id: int
    scope: str
    scope_id: int
    zone: str
    shifts: tuple[tuple[int, int, int], ...]
    country: str
    region: str
    days_off: tuple[Day, ...]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """When a user is away."""

    id: int
    user_id: int
    user: str
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Calendars:
    """The company's calendar, and those of some teams and users by their ids."""

    company: Calendar
    teams: dict[int, Calendar]
    users: dict[int, Calendar]


def company_calendar(known_at: datetime) -> Calendar:
    """The company's calendar as known at an instant."""
    return _calendars_of([THE_COMPANY], known_at)[THE_COMPANY]


def company_zone(known_at: datetime) -> str:
    """The company's time zone as known at an instant."""
    return _schedules([], known_at)[THE_COMPANY].zone


def company_country(known_at: datetime) -> str:
    """The country whose holidays the company keeps, in two letters; empty where it keeps none."""
    row = schedules_in_force([THE_COMPANY], known_at).get(THE_COMPANY)
    return row.country if row else ""


def team_calendar(team_id: int, known_at: datetime) -> Calendar:
    """A team's calendar: its own hours, else the company's."""
    return team_calendars([team_id], known_at)[team_id]


def team_calendars(team_ids: Collection[int], known_at: datetime) -> dict[int, Calendar]:
    """The calendars of many teams, by team."""
    found = _calendars_of([(OF_TEAM, team) for team in team_ids], known_at)
    return {team: found.get((OF_TEAM, team), found[THE_COMPANY]) for team in team_ids}


def user_calendar(user_id: int, known_at: datetime, *, with_absences: bool = True) -> Calendar:
    """A user's calendar: own hours, else the team's, else the company's; less the absences recorded until then."""
    return calendars([user_id], known_at, with_absences=with_absences)[user_id]


def calendars(
    user_ids: Collection[int], known_at: datetime, *, with_absences: bool = True
) -> dict[int, Calendar]:
    """The calendars of many users, by user, with the same few questions however many they are."""
    return calendars_together(user_ids, (), known_at, with_absences=with_absences).users


def calendars_together(
    user_ids: Collection[int], team_ids: Collection[int], known_at: datetime, *, with_absences: bool = True
) -> Calendars:
    """The calendars of many users and teams and the company's, by at most four questions."""
    team = _teams_at(user_ids, known_at)
    owners: list[Owner] = [(OF_USER, user) for user in user_ids]
    owners += [(OF_TEAM, one) for one in {*team.values(), *team_ids} if one is not None]
    found = _calendars_of(owners, known_at)
    away = _absences_known(user_ids, known_at) if with_absences else {}
    return Calendars(
        company=found[THE_COMPANY],
        teams={one: found.get((OF_TEAM, one), found[THE_COMPANY]) for one in team_ids},
        users={user: _one_of(found, user, team.get(user), away.get(user, ())) for user in user_ids},
    )


def _one_of(
    found: dict[Owner, Calendar], user: int, team: int | None, away: tuple[tuple[datetime, datetime], ...]
) -> Calendar:
    calendar = found.get((OF_USER, user)) or found.get((OF_TEAM, team or 0)) or found[THE_COMPANY]
    if not away:
        return calendar
    return Calendar(calendar.zone, calendar.shifts, calendar.days_off, away)


def _teams_at(user_ids: Collection[int], known_at: datetime) -> dict[int, int | None]:
    """The team each user was in; before the first record, the first one holds."""
    if not user_ids:
        return {}
    statement = (
        f"SELECT user_id, recorded_at, team_id FROM staff_membership WHERE {sql.one_of('user_id')}"
        " ORDER BY recorded_at DESC, id DESC"
    )
    rows = sql.ask(statement, [sql.listed(user_ids)])
    return _as_known(((user, sql.moment(at), team) for user, at, team in rows), known_at)


def _absences_known(
    user_ids: Collection[int], known_at: datetime
) -> dict[int, tuple[tuple[datetime, datetime], ...]]:
    if not user_ids:
        return {}
    statement = (
        f"SELECT user_id, starts_at, ends_at FROM staff_absence WHERE {sql.one_of('user_id')} AND recorded_at <= %s"
        " AND (withdrawn_at IS NULL OR withdrawn_at > %s) ORDER BY starts_at, id"
    )
    known = sql.stamp(known_at)
    away: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for user, starts, ends in sql.ask(statement, [sql.listed(user_ids), known, known]):
        away[user].append((sql.moment(starts), sql.moment(ends)))
    return {user: tuple(spans) for user, spans in away.items()}


def _as_known(newest_first: Iterable[tuple[Key, datetime, Value]], known_at: datetime) -> dict[Key, Value]:
    """Of each key the newest value recorded by `known_at`, else the oldest of all."""
    found: dict[Key, Value] = {}
    settled: set[Key] = set()
    for key, recorded_at, value in newest_first:
        if key not in settled:
            found[key] = value
            if recorded_at <= known_at:
                settled.add(key)
    return found


def _calendars_of(owners: Collection[Owner], known_at: datetime) -> dict[Owner, Calendar]:
    """The calendars of those owners that have hours of their own, and the company's."""
    rows = _schedules(owners, known_at)
    statement = f"SELECT schedule_id, day FROM staff_dayoff WHERE {sql.one_of('schedule_id')}"
    days: dict[int, set[date]] = defaultdict(set)
    for schedule, day in sql.ask(statement, [sql.listed([row.id for row in rows.values()])]):
        days[schedule].add(day)
    return {
        owner: Calendar(row.zone, tuple(Shift(*shift) for shift in row.shifts), frozenset(days[row.id]))
        for owner, row in rows.items()
    }


class _Stated(NamedTuple):
    """The hours that one schedule states."""

    id: int
    zone: str
    shifts: list[tuple[int, int, int]]


def _schedules(owners: Collection[Owner], known_at: datetime) -> dict[Owner, _Stated]:
    """The schedule of each owner and of the company as known; those who follow the hours above are left out."""
    statement = (
        "SELECT scope, scope_id, recorded_at, id, zone, shifts FROM staff_schedule WHERE scope = %s"
        f" OR (scope = %s AND {sql.one_of('scope_id')}) OR (scope = %s AND {sql.one_of('scope_id')})"
        " ORDER BY recorded_at DESC, id DESC"
    )
    of = {kind: [whose for scope, whose in owners if scope == kind] for kind in (OF_TEAM, OF_USER)}
    values = [COMPANY, OF_TEAM, sql.listed(of[OF_TEAM]), OF_USER, sql.listed(of[OF_USER])]
    rows = sql.ask(statement, values)
    found = _as_known((((row[0], row[1]), sql.moment(row[2]), row[3:]) for row in rows), known_at)
    stated = {owner: _Stated(row[0], row[1], json.loads(row[2])) for owner, row in found.items()}
    return {owner: row for owner, row in stated.items() if row.shifts}


def schedules_in_force(owners: Collection[Owner], known_at: datetime) -> dict[Owner, Schedule]:
    """The schedule of each owner as known at an instant; those who follow the hours above are left out."""
    known = _schedules(owners, known_at)
    rows = Schedule.objects.in_bulk([row.id for row in known.values()])
    return {owner: rows[row.id] for owner, row in known.items()}


def hours(scope: str, scope_id: int, at: datetime) -> Hours | None:
    """The hours that a team, a user or the company states for itself; None where those above hold."""
    row = schedules_in_force([(scope, scope_id)], at).get((scope, scope_id))
    if row is None:
        return None
    days = tuple(Day(one.day, one.name, one.is_public) for one in row.days_off.order_by("day"))
    return Hours(
        id=row.pk,
        scope=row.scope,
        scope_id=row.scope_id,
        zone=row.zone,
        shifts=tuple((weekday, start, end) for weekday, start, end in row.shifts),
        country=row.country,
        region=row.region,
        days_off=days,
        recorded_at=row.recorded_at,
    )


def absences(user_ids: Collection[int], at: datetime) -> list[AbsenceRow]:
    """Absences that are not over, soonest first."""
    rows = Absence.objects.filter(user_id__in=user_ids, ends_at__gt=at, withdrawn_at__isnull=True)
    return [
        AbsenceRow(row.pk, row.user_id, row.user.name, row.starts_at, row.ends_at, row.reason)
        for row in rows.select_related("user").order_by("starts_at", "id")
    ]


def absent_user(absence_id: int) -> int | None:
    """Whose absence it is, unless it was withdrawn."""
    rows = Absence.objects.filter(pk=absence_id, withdrawn_at__isnull=True)
    return rows.values_list("user_id", flat=True).first()
