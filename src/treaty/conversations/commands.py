"""Verbs of conversations: what was said is written down as a fact about the person, its words as erasable text.

`at` is when it took place. A `recorded_at` later than that says that somebody typed the time in afterwards.
"""

from datetime import datetime

from treaty.conversations.facts import CallMade, MeetingHeld, MessageWritten, NoteWritten
from treaty.conversations.rules import CallOutcome, MeetingOutcome, Refused, Way, refuses
from treaty.ledger.commands import record
from treaty.ledger.facts import Fact, Subject, about_identity
from treaty.ledger.queries import Recorded
from treaty.people.queries.standing import Reached, reached

LONGEST = 24 * 60
"""Minutes of one conversation, at most."""


def log_call(
    person: int,
    *,
    outcome: str,
    minutes: int = 0,
    note: str = "",
    at: datetime,
    by: int | None,
    recorded_at: datetime | None = None,
    answered_callback: bool = False,
) -> Recorded:
    """Write down a call to a person. Refused (`refuses_calls`) to who refused calls, unless it answers a callback."""
    whom = _whom(person)
    if refuses(whom.refused_calls_at, at, is_answer=answered_callback):
        raise Refused("refuses_calls", "outcome")
    fact = CallMade(CallOutcome(outcome), _minutes(minutes), _typed_in(at, recorded_at))
    return _say(fact, whom, note, at=at, by=by, recorded_at=recorded_at)


def log_message(
    person: int,
    *,
    way: str,
    note: str = "",
    at: datetime,
    by: int | None,
    recorded_at: datetime | None = None,
    is_answer: bool = False,
) -> Recorded:
    """Write down a message written by hand. Refused (`refuses_mail`) to who refused mail, unless it answers one."""
    whom = _whom(person)
    if refuses(whom.refused_mail_at, at, is_answer=is_answer):
        raise Refused("refuses_mail", "way")
    return _say(
        MessageWritten(Way(way), _typed_in(at, recorded_at)),
        whom,
        note,
        at=at,
        by=by,
        recorded_at=recorded_at,
    )


def log_meeting(
    person: int,
    *,
    outcome: str,
    minutes: int = 0,
    note: str = "",
    at: datetime,
    by: int | None,
    recorded_at: datetime | None = None,
) -> Recorded:
    """Write down a meeting with a person."""
    fact = MeetingHeld(MeetingOutcome(outcome), _minutes(minutes), _typed_in(at, recorded_at))
    return _say(fact, _whom(person), note, at=at, by=by, recorded_at=recorded_at)


def write_note(about: Subject | int, *, text: str, at: datetime, by: int | None) -> Recorded:
    """Write down something about a person (an id), or about another subject."""
    if not text.strip():
        raise Refused("empty", "text")
    subject = about_identity(_whom(about).anchor) if isinstance(about, int) else about
    return _record(NoteWritten(), subject, text, at=at, by=by, recorded_at=None)


def _whom(person: int) -> Reached:
    whom = reached(person)
    if whom is None:
        raise Refused("unknown_person", "person")
    return whom


def _minutes(minutes: int) -> int:
    if not 0 <= minutes <= LONGEST:
        raise Refused("minutes", "minutes")
    return minutes


def _typed_in(at: datetime, recorded_at: datetime | None) -> bool:
    if recorded_at is not None and at > recorded_at:
        raise Refused("in_future", "at")
    return recorded_at is not None and at < recorded_at


def _say(
    fact: Fact, whom: Reached, note: str, *, at: datetime, by: int | None, recorded_at: datetime | None
) -> Recorded:
    return _record(fact, about_identity(whom.anchor), note, at=at, by=by, recorded_at=recorded_at)


def _record(
    fact: Fact, about: Subject, text: str, *, at: datetime, by: int | None, recorded_at: datetime | None
) -> Recorded:
    line = record(fact, about=about, at=at, by=by, text=text.strip(), recorded_at=recorded_at)
    if line is None:
        raise RuntimeError("A fact without a source key is always new.")
    return line
