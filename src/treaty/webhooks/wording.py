"""Webhooks in words: why an endpoint cannot be so, why it is paused, how a call went."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from treaty.webhooks.rules import FORBIDDEN, TEST

REFUSALS = {
    "unreadable": lazy(
        "This is no address that can be called. Write it like https://example.com/hooks/treaty."
    ),
    "insecure": lazy("Messages leave encrypted only: the address begins with https://."),
    "signed_in": lazy("Leave user and password out of the address; the signature says who sends."),
    "private": lazy(
        "This address lies inside a network of its own. The operator can allow it in TREATY_OUTGOING_HOSTS."
    ),
    "secret": lazy("Its secret cannot be read with the key of this installation. Exchange it."),
    "kinds_missing": lazy("Choose at least one kind of fact."),
    "kind_unknown": lazy("There is no such kind of fact."),
}

FACTS = {
    lazy("Forms, pages and mails"): {
        "FormSubmitted": lazy("A person sent a form"),
        "PageSeen": lazy("A person looked at a page"),
        "FileDownloaded": lazy("A person downloaded a file"),
        "MailOpened": lazy("A person opened a mail"),
        "MailAnswered": lazy("A person answered a mail"),
        "EventAttended": lazy("A person took part in an event"),
        "AdClicked": lazy("A person followed an advertisement"),
    },
    lazy("Calls and notes"): {
        "CallMade": lazy("A person was called"),
        "MessageWritten": lazy("A person was written to"),
        "MeetingHeld": lazy("A person was met"),
        "NoteWritten": lazy("A note was written"),
        "NoteBinned": lazy("A note was put into the bin"),
        "NoteRestored": lazy("A note came back from the bin"),
    },
    lazy("Handovers"): {
        "LeadQualified": lazy("A person qualified as a lead"),
        "LeadOffered": lazy("A lead was offered"),
        "LeadAccepted": lazy("A lead was accepted"),
        "AcceptanceUndone": lazy("The acceptance of a lead was undone"),
        "LeadReturned": lazy("A lead was returned"),
        "LeadHandedOn": lazy("A lead was handed on"),
        "LeadWithdrawn": lazy("A lead was withdrawn"),
    },
    lazy("Deals"): {
        "DealOpened": lazy("A deal was opened"),
        "DealMoved": lazy("A deal came to another stage"),
        "DealChanged": lazy("A deal was changed"),
        "DealWon": lazy("A deal was won"),
        "DealLost": lazy("A deal was lost"),
        "DealReopened": lazy("A deal was opened again"),
        "DealBinned": lazy("A deal was put into the bin"),
        "DealRestored": lazy("A deal came back from the bin"),
        "DealErased": lazy("A deal went for good after a month in the bin"),
        "NextStepSet": lazy("The next step of a deal was set"),
        "NextStepDone": lazy("The next step of a deal was done"),
    },
    lazy("Persons and companies"): {
        "PersonAdded": lazy("A person was added"),
        "PersonChanged": lazy("A person was changed"),
        "CompanyChanged": lazy("A company was changed"),
        "CompanyBinned": lazy("A company was put into the bin"),
        "CompanyRestored": lazy("A company came back from the bin"),
        "CompanyErased": lazy("A company went for good after a month in the bin"),
        "StageEntered": lazy("A person came to another lifecycle stage"),
        "OwnerAssigned": lazy("A person was given an owner"),
        "Unsubscribed": lazy("A person unsubscribed"),
        "CallsRefused": lazy("A person refused calls"),
        "ContactAllowed": lazy("A person allowed mails or calls again"),
        "ConsentGiven": lazy("A person agreed to something"),
        "ConsentWithdrawn": lazy("A person took a consent back"),
        "SegmentEntered": lazy("A person entered a segment"),
        "SegmentLeft": lazy("A person left a segment"),
        "PersonsMerged": lazy("Two persons were merged"),
        "PersonsSplit": lazy("A merged person was split"),
        "PersonBinned": lazy("A person was put into the bin"),
        "PersonRestored": lazy("A person came back from the bin"),
        "PersonForgotten": lazy("A person was forgotten"),
        "DocumentAdded": lazy("A document was added"),
        "DocumentRemoved": lazy("A document was removed"),
        "DocumentRestored": lazy("A document came back"),
        "ImportUndone": lazy("An import was taken back"),
    },
    lazy("The agreement"): {
        "VersionDrafted": lazy("A version was drafted"),
        "VersionProposed": lazy("A version was proposed"),
        "VersionSigned": lazy("A version was signed"),
        "VersionDeclined": lazy("A version was declined"),
        "VersionWithdrawn": lazy("A version was withdrawn"),
        "VersionInForce": lazy("A version came in force"),
        "PromiseKept": lazy("A promise was kept"),
        "PromiseBroken": lazy("A promise was broken"),
        "PromiseExcused": lazy("A promise was excused"),
    },
}
"""Every kind of fact in words, as the form of an endpoint groups them."""

STATES = {
    "waiting": lazy("waiting"),
    "delivered": lazy("delivered"),
    "failed": lazy("failed"),
}


def fact(kind: str) -> str:
    """What a message tells of in words; a kind of fact that this version no longer knows by its name."""
    if kind == TEST:
        return _("Test message")
    return next((str(words[kind]) for words in FACTS.values() if kind in words), kind)


def refusal(code: str) -> str:
    """Why an endpoint cannot be so."""
    return str(REFUSALS[code])


def pause(why: str) -> str:
    """Why an endpoint is paused."""
    return {
        "gone": _("Paused: the receiver said that it is gone (410)."),
        "failing": _("Paused: nothing was delivered for five days."),
        "secret": _(
            "Paused: its secret cannot be read with the key of this installation. Exchange it, then resume."
        ),
    }.get(why, _("Paused by hand."))


def outcome(status: int | None, error: str) -> str:
    """How a call went: the status, or what stood against it."""
    if status is not None:
        return str(status)
    if error.startswith(FORBIDDEN):
        return refusal(error.removeprefix(FORBIDDEN))
    return error
