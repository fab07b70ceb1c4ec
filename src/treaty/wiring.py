"""The nervous system on one page: which fact is heard by whom, in written order, within the fact's own transaction."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from treaty.agreements import facts as agreements
from treaty.agreements import margins
from treaty.agreements import queries as agreements_read
from treaty.agreements.projections import verdict_listener
from treaty.agreements.queries.lake import LAKE as VERDICTS
from treaty.capture import facts as capture
from treaty.conversations import facts as conversations
from treaty.conversations import queries as notes
from treaty.conversations.projections import forget_notes, note_listener
from treaty.deals import queries as deals
from treaty.deals.commands import follow_merges as move_deals
from treaty.deals.commands import forget_texts
from treaty.deals.facts import DealErased
from treaty.deals.queries.lake import LAKE as DEALS
from treaty.documents import queries as documents
from treaty.documents.commands import take_into_field
from treaty.fields import queries as fields
from treaty.fields.rules import Kind as FieldKind
from treaty.handovers import facts as handovers
from treaty.handovers import queries as handovers_read
from treaty.handovers.commands import (
    follow_binning,
    follow_forgetting,
    follow_restoring,
    follow_touches,
    qualify_listener,
)
from treaty.handovers.commands import follow_merges as move_handovers
from treaty.imports.commands import forget_changes, forget_erased, forget_in_files
from treaty.kit.fields import CHOICE, Field
from treaty.kit.lists import Action, Column
from treaty.kit.markup import grade
from treaty.ledger import listeners
from treaty.ledger.facts import Fact
from treaty.ledger.listeners import Ahead, Listener
from treaty.people import facts as people
from treaty.people import queries as person_queries
from treaty.people.commands import stage_listener
from treaty.people.projections import refold_consents_listener
from treaty.people.projections import refold_listener as refold_person
from treaty.people.queries import Person, offer_action, show_column, show_field
from treaty.people.rules import Stage
from treaty.scoreboard.queries.margins import provider as live_margins
from treaty.scoring import queries as scoring
from treaty.scoring.projections import company_listener as score_staff_of
from treaty.scoring.projections import merge_listener as score_merged
from treaty.scoring.projections import refold_listener as score
from treaty.search import queries as search
from treaty.search.rules import Kind
from treaty.segments import facts as segments
from treaty.segments import queries as segment_queries
from treaty.segments.projections import company_listener as ask_staff_again
from treaty.segments.projections import history_listener as history_grew
from treaty.segments.projections import merge_listener as segments_merged
from treaty.segments.projections import touch_listener as ask_again
from treaty.segments.queries.segments import asked_any as asked_segments
from treaty.warehouse import queries as warehouse
from treaty.webhooks.commands import forget_echoes

BUYER_CAME: tuple[Listener, ...] = (stage_listener(Stage.LEAD), score, qualify_listener, ask_again)
"""A buyer did something: the person becomes a lead, is scored, and is offered if the definition is met."""

WE_REACHED_OUT: tuple[Listener, ...] = (score, follow_touches, ask_again, note_listener)
"""Somebody of ours tried to reach a person: the clocks of first touch stop, and what was noted can be found."""

PERSON_CHANGED: tuple[Listener, ...] = (score, ask_again)
"""Something that we keep of a person was changed."""

PERSON_STANDS: tuple[Listener, ...] = (refold_person, score, ask_again)
"""Something about the person as such: the row is folded anew, and scored where the model asks for it."""

CONSENT_TOLD: tuple[Listener, ...] = (refold_consents_listener, score, ask_again)
"""A person agreed to something, or does not any more."""

PERSONS_MOVED: tuple[Listener, ...] = (
    refold_person,
    move_deals,
    move_handovers,
    score_merged,
    segments_merged,
)
"""Two records became one person, or one became two: what refers to a person goes where the person went."""

PERSON_BINNED: tuple[Listener, ...] = (follow_binning, ask_again)
"""A person goes into the bin: what is owed to it ends without blame, and it leaves its segments."""

PERSON_RESTORED: tuple[Listener, ...] = (score, follow_restoring, ask_again)
"""A person comes back from the bin: it is scored and asked again, and offered again if its lead ended there."""

PERSON_FORGOTTEN: tuple[Listener, ...] = (
    refold_person,
    score,
    forget_texts,
    forget_notes,
    follow_forgetting,
    ask_again,
    forget_changes,
    forget_in_files,
    forget_echoes,
)
"""What was readable of a person is gone: every noun that holds something readable erases it, and open leads end."""

WIRES: dict[type[Fact], tuple[Listener, ...]] = {
    people.PersonAdded: (refold_person, score, ask_again),
    people.PersonChanged: PERSON_CHANGED,
    people.CompanyChanged: (score_staff_of, ask_staff_again),
    people.StageEntered: PERSON_STANDS,
    people.OwnerAssigned: PERSON_STANDS,
    people.Unsubscribed: PERSON_STANDS,
    people.CallsRefused: PERSON_STANDS,
    people.ContactAllowed: PERSON_STANDS,
    people.ConsentGiven: CONSENT_TOLD,
    people.ConsentWithdrawn: CONSENT_TOLD,
    people.PersonBinned: PERSON_BINNED,
    people.PersonRestored: PERSON_RESTORED,
    people.PersonForgotten: PERSON_FORGOTTEN,
    people.PersonsMerged: PERSONS_MOVED,
    people.PersonsSplit: PERSONS_MOVED,
    capture.FormSubmitted: BUYER_CAME,
    capture.PageSeen: BUYER_CAME,
    capture.FileDownloaded: BUYER_CAME,
    capture.MailOpened: BUYER_CAME,
    capture.MailAnswered: BUYER_CAME,
    capture.EventAttended: BUYER_CAME,
    capture.AdClicked: BUYER_CAME,
    handovers.LeadQualified: (stage_listener(Stage.MQL), ask_again),
    handovers.LeadOffered: (ask_again,),
    handovers.LeadAccepted: (stage_listener(Stage.SAL), ask_again),
    handovers.AcceptanceUndone: (ask_again,),
    handovers.LeadReturned: (ask_again,),
    handovers.LeadHandedOn: (ask_again,),
    conversations.CallMade: WE_REACHED_OUT,
    conversations.MessageWritten: WE_REACHED_OUT,
    conversations.MeetingHeld: WE_REACHED_OUT,
    conversations.NoteWritten: (history_grew, note_listener),
    segments.SegmentEntered: (history_grew,),
    segments.SegmentLeft: (history_grew,),
    DealErased: (forget_erased,),
    agreements.PromiseKept: (verdict_listener,),
    agreements.PromiseBroken: (verdict_listener,),
    agreements.PromiseExcused: (verdict_listener,),
}


ASKED: dict[tuple[Listener, ...], tuple[Ahead, ...]] = {
    BUYER_CAME: (
        person_queries.asked_behind,
        scoring.asked_model,
        agreements_read.asked_in_force,
        asked_segments,
    ),
    WE_REACHED_OUT: (person_queries.asked_behind, scoring.asked_model, asked_segments),
    PERSON_CHANGED: (person_queries.asked_behind, scoring.asked_model, asked_segments),
    PERSON_STANDS: (scoring.asked_model, asked_segments),
}
"""What they ask about every single fact: on PostgreSQL it is answered along with writing the fact down."""


def connect() -> None:
    """Hand the ledger its listeners, and lower nouns what higher ones know for their pages."""
    listeners.connect(WIRES, ASKED)
    margins.register(live_margins)
    search.register(Kind.PERSON, person_queries.person_entries, person_queries.persons_behind)
    search.register(Kind.COMPANY, person_queries.company_entries, person_queries.companies_behind)
    search.register(Kind.DEAL, deals.entries, deals.deals_behind)
    search.register(Kind.NOTE, notes.note_entries, notes.notes_behind)
    search.register(Kind.DOCUMENT, documents.document_entries, documents.documents_behind)
    documents.register("note", notes.note_holder())
    documents.register("person", person_queries.person_holder())
    documents.register("company", person_queries.company_holder())
    documents.register("deal", deals.deal_holder())
    deals.register_leads(handovers_read.is_lead)
    segment_queries.register(scoring.states, scoring.scored, deals.as_asked)
    warehouse.register(DEALS)
    warehouse.register(VERDICTS)
    show_field(
        Field(key="segment", label=_("Segment"), kind=CHOICE, choices=segments_known, means=in_segment)
    )
    fields.register(FieldKind.PERSON, person_queries.Persons())
    fields.register(FieldKind.COMPANY, person_queries.Companies())
    fields.register(FieldKind.FILE, documents.Files())
    fields.offer(FieldKind.FILE, documents.on_records)
    fields.receive(FieldKind.FILE, take_into_field, documents.form_of)
    offer_action(Action(_("Offer to sales"), "/people/bulk/handovers.offer"), handovers_read.may_offer)
    show_column(Column("grade", _("Grade"), values=grades, draw=lambda _row, value: grade(value)))


def grades(rows: Sequence[Person]) -> dict[int, str]:
    """The grade of each person of a list."""
    return scoring.grades([row.pk for row in rows])


def segments_known() -> list[tuple[str, str]]:
    """The segments one may ask for."""
    return [(str(one.id), one.name) for one in segment_queries.followed()]


def in_segment(number: str) -> Q:
    """The condition that a person is in a segment."""
    return Q(pk__in=segment_queries.members_of(int(number)))
