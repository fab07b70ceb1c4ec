"""The clocks of one handover, sentence by sentence of the agreement's meaning; and against a walk over minutes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.handovers.rules.acts import (
    GRACE,
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
from treaty.handovers.rules.clocks import calendars_needed, fold
from treaty.kit.rules.business_time import Calendar, Shift

ANN, BO, LEAD_OF_TEAM = 1, 2, 9
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NINE_TO_FIVE = tuple(Shift(day, 9 * 60, 17 * 60) for day in range(5))
LUNCH = tuple(s for day in range(5) for s in (Shift(day, 10 * 60, 12 * 60), Shift(day, 13 * 60, 18 * 60)))
NIGHT = tuple(Shift(day, 22 * 60, 4 * 60) for day in range(7))
COMPANY = Calendar("UTC", NINE_TO_FIVE)
PERSONAL = {ANN: Calendar("UTC", LUNCH), BO: Calendar("UTC", NIGHT), LEAD_OF_TEAM: COMPANY}


def at(day: int, clock: str) -> datetime:
    """A day of November 2026 (the 16th is a Monday) at a time in UTC."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=UTC)


TERMS = Judged(at(16, "09:00"), Promise("4.1", 4 * HOUR), Promise("4.2", 2 * HOUR))
NEVER_LATER = at(30, "00:00")


class History(list[Act]):
    """Acts written as one would tell them."""

    def _add(
        self, did: Did, when: datetime, user: int | None, cause: str, recorded: datetime | None
    ) -> "History":
        return History([*self, Act(len(self) + 1, did, when, recorded or when, user, cause)])

    def offered(self, when: datetime, to: int | None = ANN) -> "History":
        return self._add(Did.OFFERED, when, to, "", None)

    def handed_on(self, when: datetime, to: int, cause: str = "declined") -> "History":
        return self._add(Did.HANDED_ON, when, to, cause, None)

    def accepted(self, when: datetime, by: int = ANN, recorded: datetime | None = None) -> "History":
        return self._add(Did.ACCEPTED, when, by, "", recorded)

    def undone(self, when: datetime) -> "History":
        return self._add(Did.UNDONE, when, None, "", None)

    def returned(self, when: datetime) -> "History":
        return self._add(Did.RETURNED, when, None, "", None)

    def attempted(self, when: datetime, recorded: datetime | None = None) -> "History":
        return self._add(Did.ATTEMPTED, when, ANN, "", recorded)


def calendars(history: Sequence[Act]) -> Calendars:
    return Calendars(COMPANY, COMPANY, {key: PERSONAL[key[0]] for key in calendars_needed(history)})


def clocks(history: Sequence[Act], when: datetime) -> dict[tuple[str, int], ClockState]:
    return {clock.key: clock for clock in fold(history, TERMS, calendars(history), when)}


def clock(history: Sequence[Act], when: datetime, name: Name, sequence: int = 0) -> ClockState:
    return clocks(history, when)[name.value, sequence]


OFFER = History().offered(at(16, "10:00"))


def test_there_is_no_clock_before_the_first_offer() -> None:
    assert fold([], TERMS, calendars([]), at(16, "12:00")) == ()
    assert fold(OFFER, TERMS, calendars(OFFER), at(16, "09:59")) == ()


# --- the team's accept clock -------------------------------------------------------------------------------


def test_the_team_clock_runs_from_the_first_offer_in_the_teams_business_time() -> None:
    running = clock(OFFER, at(16, "11:00"), Name.TEAM_ACCEPT)
    assert (running.state, running.verdict, running.user) == (State.RUNNING, Verdict.OPEN, None)
    assert (running.due_at, running.used, running.clause) == (at(16, "14:00"), HOUR, "4.1")
    assert running.warn_at == at(16, "13:00"), "three quarters of four hours"


def test_an_offer_on_friday_evening_is_due_on_monday() -> None:
    late = History().offered(at(20, "16:00"))
    assert clock(late, at(20, "23:00"), Name.TEAM_ACCEPT).due_at == at(23, "12:00")
    assert clock(late, at(22, "12:00"), Name.TEAM_ACCEPT).used == HOUR


