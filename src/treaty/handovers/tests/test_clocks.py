"""The clocks of one handover, sentence by sentence of the agreement's meaning; and against a walk over minutes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

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

    def withdrawn(self, when: datetime) -> "History":
        return self._add(Did.WITHDRAWN, when, None, "", None)

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


# --- a person who asked to be forgotten ----------------------------------------------------------------------


def test_who_asked_to_be_forgotten_is_owed_nothing_and_nobody_is_to_blame() -> None:
    offered = clocks(OFFER.withdrawn(at(16, "11:00")), NEVER_LATER)
    for key in (("team_accept", 0), ("personal_accept", 1)):
        stopped = offered[key]
        assert (stopped.state, stopped.verdict, stopped.cause) == (
            State.STOPPED,
            Verdict.EXCUSED,
            "forgotten",
        )
    assert ("first_touch", 0) not in offered
    accepted = clocks(OFFER.accepted(at(16, "11:30")).withdrawn(at(16, "14:30")), NEVER_LATER)
    assert accepted["team_accept", 0].verdict is Verdict.KEPT
    touch = accepted["first_touch", 0]
    assert (touch.state, touch.verdict, touch.cause) == (State.STOPPED, Verdict.EXCUSED, "forgotten")


def test_what_was_broken_before_stays_broken_when_the_person_is_forgotten() -> None:
    due = clock(OFFER, NEVER_LATER, Name.TEAM_ACCEPT).due_at
    assert due is not None
    assert clock(OFFER.withdrawn(due), NEVER_LATER, Name.TEAM_ACCEPT).verdict is Verdict.EXCUSED
    assert clock(OFFER.withdrawn(due + MINUTE), NEVER_LATER, Name.TEAM_ACCEPT).verdict is Verdict.BROKEN


def test_being_forgotten_ends_the_buyers_reading_without_a_touch() -> None:
    reading = clock(OFFER.withdrawn(at(16, "12:00")), NEVER_LATER, Name.BUYER_TOUCH)
    assert (reading.state, reading.cause, reading.stopped_at) == (State.STOPPED, "forgotten", at(16, "12:00"))


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
