"""What other nouns need to know of conversations: what forms offer, why something was refused, what is written in notes."""

from collections.abc import Collection, Iterator, Sequence

from treaty.conversations.facts import SPOKEN
from treaty.conversations.rules import Refused
from treaty.conversations.wording import CALL_OUTCOMES, MEETING_OUTCOMES, REFUSALS, WAYS
from treaty.kit.rules.folding import fold
from treaty.ledger import queries as ledger
from treaty.ledger.queries import Recorded
from treaty.search.rules import Entry

Choices = list[tuple[str, str]]


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
