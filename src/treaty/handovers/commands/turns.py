"""The turns of a pool: locked, read into a rule's Pool, and written back."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from treaty.agreements.rules import Pool as AgreedPool
from treaty.handovers.models import Turn
from treaty.handovers.rules.routing import Member, Pool, is_absent
from treaty.kit.rules.business_time import Calendar, NoBusinessTime, business_time
from treaty.staff import queries as staff


def locked_pool(agreed: AgreedPool, team_calendar: Calendar, at: datetime) -> Pool:
    """The pool's members with their turns. Until the transaction ends nobody else routes in this pool."""
    capacities = {member.user: member.capacity for member in agreed.members}
    turns = _locked_turns(agreed.key, list(capacities))
    calendars = staff.calendars(list(capacities), at)
    speaks = {colleague.id: frozenset(colleague.speaks) for colleague in staff.colleagues()}
    month = month_of(at, team_calendar)
    members = {
        user: Member(
            user=user,
            capacity=capacities[user],
            entitled=turns[user].entitled,
            received=turns[user].received,
            this_month=turns[user].this_month if turns[user].month == month else 0,
            speaks=speaks[user],
            is_absent=is_absent(calendars[user], at),
            free_at=_free_at(calendars[user], at),
        )
        for user in sorted(capacities)
        if user in speaks
    }
    return Pool(members, agreed.match_language)


def save_turns(key: str, pool: Pool, team_calendar: Calendar, at: datetime) -> None:
    """Write back what was routed."""
    month = month_of(at, team_calendar)
    rows = list(Turn.objects.filter(pool=key, user__in=pool.members).order_by("user"))
    for row in rows:
        member = pool.members[row.user_id]
        row.entitled, row.received = member.entitled, member.received
        row.month, row.this_month = month, member.this_month
    Turn.objects.bulk_update(rows, ["entitled", "received", "month", "this_month"])


def month_of(at: datetime, calendar: Calendar) -> str:
    """The month of an instant on the calendar's wall."""
    return at.astimezone(ZoneInfo(calendar.zone)).strftime("%Y-%m")


def _locked_turns(key: str, users: list[int]) -> Mapping[int, Turn]:
    """One row for each member, locked in the order of their ids; SQLite has one writer anyway."""
    Turn.objects.bulk_create([Turn(pool=key, user_id=user) for user in users], ignore_conflicts=True)
    rows = Turn.objects.select_for_update().filter(pool=key, user__in=users).order_by("user")
    return {row.user_id: row for row in rows}


def _free_at(calendar: Calendar, at: datetime) -> datetime | None:
    try:
        return business_time(calendar, at).next_opening(at)
    except NoBusinessTime:
        return None
