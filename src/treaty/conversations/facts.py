"""What was said between us and a buyer. The words themselves lie in the erasable text of the touchpoint."""

from dataclasses import dataclass
from typing import ClassVar

from treaty.ledger.facts import Fact, Side


@dataclass(frozen=True, slots=True)
class CallMade(Fact):
    """Somebody of ours called a person."""

    side: ClassVar[Side] = Side.SALES
    is_touch: ClassVar[bool] = True
    is_attempt: ClassVar[bool] = True
    outcome: str
    """reached, no_answer, busy, voicemail, wrong_number or asked_later."""
    minutes: int = 0
    typed_in: bool = False
    """Whether somebody typed its time in afterwards."""


@dataclass(frozen=True, slots=True)
class MessageWritten(Fact):
    """Somebody of ours wrote to a person by hand: a mail or a chat message."""

    side: ClassVar[Side] = Side.SALES
    is_touch: ClassVar[bool] = True
    is_attempt: ClassVar[bool] = True
    way: str
    """mail, chat, sms or letter."""
    typed_in: bool = False


@dataclass(frozen=True, slots=True)
class MeetingHeld(Fact):
    """Somebody of ours met a person."""

    side: ClassVar[Side] = Side.SALES
    is_touch: ClassVar[bool] = True
    is_attempt: ClassVar[bool] = True
    outcome: str
    """interested, undecided or not_interested."""
    minutes: int = 0
    typed_in: bool = False


@dataclass(frozen=True, slots=True)
class NoteWritten(Fact):
    """Somebody of ours wrote down something about a person, a company or a deal; it has no outcome, since it reached nobody."""

    side: ClassVar[Side] = Side.BOTH


@dataclass(frozen=True, slots=True)
class NoteBinned(Fact):
    """A note was put into the bin, from where it can come back for thirty days."""

    note: int
    """The touchpoint of the note."""


@dataclass(frozen=True, slots=True)
class NoteRestored(Fact):
    """A note came back from the bin."""

    note: int


SPOKEN = (CallMade.__name__, MessageWritten.__name__, MeetingHeld.__name__, NoteWritten.__name__)
"""The kinds of this noun, for stories that show nothing else."""
