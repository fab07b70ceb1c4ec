"""What the verbs of handovers refuse, as codes; wording.py says them in words."""

from enum import StrEnum


class Why(StrEnum):
    """Why something cannot be done."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    DECIDED = "decided"
    TOO_LATE = "too_late"
    TOUCHED = "touched"
    HAS_DEAL = "has_deal"
    UNKNOWN_REASON = "unknown_reason"
    NEEDS_NOTE = "needs_note"
    NEEDS_IDENTITY = "needs_identity"
    TAKES_NO_DATE = "takes_no_date"
    PAST_DATE = "past_date"
    UNKNOWN_COLLEAGUE = "unknown_colleague"
    SAME_OWNER = "same_owner"
    UNKNOWN_CAUSE = "unknown_cause"


class Refused(Exception):
    """A verb was refused; nothing changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
