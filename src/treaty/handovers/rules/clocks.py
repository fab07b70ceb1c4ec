"""The clocks of one handover as a pure fold of its acts. docs/concepts/clocks.md says each rule in words.

The same acts, promises, calendars and instant give the same clocks, in whatever order the acts come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from treaty.handovers.rules.acts import (
    FORGOTTEN,
    WARN_SHARE,
    Act,
    Calendars,
    ClockState,
    Did,
    Judged,
    Name,
    Promise,
    State,
    Verdict,
)
from treaty.kit.rules.business_time import Calendar, NoBusinessTime, business_time


def fold(history: Iterable[Act], terms: Judged, calendars: Calendars, at: datetime) -> tuple[ClockState, ...]:
    """The clocks that these acts leave running, stopped or waiting at `at`; none before the first offer."""
    acts = standing(act for act in history if act.occurred_at <= at)
    offers = offers_in(acts)
    if not offers:
        return ()
    return (
        _team_accept(acts, offers, terms, calendars, at),
        *_personal_accepts(acts, offers, terms, calendars, at),
        *_first_touch(acts, offers, terms, calendars, at),
        _buyer_touch(acts, terms, calendars, at),
    )


def standing(history: Iterable[Act]) -> tuple[Act, ...]:
    """The acts in order of time, without acceptances taken back: as if those keys had not been pressed."""
    acts: list[Act] = []
    for act in sorted(history, key=lambda act: (act.occurred_at, act.id)):
        if act.did is not Did.UNDONE:
            acts.append(act)
            continue
        taken_back = next((kept for kept in reversed(acts) if kept.did is Did.ACCEPTED), None)
        if taken_back is not None:
            acts.remove(taken_back)
    return tuple(acts)


def offers_in(acts: Sequence[Act]) -> tuple[Act, ...]:
    """The offers among standing acts, to the team or to a person, and passings on, in order."""
    return tuple(act for act in acts if act.did in (Did.OFFERED, Did.HANDED_ON))


def calendars_needed(history: Iterable[Act]) -> frozenset[tuple[int, datetime]]:
    """Whose calendar, as known when, a fold of these acts can ask for, at whatever instant."""
    begins = (Did.OFFERED, Did.HANDED_ON, Did.ACCEPTED)
    return frozenset(
        (act.user, act.occurred_at) for act in history if act.did in begins and act.user is not None
    )


@dataclass(frozen=True, slots=True)
class _End:
    """What stopped a clock: the act, and the cause that excuses it if it came in time."""

    act: Act
    excused_for: str = ""


OVER = (Did.RETURNED, Did.WITHDRAWN)
"""After these nobody owes the handover anything."""


def _first(acts: Sequence[Act], *kinds: Did) -> Act | None:
    return next((act for act in acts if act.did in kinds), None)


def _decision(acts: Sequence[Act]) -> _End | None:
    """The end of the accept clocks; one that nobody decided, because the person is gone, excuses them."""
    act = _first(acts, Did.ACCEPTED, *OVER)
    if act is None:
        return None
    return _End(act, _gone(act) if act.did is Did.WITHDRAWN else "")


def _cause(act: Act) -> str:
    """Why a touch is not owed any more."""
    return _gone(act) if act.did is Did.WITHDRAWN else Did.RETURNED.value


def _gone(act: Act) -> str:
    """Why the person of a withdrawn lead is gone."""
    return act.cause or FORGOTTEN


def _team_accept(
    acts: Sequence[Act], offers: Sequence[Act], terms: Judged, calendars: Calendars, at: datetime
) -> ClockState:
    """From the first offer to the first decision, in the team's business time, never restarted."""
    clock = _Running(Name.TEAM_ACCEPT, 0, None, terms.accept, offers[0].occurred_at, calendars.team)
    return clock.judged(_decision(acts), terms.grace, at)


def _personal_accepts(
    acts: Sequence[Act], offers: Sequence[Act], terms: Judged, calendars: Calendars, at: datetime
) -> list[ClockState]:
    """From each offer to an owner to that person's end of it, in the owner's business time."""
    decision = _decision(acts)
    found: list[ClockState] = []
    for place, offer in enumerate(offers):
        if offer.user is None:
            continue
        passed = offers[place + 1] if place + 1 < len(offers) else None
        end = decision if passed is None else _End(passed, passed.cause or Did.HANDED_ON.value)
        calendar = calendars.personal[offer.user, offer.occurred_at]
        sequence = len(found) + 1
        clock = _Running(
            Name.PERSONAL_ACCEPT, sequence, offer.user, terms.accept, offer.occurred_at, calendar
        )
        found.append(clock.judged(end, terms.grace, at))
    return found


