"""The registry of lines: for every kind of fact its words, its icon and the group it is filtered by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from treaty.kit.nouns import offered
from treaty.ledger.facts import KINDS, Side
from treaty.ledger.queries import Recorded


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that one filters a timeline by, each with its icon."""

    label: StrPromise
    icons: Mapping[str, str] = field(default_factory=dict)


GROUPS: dict[str, Group] = {
    "calls": Group(
        _("Calls and messages"), {"CallMade": "phone", "MessageWritten": "send", "MeetingHeld": "meeting"}
    ),
    "forms": Group(_("Forms"), {"FormSubmitted": "capture"}),
    "pages": Group(
        _("Pages and downloads"),
        {"PageSeen": "visit", "FileDownloaded": "download", "AdClicked": "campaigns"},
    ),
    "mails": Group(
        _("Mails and events"), {"MailOpened": "mail", "MailAnswered": "message", "EventAttended": "calendar"}
    ),
    "handovers": Group(
        _("Handovers"),
        {
            "LeadQualified": "star",
            "LeadOffered": "handovers",
            "LeadAccepted": "check",
            "AcceptanceUndone": "undo",
            "LeadReturned": "return",
            "LeadWithdrawn": "lock",
            "LeadHandedOn": "forward",
        },
    ),
    "deals": Group(
        _("Deals"),
        {
            "DealOpened": "deals",
            "DealMoved": "move",
            "DealChanged": "money",
            "DealWon": "done",
            "DealLost": "stop",
            "DealReopened": "refresh",
            "DealBinned": "trash",
            "DealRestored": "undo",
            "DealErased": "lock",
            "NextStepSet": "flag",
            "NextStepDone": "task",
        },
    ),
    "documents": Group(
        _("Documents"),
        {"DocumentAdded": "paperclip", "DocumentRemoved": "trash", "DocumentRestored": "undo"},
    ),
    "notes": Group(_("Notes"), {"NoteWritten": "note", "NoteBinned": "trash", "NoteRestored": "undo"}),
    "consents": Group(_("Consent"), {"ConsentGiven": "check", "ConsentWithdrawn": "stop"}),
    "record": Group(
        _("The record"),
        {
            "PersonAdded": "person",
            "PersonChanged": "edit",
            "PersonBinned": "trash",
            "PersonRestored": "undo",
            "PersonForgotten": "lock",
            "ImportUndone": "refresh",
            "CompanyChanged": "edit",
            "CompanyBinned": "trash",
            "CompanyRestored": "undo",
            "CompanyErased": "lock",
            "StageEntered": "goal",
            "OwnerAssigned": "assign",
            "Unsubscribed": "lock",
            "CallsRefused": "lock",
            "ContactAllowed": "open",
            "PersonsMerged": "merge",
            "PersonsSplit": "split",
            "SegmentEntered": "filter",
            "SegmentLeft": "filter",
        },
    ),
    "agreement": Group(
        _("The agreement"),
        {
            "VersionDrafted": "edit",
            "VersionProposed": "agreement",
            "VersionSigned": "sign",
            "VersionDeclined": "stop",
            "VersionWithdrawn": "archive",
            "VersionInForce": "agreement",
            "PromiseKept": "check",
            "PromiseBroken": "alert",
            "PromiseExcused": "pause",
        },
    ),
}
ICONS: dict[str, str] = {kind: icon for group in GROUPS.values() for kind, icon in group.icons.items()}
ABOUT_PERSONS = tuple(key for key in GROUPS if key != "agreement")
"""The groups that a person's timeline can hold."""
BY_FACT = frozenset({"capture"})
"""Nouns that word a fact without its line."""


@cache
def tellers() -> tuple[tuple[bool, Callable[..., str]], ...]:
    """Every noun's way to tell its facts, and whether it asks for the fact alone."""
    return tuple((noun in BY_FACT, told) for noun, told in offered("wording", "told"))


def words(line: Recorded) -> str:
    """What a line says, by the noun that knows its fact; empty where no noun does."""
    told = (str(tell(line.fact if by_fact else line)) for by_fact, tell in tellers())
    return next((sentence for sentence in told if sentence), "")


def icon(kind: str) -> str:
    """The drawing beside a line."""
    return ICONS.get(kind, "info")


@cache
def of_campaigns() -> frozenset[str]:
    """The kinds that say which campaign they came from."""
    return frozenset(kind for kind, fact in KINDS.items() if "campaign" in {one.name for one in fields(fact)})


def kinds_of(group: str, side: str, campaign: str = "") -> frozenset[str] | None:
    """The kinds that a filter lets through; None where it lets everything through."""
    if not group and not side and not campaign:
        return None
    chosen = GROUPS[group].icons if group else KINDS
    known = of_campaigns() if campaign else KINDS.keys()
    return frozenset(
        kind for kind in chosen if kind in known and (not side or KINDS[kind].side == Side(side))
    )
