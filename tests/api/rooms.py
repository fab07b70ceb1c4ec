"""Of every noun behind the API a thing that somebody owns, for the tests that ask who may reach what."""

from dataclasses import dataclass, replace

from treaty.capture.models import Form
from treaty.conversations.commands import bin_notes, write_note
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.documents.tests.factories import document
from treaty.fields.commands import FieldDraft, add_field
from treaty.fields.rules import Kind
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import NOW, buyer, lead
from treaty.imports.models import Import
from treaty.notices.models import Notice
from treaty.people.commands import (
    add_companies,
    add_identity,
    add_job,
    add_purpose,
    assign_owner,
    bin_companies,
    bin_persons,
    merge_persons,
    record_consent,
)
from treaty.people.models import Candidate, Company
from treaty.people.queries import held_identities, purposes
from treaty.people.rules import CompanyDraft, ConsentDraft
from treaty.segments import commands as segments
from treaty.segments.rules import parse
from treaty.staff.models import User
from treaty.webhooks import commands as webhooks
from treaty.webhooks.models import Delivery

NOTICE = {"person": "Pia", "grade": "A1", "due_at": NOW.isoformat()}
POLES = {"version": 1, "match": {"attribute": "country", "is": "PL"}}


@dataclass(frozen=True)
class Room:
    """The ids of what belongs to one user, under the names that addresses give them."""

    person: int
    company: int
    deal: int
    handover: int
    pair: int
    merge: int
    notice: int
    identity: int
    job: int
    binned: int
    binned_company: int
    binned_deal: int
    note: int
    binned_note: int
    document: int


def room(owner: User) -> Room:
    """A person, a company, a deal, a lead, a pair, a merge and a notice of one user."""
    name = owner.name
    persons = [buyer(f"{name} {one}").pk for one in ("One", "Two", "Three", "Four")]
    assign_owner(persons, owner=owner.pk, at=NOW, by=None)
    for one in purposes():
        record_consent(persons[0], ConsentDraft(one.id), how="hand", at=NOW, by=owner.pk)
    notes = [
        write_note(persons[0], text=text, at=NOW, by=owner.pk).id for text in ("Likes tea.", "Hates tea.")
    ]
    add_companies([CompanyDraft(name=f"{name} Works", owner=owner.pk)], at=NOW, by=None)
    draft = DealDraft(name=f"{name} Meters", person=persons[0], owner=owner.pk, stage="new")
    offered = lead(buyer(f"{name} Five"))
    Handover.objects.filter(pk=offered.pk).update(owner=owner.pk, team=owner.team_id)
    pair = Candidate.objects.create(
        one_id=persons[0], other_id=persons[1], bits=12.0, reasons=[["name", "same", 9.0]], found_at=NOW
    )
    merged = merge_persons(persons[2], merged=persons[3], at=NOW, by=None)
    notice = Notice.objects.create(
        user=owner, key=f"test:{name}", kind="lead_offered", values=NOTICE, url="/", created_at=NOW
    )
    add_identity(persons[0], kind="email", value=f"{name}@example.com".lower(), at=NOW, by=None)
    company = Company.objects.get(name=f"{name} Works").pk
    return Room(
        persons[0],
        company,
        deals.open_deal(draft, at=NOW, by=owner.pk),
        offered.pk,
        pair.pk,
        merged.id,
        notice.pk,
        held_identities(persons[0])[-1][0],
        add_job(persons[0], company=company, at=NOW, by=None),
        _binned(owner),
        _binned_company(owner),
        deals.bin_deals([deals.open_deal(replace(draft, person=None), at=NOW, by=None)], at=NOW, by=None)[0],
        notes[0],
        bin_notes(notes[1:], at=NOW, by=None)[0],
        document("person", persons[0], by=owner.pk),
    )


def _binned(owner: User) -> int:
    """A person of a user in the bin."""
    person = buyer(f"{owner.name} Binned").pk
    assign_owner([person], owner=owner.pk, at=NOW, by=None)
    return bin_persons([person], at=NOW, by=None)[0]


def _binned_company(owner: User) -> int:
    """A company of a user in the bin."""
    [added] = add_companies([CompanyDraft(name=f"{owner.name} Gone", owner=owner.pk)], at=NOW, by=None)
    return bin_companies([added.company_id], at=NOW, by=None)[0]


@dataclass(frozen=True)
class Hall:
    """The ids of what belongs to all."""

    segment: int
    endpoint: int
    delivery: int
    form: int
    run: int
    purpose: int
    field: int
    number: int = 1
    option: int = 1


def hall() -> Hall:
    """A segment, an endpoint with a message, a form, the run of an import, and a field."""
    segment = segments.add_segment("Poles", tree=parse(POLES), at=NOW, by=None)
    endpoint, _secret = webhooks.add_endpoint(
        "Shop", url="https://shop.example.com/hook", kinds=["DealWon"], at=NOW, by=None
    )
    message = Delivery.objects.create(
        endpoint_id=endpoint, message="msg_1", kind="DealWon", body="{}", next_try_at=NOW, created_at=NOW
    )
    field = {"name": "email", "label": "Mail", "kind": "email", "required": True}
    form = Form.objects.create(key="price", name="Price", fields=[field], thanks="Thanks", created_at=NOW)
    run = Import.objects.create(kind="persons", file_name="persons.csv", sha256="0" * 64, started_at=NOW)
    purpose = add_purpose("Newsletter", text="I want your newsletter.", at=NOW, by=None)
    plan = add_field(FieldDraft("person", "Plan", Kind.CHOICE, options=("Gold",)), at=NOW, by=None)
    return Hall(segment, endpoint, message.pk, form.pk, run.pk, purpose, plan)
