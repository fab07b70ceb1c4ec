"""What other nouns need to know of conversations: what forms offer, why something was refused, what is written in notes."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left
from django.utils.text import Truncator

from treaty.conversations.facts import SPOKEN, NoteWritten
from treaty.conversations.rules import Refused
from treaty.conversations.wording import CALL_OUTCOMES, MEETING_OUTCOMES, REFUSALS, WAYS
from treaty.documents.queries import DocumentRow, Holder, documents_on
from treaty.kit.rules.folding import fold
from treaty.ledger import queries as ledger
from treaty.ledger.facts import SubjectKind, about_identity
from treaty.ledger.queries import Recorded
from treaty.people.queries import is_of_visible_person, person_rows, persons_of, subjects_of
from treaty.search.rules import Entry
from treaty.staff.queries import User
from treaty.staff.rules import LOG_CONVERSATIONS

Choices = list[tuple[str, str]]
LABEL = 80
"""Letters of a note that stand for it."""


def call_outcomes() -> Choices:
    """The outcomes of a call and their names."""
    return [(outcome.value, str(name)) for outcome, name in CALL_OUTCOMES.items()]


def meeting_outcomes() -> Choices:
    """The outcomes of a meeting and their names."""
    return [(outcome.value, str(name)) for outcome, name in MEETING_OUTCOMES.items()]


def ways() -> Choices:
    """How one can write to a person, and what that is called."""
    return [(way.value, str(name)) for way, name in WAYS.items()]


def refusal(error: Refused) -> str:
    """Why a conversation cannot be logged so, and what to do instead."""
    return REFUSALS[error.code]()


def notes(lines: Collection[int]) -> list[Recorded]:
    """What was written of conversations, by the ids of their touchpoints, with the texts; oldest first."""
    return ledger.texts(lines, SPOKEN)


def note_of(user: User | AnonymousUser, note: int) -> Recorded | None:
    """A note about a person whom a user sees; None where there is none, or it lies in the bin."""
    if not _notes_seen(user).filter(pk=note).exists():
        return None
    return next(iter(ledger.texts([note], [NoteWritten.__name__])), None)


def note_holder() -> Holder:
    """What documents ask about notes: each is called by how it begins; none is put onto one without words or in the bin."""
    return Holder(
        rows=lambda user: _called(_notes() if user is None else _notes_seen(user)),
        takes=lambda: _outside_bin(_notes().filter(text__isnull=False)),
        subject=lambda note: about_identity(_notes().values_list("subject_id", flat=True).get(pk=note)),
        path="/notes/{}/",
        permission=LOG_CONVERSATIONS,
    )


def notes_called(user: User, notes: Collection[int]) -> dict[int, str]:
    """How notes begin, of those a user sees."""
    return dict(_called(_notes_seen(user)).filter(pk__in=list(notes)).values_list("pk", "name"))


def _notes() -> "QuerySet[Any]":
    """All notes about persons, those of the bin among them."""
    return ledger.lines_about(Q(subject_kind=SubjectKind.IDENTITY.value, kind=NoteWritten.__name__))


def _notes_seen(user: User | AnonymousUser) -> "QuerySet[Any]":
    """The notes about persons whom a user sees, with their words, none of them in the bin."""
    return _outside_bin(_notes().filter(is_of_visible_person(user, "subject_id"), text__isnull=False))


def _outside_bin(notes: "QuerySet[Any]") -> "QuerySet[Any]":
    return notes.exclude(pk__in=ledger.hidden_lines(NoteWritten.__name__).values("pk"))


def _called(notes: "QuerySet[Any]") -> "QuerySet[Any]":
    named: QuerySet[Any] = notes.annotate(name=Coalesce(Left("text__body", LABEL), Value("")))
    return named


def known_of(person: int) -> dict[str, Any]:
    """The documents on notes about a person, for the person."""
    return {"note_documents": [row.name for row in files_of(person)]}


def files_of(person: int) -> list[DocumentRow]:
    """The documents on notes about a person."""
    notes = spoken_of([one.id for one in subjects_of(person)])
    return [row for rows in documents_on("note", notes).values() for row in rows]


def note_bin_of(user: User | AnonymousUser) -> "QuerySet[Any]":
    """The notes in the bin about persons whom a user sees: each with its text, since when it lies there, and by whom."""
    seen = Q(is_of_visible_person(user, "touchpoint__subject_id"))
    about_person = Q(touchpoint__subject_kind=SubjectKind.IDENTITY.value)
    return ledger.hidden_lines(NoteWritten.__name__).filter(seen & about_person)


def note_labels(notes: Collection[int]) -> dict[int, str]:
    """How notes begin, those in the bin among them."""
    kinds = [NoteWritten.__name__]
    lines = [*ledger.texts(notes, kinds), *ledger.texts(notes, kinds, hidden=True)]
    return {line.id: Truncator(line.text).chars(LABEL) for line in lines}


@dataclass(frozen=True, slots=True)
class Noted:
    """Whom a note is about."""

    person: int
    name: str

    def __str__(self) -> str:
        return self.name


def persons_noted(identities: Collection[int]) -> dict[int, Noted]:
    """The person behind each identity that notes are about."""
    persons = persons_of(identities)
    names = {row.pk: row.name for row in person_rows(set(persons.values()))}
    found = ((identity, person) for identity, person in persons.items() if person in names)
    return {identity: Noted(person, names[person]) for identity, person in found}


def note_entries(lines: Collection[int]) -> Iterator[Entry]:
    """By which words notes are found: all that is written in them."""
    for line in notes(lines):
        yield Entry(line.id, text=fold(line.text))


def notes_behind(after: int, limit: int) -> list[int]:
    """The ids of notes from behind an id on."""
    return ledger.text_lines(SPOKEN, after=after, limit=limit)


def spoken_of(identities: Collection[int]) -> Sequence[int]:
    """The touchpoints of this noun about some identities."""
    lines = ledger.histories(identities, kinds=SPOKEN).values()
    return [line.id for told in lines for line in told]
