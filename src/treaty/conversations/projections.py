"""The words of notes, in the index in which everything is found."""

from collections.abc import Sequence

from treaty.conversations.queries import spoken_of
from treaty.documents.commands import erase_documents
from treaty.ledger.queries import Recorded
from treaty.people.queries import holders
from treaty.people.queries.identities import identities_of
from treaty.search.commands import follow
from treaty.search.rules import Kind


def note_listener(batch: Sequence[Recorded]) -> None:
    """A listener: what was written down can be found."""
    follow(Kind.NOTE, [line.id for line in batch if line.text])


def forget_notes(batch: Sequence[Recorded]) -> None:
    """A listener: persons were forgotten and the texts about them are gone, so nobody finds them any more.

    What was attached to their notes goes, too.
    """
    persons = sorted(set(holders(batch).values()))
    identities = [one for held in identities_of(persons).values() for one in held]
    notes = spoken_of(identities)
    follow(Kind.NOTE, notes)
    erase_documents("note", notes)