def test_handing_on_never_restarts_the_team_clock() -> None:
    passed = OFFER.handed_on(at(16, "13:00"), BO)
    assert clock(passed, at(16, "13:30"), Name.TEAM_ACCEPT).due_at == at(16, "14:00")
    assert clock(passed, at(16, "14:01"), Name.TEAM_ACCEPT).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("decided", "verdict"), [("13:59", Verdict.KEPT), ("14:00", Verdict.KEPT), ("14:01", Verdict.BROKEN)]
)
def test_a_decision_at_the_due_time_keeps_and_later_breaks(decided: str, verdict: Verdict) -> None:
    for history in (OFFER.accepted(at(16, decided)), OFFER.returned(at(16, decided))):
        stopped = clock(history, NEVER_LATER, Name.TEAM_ACCEPT)
        assert (stopped.state, stopped.verdict, stopped.stopped_at) == (
            State.STOPPED,
            verdict,
            at(16, decided),
        )


def test_at_the_due_time_itself_the_promise_is_still_open_and_broken_after_it() -> None:
    assert clock(OFFER, at(16, "14:00"), Name.TEAM_ACCEPT).verdict is Verdict.OPEN
    broken = clock(OFFER, at(16, "14:00") + timedelta(microseconds=1), Name.TEAM_ACCEPT)
    assert (broken.verdict, broken.state) == (Verdict.BROKEN, State.RUNNING)


def test_the_first_decision_stops_the_clock_and_a_later_return_changes_nothing() -> None:
    history = OFFER.accepted(at(16, "11:00")).returned(at(16, "16:00"))
    assert clock(history, NEVER_LATER, Name.TEAM_ACCEPT).stopped_at == at(16, "11:00")


def test_an_offer_to_the_whole_team_has_no_personal_clock_until_somebody_gets_it() -> None:
    to_team = History().offered(at(16, "10:00"), None)
    assert (Name.PERSONAL_ACCEPT.value, 1) not in clocks(to_team, at(16, "11:00"))
    given_to_bo = to_team.handed_on(at(16, "11:00"), BO, "head")
    assert clock(given_to_bo, at(16, "12:00"), Name.PERSONAL_ACCEPT, 1).user == BO


# --- the personal accept clock -----------------------------------------------------------------------------


def test_the_personal_clock_counts_the_owners_own_hours() -> None:
    # Ann works 10 to 12 and 13 to 18: four hours from 10:00 end at 15:00.
    assert clock(OFFER, at(16, "11:00"), Name.PERSONAL_ACCEPT, 1).due_at == at(16, "15:00")


def test_each_offer_to_an_owner_starts_a_clock_of_its_own() -> None:
    passed = OFFER.handed_on(at(16, "13:00"), BO).handed_on(at(16, "23:00"), ANN)
    found = clocks(passed, at(16, "23:30"))
    assert [
        (found["personal_accept", n].user, found["personal_accept", n].started_at) for n in (1, 2, 3)
    ] == [
        (ANN, at(16, "10:00")),
        (BO, at(16, "13:00")),
        (ANN, at(16, "23:00")),
    ]


@pytest.mark.parametrize("cause", ["declined", "absent", "wrong_team", "head"])
def test_handing_on_before_it_is_due_excuses_with_its_cause(cause: str) -> None:
    passed = OFFER.handed_on(at(16, "15:00"), BO, cause)
    first = clock(passed, NEVER_LATER, Name.PERSONAL_ACCEPT, 1)
    assert (first.verdict, first.cause, first.state) == (Verdict.EXCUSED, cause, State.STOPPED)


def test_after_its_due_time_handing_on_leaves_it_broken() -> None:
    passed = OFFER.handed_on(at(16, "15:01"), BO)
    assert clock(passed, NEVER_LATER, Name.PERSONAL_ACCEPT, 1).verdict is Verdict.BROKEN


