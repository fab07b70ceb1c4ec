"""The clocks of many handovers as rings, counted in the hours of whoever they judge."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries.rows import CardRow, ClockRow, clock_rows
from treaty.handovers.rules.acts import Name
from treaty.handovers.rules.faces import Face, face
from treaty.kit.rules.business_time import Calendar, NoBusinessTime, business_time
from treaty.staff.queries import KnownCalendars

SHOWN = {
    "offered": (Name.PERSONAL_ACCEPT.value, Name.TEAM_ACCEPT.value),
    "accepted": (Name.FIRST_TOUCH.value,),
    "returned": (Name.TEAM_ACCEPT.value,),
}
"""Which clock of a handover in a state people look at, the first that is there."""
Ringed = Clock | ClockRow
"""A clock that can be drawn as a ring."""


def clocks_of(handovers: Collection[int]) -> dict[int, list[Clock]]:
    """The clocks of each handover, in the order they are read."""
    found: dict[int, list[Clock]] = defaultdict(list)
    order = [name.value for name in Name]
    clocks = Clock.objects.filter(handover__in=handovers).select_related("user").order_by("pk")
    for clock in clocks:
        found[clock.handover_id].append(clock)
    for those in found.values():
        those.sort(key=lambda clock: (order.index(clock.name), clock.sequence))
    return found


def shown_clocks(rows: Sequence[CardRow | Handover]) -> dict[int, ClockRow]:
    """The clock that the card of each handover shows, by the handover; those without one are left out."""
    if not rows:
        return {}
    names = {name for row in rows for name in SHOWN[row.state]}
    clocks = clock_rows([row.pk for row in rows], names)
    latest = {(clock.handover_id, clock.name): clock for clock in clocks}
    found = {}
    for row in rows:
        alike = (latest.get((row.pk, name)) for name in SHOWN[row.state])
        if clock := next(filter(None, alike), None):
            found[row.pk] = clock
    return found


def faces(
    clocks: Collection[Ringed], at: datetime, *, teams: Mapping[int, int], known: KnownCalendars | None = None
) -> dict[int, Face]:
    """The ring of each clock by its id; `teams` names each handover's. Time left counts in the hours as known now."""
    hours = known or KnownCalendars(at)
    if clocks:
        hours.read(
            {clock.user_id for clock in clocks if clock.user_id},
            {teams[clock.handover_id] for clock in clocks if not clock.user_id},
        )
    return {clock.pk: _face(clock, hours, teams[clock.handover_id], at) for clock in clocks}


def _face(clock: Ringed, hours: KnownCalendars, team: int, at: datetime) -> Face:
    calendar = hours.of_user(clock.user_id) if clock.user_id else hours.of_team(team)
    budget = None if clock.budget_seconds is None else timedelta(seconds=clock.budget_seconds)
    left = _left(clock, calendar, at)
    return face(state=clock.state, verdict=clock.verdict, due_at=clock.due_at, budget=budget, left=left)


def _left(clock: Ringed, calendar: Calendar, at: datetime) -> timedelta | None:
    """Business time until a clock is due; below zero by the time that passed since."""
    if clock.due_at is None or (clock.state == "stopped" and clock.stopped_at is None):
        return None
    now = clock.stopped_at or at
    try:
        hours = business_time(calendar, now)
        if now <= clock.due_at:
            return hours.between(now, clock.due_at)
        return -max(hours.between(clock.due_at, now), timedelta(minutes=1))
    except NoBusinessTime:
        return None