def _first_touch(
    acts: Sequence[Act], offers: Sequence[Act], terms: Judged, calendars: Calendars, at: datetime
) -> list[ClockState]:
    """The representative's reading: own business time from own acceptance to the first attempt."""
    accepted = _first(acts, Did.ACCEPTED)
    over = _first(acts, *OVER)
    if accepted is None or accepted.user is None:
        if over is not None:
            return []
        waiting = ClockState(Name.FIRST_TOUCH, 0, terms.touch.clause, None, State.WAITING, Verdict.OPEN)
        return [waiting]
    start = accepted.occurred_at
    touch = _touch_before(acts, terms, over)
    end = None if over is None else _End(over, _cause(over))
    if touch is not None:
        end = _End(touch)
    calendar = calendars.personal[accepted.user, start]
    clock = _Running(Name.FIRST_TOUCH, 0, accepted.user, terms.touch, start, calendar)
    return [clock.judged(end, terms.grace, at)]


def _buyer_touch(acts: Sequence[Act], terms: Judged, calendars: Calendars, at: datetime) -> ClockState:
    """The buyer's reading: from the qualifying touchpoint, in real and in the company's business time."""
    start = terms.qualified_at
    over = _first(acts, *OVER)
    end = _touch_before(acts, terms, over) or over
    until = at if end is None else end.occurred_at
    return ClockState(
        Name.BUYER_TOUCH,
        0,
        "",
        None,
        State.RUNNING if end is None else State.STOPPED,
        Verdict.OPEN,
        cause=_cause(end) if end is not None and end is over else "",
        started_at=start,
        stopped_at=None if end is None else end.occurred_at,
        used=_between(calendars.company, start, until),
        wall=max(until - start, timedelta()),
    )


def _touch_before(acts: Sequence[Act], terms: Judged, over: Act | None) -> Act | None:
    """The first attempt since the person qualified; after its end nobody owes this handover one."""
    return next(
        (
            act
            for act in acts
            if act.did is Did.ATTEMPTED
            and act.occurred_at >= terms.qualified_at
            and (over is None or act.occurred_at <= over.occurred_at)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class _Running:
    """A clock that has begun, before anybody asked how it ended."""

    name: Name
    sequence: int
    user: int | None
    promise: Promise
    start: datetime
    calendar: Calendar

    def judged(self, end: _End | None, grace: timedelta, at: datetime) -> ClockState:
        """The clock at `at`, ended by `end` or not."""
        due = _due(self.calendar, self.start, self.promise.budget)
        stopped = None if end is None else max(end.act.occurred_at, self.start)
        return ClockState(
            self.name,
            self.sequence,
            self.promise.clause,
            self.user,
            State.RUNNING if end is None else State.STOPPED,
            _verdict(end, due, grace, at),
            cause="" if end is None else end.excused_for,
            started_at=self.start,
            due_at=due,
            warn_at=_due(self.calendar, self.start, self.promise.budget * WARN_SHARE),
            stopped_at=stopped,
            used=_between(self.calendar, self.start, stopped or at),
            budget=self.promise.budget,
        )


def _verdict(end: _End | None, due: datetime | None, grace: timedelta, at: datetime) -> Verdict:
    """An act at `due` keeps, if it was written down until `due` + `grace`; without an act `due` has to pass."""
    if end is None:
        return Verdict.BROKEN if due is not None and at > due else Verdict.OPEN
    in_time = due is None or (end.act.occurred_at <= due and end.act.recorded_at <= due + grace)
    if not in_time:
        return Verdict.BROKEN
    return Verdict.EXCUSED if end.excused_for else Verdict.KEPT


@lru_cache(maxsize=4096)
def _due(calendar: Calendar, start: datetime, budget: timedelta) -> datetime | None:
    """When the budget is used up; None for somebody whose calendar does not hold that much time."""
    try:
        return business_time(calendar, start).due(start, budget)
    except NoBusinessTime:
        return None


def _between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    if end <= start:
        return timedelta()
    return business_time(calendar, start).between(start, end)