def test_a_decision_keeps_the_personal_clock_of_the_one_whose_turn_it_is() -> None:
    history = OFFER.handed_on(at(16, "11:00"), BO).accepted(at(16, "23:00"), BO)
    found = clocks(history, NEVER_LATER)
    assert found["personal_accept", 2].verdict is Verdict.KEPT
    assert found["personal_accept", 2].used == HOUR, "Bo works from 22:00"
    assert found["team_accept", 0].verdict is Verdict.BROKEN, "judged by the team's hours, not by Bo's"


# --- first touch, the representative's reading -------------------------------------------------------------


def test_first_touch_waits_for_the_acceptance() -> None:
    waiting = clock(OFFER, at(16, "11:00"), Name.FIRST_TOUCH)
    assert (waiting.state, waiting.verdict, waiting.due_at) == (State.WAITING, Verdict.OPEN, None)


def test_first_touch_counts_own_hours_from_own_acceptance() -> None:
    running = clock(OFFER.accepted(at(16, "11:30")), at(16, "13:30"), Name.FIRST_TOUCH)
    # Ann's lunch from 12 to 13 does not count.
    assert (running.user, running.used, running.due_at) == (ANN, HOUR, at(16, "14:30"))


@pytest.mark.parametrize(
    ("called", "verdict"), [("14:30", Verdict.KEPT), ("14:31", Verdict.BROKEN), ("13:00", Verdict.KEPT)]
)
def test_the_first_attempt_stops_it(called: str, verdict: Verdict) -> None:
    history = OFFER.accepted(at(16, "11:30")).attempted(at(16, called)).attempted(at(17, "10:00"))
    stopped = clock(history, NEVER_LATER, Name.FIRST_TOUCH)
    assert (stopped.state, stopped.verdict, stopped.stopped_at) == (State.STOPPED, verdict, at(16, called))


def test_a_call_made_before_accepting_is_a_first_touch() -> None:
    history = OFFER.attempted(at(16, "10:10")).accepted(at(16, "11:30"))
    stopped = clock(history, NEVER_LATER, Name.FIRST_TOUCH)
    assert (stopped.verdict, stopped.used, stopped.stopped_at) == (
        Verdict.KEPT,
        timedelta(),
        at(16, "11:30"),
    )


def test_a_call_from_before_the_person_qualified_is_none() -> None:
    history = OFFER.attempted(at(13, "10:10")).accepted(at(16, "11:30"))
    assert clock(history, at(16, "11:40"), Name.FIRST_TOUCH).state is State.RUNNING


def test_returned_before_first_touch_is_due_nobody_is_to_blame() -> None:
    history = OFFER.accepted(at(16, "11:30")).returned(at(16, "14:30"))
    stopped = clock(history, NEVER_LATER, Name.FIRST_TOUCH)
    assert (stopped.state, stopped.verdict, stopped.cause) == (State.STOPPED, Verdict.EXCUSED, "returned")


def test_returned_after_first_touch_was_due_stays_broken() -> None:
    history = OFFER.accepted(at(16, "11:30")).returned(at(16, "14:31")).attempted(at(16, "15:00"))
    assert clock(history, NEVER_LATER, Name.FIRST_TOUCH).verdict is Verdict.BROKEN


def test_returned_without_acceptance_owes_no_first_touch() -> None:
    assert ("first_touch", 0) not in clocks(OFFER.returned(at(16, "11:00")), NEVER_LATER)


# --- the buyer's reading -----------------------------------------------------------------------------------


def test_the_buyers_reading_counts_from_qualifying_in_real_and_company_time() -> None:
    history = OFFER.accepted(at(16, "16:30")).attempted(at(17, "10:00"))
    reading = clock(history, NEVER_LATER, Name.BUYER_TOUCH)
    assert (reading.started_at, reading.wall, reading.used) == (at(16, "09:00"), 25 * HOUR, 9 * HOUR)
    assert (reading.due_at, reading.verdict, reading.state) == (None, Verdict.OPEN, State.STOPPED)


