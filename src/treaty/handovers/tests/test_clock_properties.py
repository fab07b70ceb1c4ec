"""What holds of every history's clocks, and that they equal a walk over minutes and a naive second account."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from treaty.handovers.rules.acts import (
    Act,
    Did,
    Verdict,
)
from treaty.handovers.rules.clocks import fold
from treaty.handovers.tests.test_clocks import ANN, BO, COMPANY, HOUR, MINUTE, PERSONAL, TERMS, at, calendars
from treaty.kit.rules.business_time import Calendar

MINUTES = st.integers(0, 5 * 24 * 60).map(lambda minute: at(16, "09:00") + minute * MINUTE)
DELAYS = st.sampled_from([0, 1, 10, 15, 16, 600]).map(lambda minutes: minutes * MINUTE)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Act, ...]:
    """An offer and up to six acts after it, some written down late."""
    first = draw(MINUTES)
    acts = [Act(1, Did.OFFERED, first, first, draw(st.sampled_from([None, ANN, BO])))]
    for number in range(2, 2 + draw(st.integers(0, 6))):
        when = max(first, draw(MINUTES))
        did = draw(st.sampled_from([did for did in Did if did is not Did.OFFERED]))
        acts.append(Act(number, did, when, when + draw(DELAYS), draw(st.sampled_from([ANN, BO])), "declined"))
    return tuple(acts)


@given(histories(), MINUTES)
def test_folding_twice_and_in_any_order_gives_the_same(history: tuple[Act, ...], when: datetime) -> None:
    once = fold(history, TERMS, calendars(history), when)
    assert fold(history, TERMS, calendars(history), when) == once
    for shuffled in list(permutations(history))[:24:5]:
        assert fold(shuffled, TERMS, calendars(history), when) == once


@given(histories(), MINUTES, MINUTES)
def test_what_was_judged_stays_judged_while_no_new_fact_arrives(
    history: tuple[Act, ...], one: datetime, other: datetime
) -> None:
    """Time alone turns open into broken and nothing else; acts that happened until `early` are all there are."""
    early, late = sorted((one, other))
    known = [act for act in history if act.occurred_at <= early]
    before = {c.key: c for c in fold(known, TERMS, calendars(known), early)}
    after = {c.key: c for c in fold(known, TERMS, calendars(known), late)}
    assert before.keys() == after.keys()
    for key, clock_before in before.items():
        moved = (clock_before.verdict, after[key].verdict)
        assert moved[0] == moved[1] or moved == (Verdict.OPEN, Verdict.BROKEN)
        assert after[key].due_at == clock_before.due_at
        assert after[key].used >= clock_before.used


@given(histories(), MINUTES)
def test_an_act_in_time_and_written_down_in_time_is_the_only_way_to_keep(
    history: tuple[Act, ...], when: datetime
) -> None:
    for found in fold(history, TERMS, calendars(history), when):
        if found.verdict in (Verdict.KEPT, Verdict.EXCUSED):
            assert found.due_at is not None
            assert found.stopped_at is not None
            assert found.stopped_at <= found.due_at
        if found.verdict is Verdict.BROKEN:
            assert found.due_at is not None
            assert when > found.due_at or found.stopped_at is not None


def open_minutes(calendar: Calendar) -> set[datetime]:
    """Every minute of three weeks that lies inside a shift, found by looking at each: the oracle."""
    found = set()
    for day in range(21):
        midnight = at(15, "00:00") + timedelta(days=day)
        for shift in calendar.shifts:
            if shift.weekday == midnight.weekday():
                begin = midnight + shift.start * MINUTE
                found |= {begin + minute * MINUTE for minute in range(shift.minutes)}
    return found


OPEN = {calendar: open_minutes(calendar) for calendar in (COMPANY, *PERSONAL.values())}


def walked(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Business time by walking every minute."""
    minutes, now = 0, start
    while now < end:
        minutes += now in OPEN[calendar]
        now += MINUTE
    return minutes * MINUTE


def walked_due(calendar: Calendar, start: datetime, budget: timedelta) -> datetime:
    """The first minute at which the budget is used up, by walking."""
    left, now = budget, start
    while left > timedelta():
        left -= MINUTE * (now in OPEN[calendar])
        now += MINUTE
    return now


@given(histories(), MINUTES)
def test_due_and_used_equal_a_walk_over_every_minute(history: tuple[Act, ...], when: datetime) -> None:
    for found in fold(history, TERMS, calendars(history), when):
        if found.started_at is None:
            continue
        hours = COMPANY if found.user is None else PERSONAL[found.user]
        assert found.used == walked(hours, found.started_at, found.stopped_at or when)
        if found.budget is not None:
            assert found.due_at == walked_due(hours, found.started_at, found.budget)


def told_plainly(history: Sequence[Act], when: datetime) -> dict[str, str]:
    """A second, naive account of the team's promise and of first touch, minute-walked and without the fold's code."""
    acts = sorted((a for a in history if a.occurred_at <= when), key=lambda a: (a.occurred_at, a.id))
    pressed: list[Act] = []
    for act in acts:
        if act.did is Did.UNDONE:
            last = [a for a in pressed if a.did is Did.ACCEPTED][-1:]
            pressed = [a for a in pressed if a not in last]
        else:
            pressed.append(act)
    offers = [a for a in pressed if a.did in (Did.OFFERED, Did.HANDED_ON)]
    if not offers:
        return {}
    decisions = [a for a in pressed if a.did in (Did.ACCEPTED, Did.RETURNED, Did.WITHDRAWN)]
    due = walked_due(COMPANY, offers[0].occurred_at, 4 * HOUR)
    if decisions:
        good = decisions[0].occurred_at <= due and decisions[0].recorded_at <= due + 15 * MINUTE
        kept = "excused" if decisions[0].did is Did.WITHDRAWN else "kept"
        return {"team_accept": kept if good else "broken"}
    return {"team_accept": "broken" if when > due else "open"}


@given(histories(), MINUTES)
def test_the_teams_verdict_equals_a_naive_second_account(history: tuple[Act, ...], when: datetime) -> None:
    found = {c.name.value: c.verdict.value for c in fold(history, TERMS, calendars(history), when)}
    assert {name: v for name, v in found.items() if name == "team_accept"} == told_plainly(history, when)
