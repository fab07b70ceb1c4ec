"""Conversations in words: what a timeline says of each, the names of outcomes, and why something is refused."""

from collections.abc import Callable

from django.utils.translation import gettext, gettext_lazy

from treaty.conversations.facts import (
    CallMade,
    MeetingHeld,
    MessageWritten,
    NoteBinned,
    NoteRestored,
    NoteWritten,
)
from treaty.conversations.rules import CallOutcome, MeetingOutcome, Way
from treaty.ledger.queries import Recorded

CALL_OUTCOMES = {
    CallOutcome.REACHED: gettext_lazy("Reached"),
    CallOutcome.NO_ANSWER: gettext_lazy("No answer"),
    CallOutcome.BUSY: gettext_lazy("Busy"),
    CallOutcome.VOICEMAIL: gettext_lazy("Left a voicemail"),
    CallOutcome.ASKED_LATER: gettext_lazy("Asked to be called later"),
    CallOutcome.WRONG_NUMBER: gettext_lazy("Wrong number"),
}
MEETING_OUTCOMES = {
    MeetingOutcome.INTERESTED: gettext_lazy("Interested"),
    MeetingOutcome.UNDECIDED: gettext_lazy("Undecided"),
    MeetingOutcome.NOT_INTERESTED: gettext_lazy("Not interested"),
}
WAYS = {
    Way.MAIL: gettext_lazy("Mail"),
    Way.CHAT: gettext_lazy("Chat"),
    Way.SMS: gettext_lazy("Text message"),
    Way.LETTER: gettext_lazy("Letter"),
}

CALLS: dict[str, Callable[[], str]] = {
    CallOutcome.REACHED: lambda: gettext("Call, reached"),
    CallOutcome.NO_ANSWER: lambda: gettext("Call, no answer"),
    CallOutcome.BUSY: lambda: gettext("Call, busy"),
    CallOutcome.VOICEMAIL: lambda: gettext("Call, left a voicemail"),
    CallOutcome.ASKED_LATER: lambda: gettext("Call, asked to be called later"),
    CallOutcome.WRONG_NUMBER: lambda: gettext("Call, wrong number"),
}
LONG_CALLS: dict[str, Callable[[], str]] = {
    CallOutcome.REACHED: lambda: gettext("Call, reached, %(minutes)s min"),
    CallOutcome.NO_ANSWER: lambda: gettext("Call, no answer, %(minutes)s min"),
    CallOutcome.BUSY: lambda: gettext("Call, busy, %(minutes)s min"),
    CallOutcome.VOICEMAIL: lambda: gettext("Call, left a voicemail, %(minutes)s min"),
    CallOutcome.ASKED_LATER: lambda: gettext("Call, asked to be called later, %(minutes)s min"),
    CallOutcome.WRONG_NUMBER: lambda: gettext("Call, wrong number, %(minutes)s min"),
}
MEETINGS: dict[str, Callable[[], str]] = {
    MeetingOutcome.INTERESTED: lambda: gettext("Meeting, interested"),
    MeetingOutcome.UNDECIDED: lambda: gettext("Meeting, undecided"),
    MeetingOutcome.NOT_INTERESTED: lambda: gettext("Meeting, not interested"),
}
LONG_MEETINGS: dict[str, Callable[[], str]] = {
    MeetingOutcome.INTERESTED: lambda: gettext("Meeting, interested, %(minutes)s min"),
    MeetingOutcome.UNDECIDED: lambda: gettext("Meeting, undecided, %(minutes)s min"),
    MeetingOutcome.NOT_INTERESTED: lambda: gettext("Meeting, not interested, %(minutes)s min"),
}
MESSAGES: dict[str, Callable[[], str]] = {
    Way.MAIL: lambda: gettext("Mail written by hand"),
    Way.CHAT: lambda: gettext("Chat message written"),
    Way.SMS: lambda: gettext("Text message written"),
    Way.LETTER: lambda: gettext("Letter written"),
}
REFUSALS: dict[str, Callable[[], str]] = {
    "refuses_calls": lambda: gettext(
        "This person asked not to be called. Write instead, or say that the call answered a callback the person asked for."
    ),
    "refuses_mail": lambda: gettext(
        "This person unsubscribed from mail. Call instead, or say that the message answered one of the person's."
    ),
    "unknown_person": lambda: gettext("There is no such person."),
    "minutes": lambda: gettext("A conversation lasts from 0 to 1440 minutes."),
    "in_future": lambda: gettext(
        "This time lies in the future. Log what has taken place; plan the rest as a next step."
    ),
    "empty": lambda: gettext("There is nothing written yet."),
}


def told(line: Recorded) -> str:
    """The sentence a timeline says of a conversation; empty for facts of other nouns."""
    match line.fact:
        case CallMade(outcome=outcome, minutes=minutes):
            return _lasting(CALLS, LONG_CALLS, outcome, minutes)
        case MeetingHeld(outcome=outcome, minutes=minutes):
            return _lasting(MEETINGS, LONG_MEETINGS, outcome, minutes)
        case MessageWritten(way=way):
            return MESSAGES[way]()
        case NoteWritten():
            return gettext("Note")
        case NoteBinned():
            return gettext("A note was put into the bin")
        case NoteRestored():
            return gettext("A note came back from the bin")
    return ""


def _lasting(
    short: dict[str, Callable[[], str]], long: dict[str, Callable[[], str]], outcome: str, minutes: int
) -> str:
    return long[outcome]() % {"minutes": minutes} if minutes else short[outcome]()
