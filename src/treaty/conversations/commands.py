"""Verbs of conversations: what was said is written down as a fact about the person, its words as erasable text.

`at` is when it took place. A `recorded_at` later than that says that somebody typed the time in afterwards.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from treaty.conversations.facts import (
    CallMade,
    MeetingHeld,
    MessageWritten,
    NoteBinned,
    NoteRestored,
    NoteWritten,
)
from treaty.conversations.rules import CallOutcome, MeetingOutcome, Refused, Way, refuses
from treaty.documents.commands import erase_documents
from treaty.ledger import queries as ledger
from treaty.ledger.commands import Entry, erase_texts, hide_lines, record, record_many, show_lines
from treaty.ledger.facts import Fact, Subject, about_identity
from treaty.ledger.queries import Recorded
from treaty.people.queries.standing import Reached, reached
from treaty.people.rules import KEPT_FOR
from treaty.search.commands import follow
from treaty.search.rules import Kind

LONGEST = 24 * 60
"""Minutes of one conversation, at most."""
AT_ONCE = 500
"""Notes purged in one transaction."""


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


def bin_notes(notes: Collection[int], *, at: datetime, by: int | None) -> list[int]:
    """Put notes into the bin; those that were not there. Their words stay for KEPT_FOR, and `restore_notes` shows them again."""
    with transaction.atomic():
        found = ledger.texts(notes, [NoteWritten.__name__])
        hidden = set(hide_lines([line.id for line in found], at=at, by=by))
        follow(Kind.NOTE, sorted(hidden))
        told = [Entry(NoteBinned(line.id), line.about, at, by) for line in found if line.id in hidden]
        record_many(told, recorded_at=at)
    return sorted(hidden)


def restore_notes(notes: Collection[int], *, at: datetime, by: int | None) -> list[int]:
    """Bring notes back from the bin; those that were there and still have their words."""
    with transaction.atomic():
        found = ledger.texts(notes, [NoteWritten.__name__], hidden=True)
        shown = set(show_lines([line.id for line in found]))
        follow(Kind.NOTE, sorted(shown))
        told = [Entry(NoteRestored(line.id), line.about, at, by) for line in found if line.id in shown]
        record_many(told, recorded_at=at)
    return sorted(shown)


def purge_notes(*, at: datetime) -> int:
    """Empty the words of the notes that lay in the bin for KEPT_FOR; how many. That somebody wrote a note stays."""
    due = ledger.hidden_lines(NoteWritten.__name__).filter(at__lte=at - KEPT_FOR).order_by("at", "pk")
    purged = 0
    while notes := list(due.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            erase_documents("note", notes)
            purged += erase_texts(notes)
    return purged


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
