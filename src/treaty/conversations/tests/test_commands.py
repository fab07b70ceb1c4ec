"""What was said, by the facts it leaves."""

from datetime import datetime, timedelta

import pytest

from treaty.conversations import commands
from treaty.conversations.facts import CallMade, MeetingHeld, MessageWritten, NoteWritten
from treaty.conversations.rules import CallOutcome, MeetingOutcome, Refused, Way, refuses
from treaty.conversations.wording import REFUSALS, told
from treaty.ledger.facts import about_deal
from treaty.ledger.queries import recent
from treaty.people.commands import add_person, refuse_calls, unsubscribe
from treaty.people.models import Person
from treaty.people.queries import subjects_of
from treaty.people.rules import PersonDraft
from treaty.staff.tests.factories import SINCE, ann

pytestmark = pytest.mark.django_db


@pytest.fixture
def pia() -> int:
    """The buyer."""
    draft = PersonDraft(name="Pia Nowak", emails=("pia@odlewnia.example",), phones=("+48321234567",))
    return add_person(draft, at=SINCE, by=None, source="hand").person_id


def test_a_call_is_a_fact_about_the_persons_anchor_with_its_words_beside_it(pia: int, now: datetime) -> None:
    line = commands.log_call(pia, outcome="reached", minutes=6, note="Wants a quote", at=now, by=ann().pk)
    assert line.fact == CallMade("reached", 6, typed_in=False)
    assert line.about.id == Person.objects.get(pk=pia).anchor_id
    (newest,) = recent(subjects_of(pia), 1)
    assert (newest.text, newest.by, told(newest)) == ("Wants a quote", ann().pk, "Call, reached, 6 min")


def test_a_time_typed_in_afterwards_is_marked(pia: int, now: datetime) -> None:
    before = now - timedelta(hours=2)
    line = commands.log_call(pia, outcome="busy", at=before, by=None, recorded_at=now)
    assert line.fact == CallMade("busy", 0, typed_in=True)
    assert (line.occurred_at, line.recorded_at, line.known_at) == (before, now, now)


def test_what_has_not_taken_place_is_not_logged(pia: int, now: datetime) -> None:
    with pytest.raises(Refused, match="in_future"):
        commands.log_call(pia, outcome="reached", at=now + timedelta(minutes=1), by=None, recorded_at=now)


def test_who_refused_calls_is_not_called_except_to_answer(pia: int, now: datetime) -> None:
    refuse_calls([pia], at=now - timedelta(days=1), by=None)
    with pytest.raises(Refused, match="refuses_calls"):
        commands.log_call(pia, outcome="reached", at=now, by=ann().pk)
    commands.log_call(pia, outcome="reached", at=now, by=ann().pk, answered_callback=True)
    commands.log_call(pia, outcome="reached", at=now - timedelta(days=2), by=ann().pk, recorded_at=now)


def test_who_unsubscribed_is_not_written_to_except_to_answer(pia: int, now: datetime) -> None:
    unsubscribe([pia], at=now, by=None)
    with pytest.raises(Refused, match="refuses_mail"):
        commands.log_message(pia, way="mail", at=now, by=ann().pk)
    line = commands.log_message(pia, way="mail", at=now, by=ann().pk, is_answer=True)
    assert line.fact == MessageWritten("mail", typed_in=False)


def test_a_meeting_and_a_note_are_told(pia: int, now: datetime) -> None:
    met = commands.log_meeting(pia, outcome="interested", minutes=45, at=now, by=ann().pk)
    assert (met.fact, told(met)) == (MeetingHeld("interested", 45), "Meeting, interested, 45 min")
    note = commands.write_note(pia, text="Prefers mornings", at=now, by=ann().pk)
    assert (note.fact, told(note)) == (NoteWritten(), "Note")
    about = commands.write_note(about_deal(7), text="Ask for the drawings", at=now, by=ann().pk)
    assert about.about == about_deal(7)


def test_nonsense_is_refused(pia: int, now: datetime) -> None:
    with pytest.raises(Refused, match="empty"):
        commands.write_note(pia, text=" ", at=now, by=None)
    with pytest.raises(Refused, match="minutes"):
        commands.log_call(pia, outcome="reached", minutes=1441, at=now, by=None)
    with pytest.raises(Refused, match="unknown_person"):
        commands.log_call(0, outcome="reached", at=now, by=None)
    with pytest.raises(ValueError, match="shouted"):
        commands.log_call(pia, outcome="shouted", at=now, by=None)


def test_every_outcome_and_way_has_its_words(pia: int, now: datetime) -> None:
    for outcome in CallOutcome:
        for minutes in (0, 3):
            assert told(commands.log_call(pia, outcome=outcome, minutes=minutes, at=now, by=None))
    for end in MeetingOutcome:
        assert told(commands.log_meeting(pia, outcome=end, at=now, by=None))
        assert "9" in told(commands.log_meeting(pia, outcome=end, minutes=9, at=now, by=None))
    for way in Way:
        assert told(commands.log_message(pia, way=way, at=now, by=None))
    assert all(sentence() for sentence in REFUSALS.values())


@pytest.mark.parametrize(
    ("refused", "is_answer", "expected"),
    [(None, False, False), (0, False, True), (0, True, False), (-1, False, True), (1, False, False)],
)
def test_a_refusal_holds_from_its_time_on(
    now: datetime, refused: int | None, *, is_answer: bool, expected: bool
) -> None:
    since = None if refused is None else now + timedelta(hours=refused)
    assert refuses(since, now, is_answer=is_answer) is expected
