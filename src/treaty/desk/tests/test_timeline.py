"""The registry of lines: every kind of fact that can be recorded has its words, its icon and its group."""

from datetime import UTC, datetime
from typing import Any

import pytest

from treaty.agreements import facts as agreements
from treaty.capture import facts as capture
from treaty.conversations import facts as conversations
from treaty.deals import facts as deals
from treaty.desk import timeline
from treaty.documents import facts as documents
from treaty.handovers import facts as handovers
from treaty.kit.nouns import modules
from treaty.ledger.facts import KINDS, Fact, about_identity
from treaty.ledger.queries import Recorded
from treaty.people import facts as people
from treaty.segments import facts as segments

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
VERDICT: dict[str, Any] = {
    "version": 1,
    "clause": "4.1",
    "obliged": "sales",
    "about": "handover:7",
    "due_at": "",
}
EXAMPLES: tuple[Fact, ...] = (
    people.PersonAdded("form"),
    people.PersonChanged(("title",)),
    people.CompanyChanged(("city",)),
    people.StageEntered("mql"),
    people.OwnerAssigned(3),
    people.Unsubscribed(),
    people.CallsRefused(),
    people.ContactAllowed("mail"),
    people.ConsentGiven(purpose=1, version=2, name="Newsletter", how="form"),
    people.ConsentWithdrawn(purpose=1, version=2, name="Newsletter", how="hand"),
    people.PersonBinned("hand"),
    people.PersonRestored("came"),
    deals.DealBinned("hand"),
    deals.DealRestored("hand"),
    deals.DealErased(),
    people.CompanyBinned("hand"),
    people.CompanyRestored("hand"),
    people.CompanyErased(),
    people.PersonForgotten("hand"),
    people.ImportUndone(4),
    people.PersonsMerged(merged=8, survivor=7, anchor=3, merge=1),
    people.PersonsSplit(person=7, other=8),
    segments.SegmentEntered(segment=1, name="Warm in Poland"),
    segments.SegmentLeft(segment=1, name="Warm in Poland"),
    capture.FormSubmitted("ask-for-a-price"),
    capture.PageSeen("/pricing"),
    capture.FileDownloaded("guide.pdf"),
    capture.MailOpened("Winter checks"),
    capture.MailAnswered("Winter checks"),
    capture.EventAttended("Webinar"),
    capture.AdClicked("Brine"),
    conversations.CallMade("reached"),
    conversations.MessageWritten("mail"),
    conversations.MeetingHeld("interested"),
    conversations.NoteWritten(),
    conversations.NoteBinned(7),
    conversations.NoteRestored(7),
    documents.DocumentAdded(4, "pdf"),
    documents.DocumentRemoved(4, "pdf"),
    documents.DocumentRestored(4, "pdf"),
    handovers.LeadQualified(1, "A1"),
    handovers.LeadOffered(handover=7, version=1, grade="A1", team=1, owner=3, qualified_at=""),
    handovers.LeadAccepted(7, 3),
    handovers.AcceptanceUndone(7),
    handovers.LeadReturned(7, "no_fit", "not_a_fit"),
    handovers.LeadWithdrawn(7),
    handovers.LeadHandedOn(7, 3, 4, "absent"),
    deals.DealOpened("new"),
    deals.DealMoved("new", "proposal"),
    deals.DealChanged(),
    deals.DealWon(),
    deals.DealLost(),
    deals.DealReopened("new"),
    deals.NextStepSet("call"),
    deals.NextStepDone("call"),
    agreements.VersionDrafted(1),
    agreements.VersionProposed(1, "0"),
    agreements.VersionSigned(1, "0", "marketing", "Head of marketing"),
    agreements.VersionDeclined(1, "sales"),
    agreements.VersionWithdrawn(1),
    agreements.VersionInForce(1),
    agreements.PromiseKept(**VERDICT),
    agreements.PromiseBroken(**VERDICT),
    agreements.PromiseExcused(**VERDICT),
)


def recorded(fact: Fact) -> Recorded:
    return Recorded(1, type(fact).__name__, fact, about_identity(1), AT, AT, AT)


def recordable() -> set[str]:
    """The kinds of the house that are recorded: not those that only stand above others, not those of tests."""
    list(modules("facts"))
    ours = {name: kind for name, kind in KINDS.items() if ".tests" not in kind.__module__}
    return {
        name
        for name, kind in ours.items()
        if kind.__module__.startswith("treaty.") and not kind.__subclasses__()
    }


def test_every_registered_kind_has_an_example_here_an_icon_and_a_group() -> None:
    kinds = recordable()
    assert {type(fact).__name__ for fact in EXAMPLES} == kinds
    assert set(timeline.ICONS) == kinds


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: type(fact).__name__)
def test_every_kind_says_a_sentence_and_not_its_own_name(fact: Fact) -> None:
    said = timeline.words(recorded(fact))
    assert said
    assert said != type(fact).__name__


def test_a_correction_says_what_was_corrected_but_not_to_what() -> None:
    told = [
        timeline.words(recorded(people.PersonChanged(fields)))
        for fields in (("city", "tags"), ("own.budget",), ())
    ]
    assert told == ["Corrected: city, tags", "Corrected: budget", "The record was corrected"]


def test_a_filter_lets_through_one_group_of_one_team() -> None:
    assert timeline.kinds_of("calls", "sales") == frozenset({"CallMade", "MessageWritten", "MeetingHeld"})
    assert timeline.kinds_of("calls", "marketing") == frozenset()
    assert timeline.kinds_of("", "") is None
    assert "FormSubmitted" in (timeline.kinds_of("", "marketing") or ())
