"""The clocks of many handovers as rings, counted in the hours of whoever they judge."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from treaty.handovers.models import Clock
from treaty.handovers.rules.acts import Name
from treaty.handovers.rules.faces import Face, face
from treaty.kit.rules.business_time import Calendar, NoBusinessTime, business_time
from treaty.staff import queries as staff

SHOWN = {
    "offered": (Name.PERSONAL_ACCEPT.value, Name.TEAM_ACCEPT.value),
    "accepted": (Name.FIRST_TOUCH.value,),
    "returned": (Name.TEAM_ACCEPT.value,),
}
"""Which clock of a handover in a state people look at, the first that is there."""


def clocks_of(handovers: Collection[int]) -> dict[int, list[Clock]]:
    """The clocks of each handover, in the order they are read."""
    found: dict[int, list[Clock]] = defaultdict(list)
    order = [name.value for name in Name]
    clocks = Clock.objects.filter(handover__in=handovers).select_related("handover", "user").order_by("pk")
    for clock in clocks:
        found[clock.handover_id].append(clock)
    for those in found.values():
        those.sort(key=lambda clock: (order.index(clock.name), clock.sequence))
    return found


def shown_clock(clocks: Sequence[Clock], state: str) -> Clock | None:
    """The clock that a card shows."""
    for name in SHOWN[state]:
        alike = [clock for clock in clocks if clock.name == name]
        if alike:
            return alike[-1]
    return None


def faces(clocks: Sequence[Clock], at: datetime) -> dict[int, Face]:
    """The ring of each clock by its id. Time left counts in the hours as they are known now."""
    persons = staff.calendars(sorted({clock.user_id for clock in clocks if clock.user_id}), at)
    teams = staff.team_calendars(sorted({clock.handover.team_id for clock in clocks}), at)
    found = {}
    for clock in clocks:
        calendar = persons[clock.user_id] if clock.user_id else teams[clock.handover.team_id]
        budget = None if clock.budget_seconds is None else timedelta(seconds=clock.budget_seconds)
        left = _left(clock, calendar, at)
        found[clock.pk] = face(
            state=clock.state, verdict=clock.verdict, due_at=clock.due_at, budget=budget, left=left
        )
    return found


def _left(clock: Clock, calendar: Calendar, at: datetime) -> timedelta | None:
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
