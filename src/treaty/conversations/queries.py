"""What forms of other nouns need to know of conversations: what to choose from, and why something was refused."""

from treaty.conversations.rules import Refused
from treaty.conversations.wording import CALL_OUTCOMES, MEETING_OUTCOMES, REFUSALS, WAYS

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
