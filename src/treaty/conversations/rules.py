"""What a conversation can be and come to, and when one may not be had."""

from datetime import datetime
from enum import StrEnum


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    ASKED_LATER = "asked_later"


class MeetingOutcome(StrEnum):
    """How a meeting left the person."""

    INTERESTED = "interested"
    UNDECIDED = "undecided"
    NOT_INTERESTED = "not_interested"


class Way(StrEnum):
    """How somebody of ours wrote to a person by hand."""

    MAIL = "mail"
    CHAT = "chat"
    SMS = "sms"
    LETTER = "letter"


class Refused(ValueError):
    """A conversation cannot be logged so; `code` says why, `field` names the value at fault, for the form that asked."""

    def __init__(self, code: str, field: str = "") -> None:
        self.code = code
        self.field = field
        super().__init__(code)


def refuses(refused_at: datetime | None, at: datetime, *, is_answer: bool) -> bool:
    """Whether a person who refused does so at a time: from the refusal on, unless we answer what the person asked."""
    return refused_at is not None and refused_at <= at and not is_answer
