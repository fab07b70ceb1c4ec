"""What a person did or what was done with them, and what facts say of it, in words that stand inside a sentence."""

from django.utils.translation import gettext


def fact_name(kind: str) -> str:
    """What follows “the person”, by kind of fact; one we do not know is called by its kind."""
    return {**_done(), **_dealt_with()}.get(kind, kind)


def _done() -> dict[str, str]:
    """What persons do, and how they were spoken with."""
    return {
        "FormSubmitted": gettext("sent a form"),
        "PageSeen": gettext("looked at a page"),
        "FileDownloaded": gettext("downloaded a file"),
        "MailOpened": gettext("opened a mail"),
        "MailAnswered": gettext("answered a mail"),
        "EventAttended": gettext("took part in an event"),
        "AdClicked": gettext("followed an advertisement"),
        "CallMade": gettext("was called"),
        "MessageWritten": gettext("was written to"),
        "MeetingHeld": gettext("was met"),
        "NoteWritten": gettext("had a note written about them"),
        "Unsubscribed": gettext("unsubscribed"),
        "CallsRefused": gettext("refused calls"),
        "ContactAllowed": gettext("allowed mails or calls again"),
        "ConsentGiven": gettext("agreed to something"),
        "ConsentWithdrawn": gettext("took a consent back"),
    }


def _dealt_with() -> dict[str, str]:
    """What the house did with them, or concluded."""
    return {
        "PersonAdded": gettext("was added"),
        "PersonChanged": gettext("was changed"),
        "PersonsMerged": gettext("was merged with another record"),
        "PersonsSplit": gettext("was split from another record"),
        "PersonBinned": gettext("was put into the bin"),
        "PersonRestored": gettext("came back from the bin"),
        "StageEntered": gettext("came to another lifecycle stage"),
        "OwnerAssigned": gettext("was given an owner"),
        "SegmentEntered": gettext("entered a segment"),
        "SegmentLeft": gettext("left a segment"),
        "LeadQualified": gettext("qualified as a lead"),
        "LeadOffered": gettext("was offered as a lead"),
        "LeadAccepted": gettext("was accepted as a lead"),
        "AcceptanceUndone": gettext("was accepted as a lead, which was undone"),
        "LeadReturned": gettext("was returned as a lead"),
        "LeadHandedOn": gettext("was handed on as a lead"),
        "LeadWithdrawn": gettext("was withdrawn as a lead"),
        "PromiseKept": gettext("had a promise kept to them"),
        "PromiseBroken": gettext("had a promise broken to them"),
        "PromiseExcused": gettext("had a promise excused"),
        "DocumentAdded": gettext("was given a document"),
        "DocumentRemoved": gettext("had a document removed"),
        "DocumentRestored": gettext("got a document back"),
    }


def value_name(name: str) -> str:
    """What a fact says of itself, by the name that programs use; one we do not know is called by that."""
    return {
        "ad": gettext("advertisement"),
        "answers": gettext("answers"),
        "campaign": gettext("campaign"),
        "channel": gettext("channel"),
        "event": gettext("event"),
        "file": gettext("file"),
        "form": gettext("form"),
        "mail": gettext("mail"),
        "minutes": gettext("minutes"),
        "outcome": gettext("outcome"),
        "page": gettext("page"),
        "seconds": gettext("seconds"),
        "source": gettext("source"),
        "stage": gettext("stage"),
        "typed_in": gettext("being typed in"),
        "way": gettext("way"),
    }.get(name, name)
