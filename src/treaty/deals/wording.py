"""Deals in words: what a timeline says of each fact, the names of stages and steps, and why something is refused."""

from collections.abc import Callable

from django.utils.translation import get_language, gettext, gettext_lazy

from treaty.deals.facts import (
    DealBinned,
    DealChanged,
    DealErased,
    DealLost,
    DealMoved,
    DealOpened,
    DealReopened,
    DealRestored,
    DealWon,
    NextStepDone,
    NextStepSet,
)
from treaty.deals.rules import Refused, Step
from treaty.kit.rules.money import Money
from treaty.ledger.facts import Fact
from treaty.ledger.queries import Recorded

STAGES = {
    "new": gettext_lazy("New"),
    "qualified": gettext_lazy("Qualified"),
    "proposal": gettext_lazy("Proposal"),
    "negotiation": gettext_lazy("Negotiation"),
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
}
STEPS = {
    Step.CALL: gettext_lazy("Call"),
    Step.MESSAGE: gettext_lazy("Write"),
    Step.MEETING: gettext_lazy("Meeting"),
    Step.QUOTE: gettext_lazy("Send quote"),
    Step.TASK: gettext_lazy("Task"),
}
STEPS_SET: dict[str, Callable[[], str]] = {
    Step.CALL: lambda: gettext("Next step: call"),
    Step.MESSAGE: lambda: gettext("Next step: write"),
    Step.MEETING: lambda: gettext("Next step: meeting"),
    Step.QUOTE: lambda: gettext("Next step: send quote"),
    Step.TASK: lambda: gettext("Next step: task"),
}
STEPS_DONE: dict[str, Callable[[], str]] = {
    Step.CALL: lambda: gettext("Next step done: call"),
    Step.MESSAGE: lambda: gettext("Next step done: write"),
    Step.MEETING: lambda: gettext("Next step done: meeting"),
    Step.QUOTE: lambda: gettext("Next step done: send quote"),
    Step.TASK: lambda: gettext("Next step done: task"),
}
FLAGS = {
    "won_before_first_contact": gettext_lazy("Won before the first contact"),
    "unknown_product": gettext_lazy("Product not in the catalogue"),
    "no_company": gettext_lazy("No company"),
}
REFUSALS: dict[str, Callable[[], str]] = {
    "closed": lambda: gettext("This deal is closed. Reopen it first."),
    "open": lambda: gettext("This deal is open already."),
    "opens_closed": lambda: gettext("A deal begins in an open stage. Open it, then win or lose it."),
    "reason_missing": lambda: gettext(
        "Say why the deal was lost: marketing and the next seller learn from it."
    ),
    "overtaken": lambda: gettext(
        "Somebody moved this deal meanwhile. Load the page again to see where it stands."
    ),
    "nameless": lambda: gettext("A deal needs a name."),
    "refuses_calls": lambda: gettext(
        "This person asked not to be called. Plan to write or to meet instead; a call the person asked for is a task."
    ),
    "refuses_mail": lambda: gettext(
        "This person unsubscribed from mail. Plan to call or to meet instead; an answer to the person is a task."
    ),
    "binned": lambda: gettext("The deal that was opened from here is in the bin. Bring it back instead."),
}


def stage_name(key: str, name: str = "") -> str:
    """A stage's name in the language of the page."""
    return str(STAGES.get(key, name or key))


def step_name(kind: str) -> str:
    """What is done next, in a word."""
    return str(STEPS.get(kind, kind))  # type: ignore[call-overload]  # a step is its own text


def flag_name(flag: str) -> str:
    """What an import found odd about a deal."""
    return str(FLAGS.get(flag, flag.replace("_", " ")))


def money(value: Money | None) -> str:
    """An amount as people of the page's language write it; empty where it is unknown."""
    return "" if value is None else value.formatted(get_language() or "en", brief=True)


def refusal(error: Refused) -> str:
    """Why a deal cannot be changed so, and what to do instead."""
    return REFUSALS[error.code]()


def told(line: Recorded) -> str:
    """The sentence a timeline says of a deal's fact; empty for facts of other nouns."""
    return _road(line.fact) or _step(line.fact) or _bin(line.fact)


def _road(fact: Fact) -> str:
    match fact:
        case DealOpened(value_minor=None):
            return gettext("Deal opened")
        case DealOpened(value_minor=int(minor), currency=currency):
            return gettext("Deal opened, %(value)s") % {"value": money(Money(minor, currency))}
        case DealMoved(before=before, after=after):
            stages = {"before": stage_name(before), "after": stage_name(after)}
            return gettext("Deal moved from %(before)s to %(after)s") % stages
        case DealWon(value_minor=None):
            return gettext("Deal won")
        case DealWon(value_minor=int(minor), currency=currency):
            return gettext("Deal won, %(value)s") % {"value": money(Money(minor, currency))}
        case DealLost():
            return gettext("Deal lost")
        case DealReopened(stage=stage):
            return gettext("Deal reopened in %(stage)s") % {"stage": stage_name(stage)}
    return ""


def _bin(fact: Fact) -> str:
    match fact:
        case DealBinned():
            return gettext("Deal put into the bin")
        case DealRestored():
            return gettext("Deal came back from the bin")
        case DealErased():
            return gettext("Deal went for good after a month in the bin")
    return ""


def _step(fact: Fact) -> str:
    match fact:
        case DealChanged(value_minor=None):
            return gettext("The value of the deal is unknown now")
        case DealChanged(value_minor=int(minor), currency=currency):
            return gettext("Deal valued at %(value)s") % {"value": money(Money(minor, currency))}
        case NextStepSet(step=step):
            return STEPS_SET[step]()
        case NextStepDone(step=step):
            return STEPS_DONE[step]()
    return ""