def test_neither_handing_on_nor_accepting_restarts_the_buyers_reading() -> None:
    history = OFFER.handed_on(at(16, "11:00"), BO).accepted(at(16, "12:00"), BO)
    reading = clock(history, at(16, "13:00"), Name.BUYER_TOUCH)
    assert (reading.started_at, reading.wall, reading.state) == (at(16, "09:00"), 4 * HOUR, State.RUNNING)


def test_a_return_ends_the_buyers_reading_without_a_touch() -> None:
    reading = clock(OFFER.returned(at(16, "12:00")).attempted(at(16, "13:00")), NEVER_LATER, Name.BUYER_TOUCH)
    assert (reading.state, reading.cause, reading.stopped_at) == (State.STOPPED, "returned", at(16, "12:00"))


# --- late records, undo ------------------------------------------------------------------------------------


def test_an_act_written_down_within_the_grace_still_counts() -> None:
    due = at(16, "14:30")
    accepted = OFFER.accepted(at(16, "11:30"))
    assert clock(accepted, due + MINUTE, Name.FIRST_TOUCH).verdict is Verdict.BROKEN
    in_time = accepted.attempted(at(16, "14:00"), recorded=due + GRACE)
    assert clock(in_time, NEVER_LATER, Name.FIRST_TOUCH).verdict is Verdict.KEPT
    too_late = accepted.attempted(at(16, "14:00"), recorded=due + GRACE + MINUTE)
    assert clock(too_late, NEVER_LATER, Name.FIRST_TOUCH).verdict is Verdict.BROKEN


def test_an_acceptance_taken_back_is_as_if_the_key_had_not_been_pressed() -> None:
    pressed = OFFER.accepted(at(16, "11:30")).undone(at(16, "11:31"))
    for when in (at(16, "11:40"), at(16, "16:00")):
        assert fold(pressed, TERMS, calendars(pressed), when) == fold(OFFER, TERMS, calendars(OFFER), when)
    again = pressed.accepted(at(16, "13:00"))
    assert clock(again, NEVER_LATER, Name.TEAM_ACCEPT).stopped_at == at(16, "13:00")


def test_somebody_whose_calendar_holds_no_time_is_never_due() -> None:
    idle = Calendars(COMPANY, COMPANY, {(ANN, at(16, "10:00")): Calendar("UTC", ())})
    found = {clock.key: clock for clock in fold(OFFER, TERMS, idle, at(20, "10:00"))}
    personal = found["personal_accept", 1]
    assert (personal.due_at, personal.verdict, personal.used) == (None, Verdict.OPEN, timedelta())


# --- properties --------------------------------------------------------------------------------------------

MINUTES = st.integers(0, 5 * 24 * 60).map(lambda minute: at(16, "09:00") + minute * MINUTE)
DELAYS = st.sampled_from([0, 1, 10, 15, 16, 600]).map(lambda minutes: minutes * MINUTE)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Act, ...]:
    """An offer and up to six acts after it, some written down late."""
    first = draw(MINUTES)
    acts = [Act(1, Did.OFFERED, first, first, draw(st.sampled_from([None, ANN, BO])))]
    for number in range(2, 2 + draw(st.integers(0, 6))):
        when = max(first, draw(MINUTES))
        did = draw(st.sampled_from([Did.ACCEPTED, Did.UNDONE, Did.RETURNED, Did.HANDED_ON, Did.ATTEMPTED]))
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
    decisions = [a for a in pressed if a.did in (Did.ACCEPTED, Did.RETURNED)]
    due = walked_due(COMPANY, offers[0].occurred_at, 4 * HOUR)
    if decisions:
        good = decisions[0].occurred_at <= due and decisions[0].recorded_at <= due + 15 * MINUTE
        return {"team_accept": "kept" if good else "broken"}
    return {"team_accept": "broken" if when > due else "open"}


@given(histories(), MINUTES)
def test_the_teams_verdict_equals_a_naive_second_account(history: tuple[Act, ...], when: datetime) -> None:
    found = {c.name.value: c.verdict.value for c in fold(history, TERMS, calendars(history), when)}
    assert {name: v for name, v in found.items() if name == "team_accept"} == told_plainly(history, when)
