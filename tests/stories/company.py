"""A small company at work: one of everything that has a page, made by the verbs that people use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn

from tests.stories import documents
from tests.stories.belongings import belongings
from tests.stories.passkeys import registration
from treaty.agreements import queries as agreements
from treaty.agreements.rules import Volume
from treaty.agreements.tests import factories as agreement
from treaty.capture import commands as capture
from treaty.capture.models import Form
from treaty.conversations import commands as conversations
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.fields import commands as fields
from treaty.fields.commands import FieldDraft
from treaty.fields.rules import Kind as FieldKind
from treaty.handovers import commands as handovers
from treaty.handovers.models import Handover
from treaty.imports.commands import import_persons, keep_plan, keep_upload
from treaty.imports.models import Import
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.kit import jobs
from treaty.kit.commands import save_view
from treaty.kit.commands.bulk import Outcome, begin_bulk, work_off
from treaty.kit.rules.money import Money
from treaty.mail import commands as mail
from treaty.mail.models import OutgoingMail
from treaty.notices import commands as notices
from treaty.notices.models import Notice
from treaty.people import commands as people
from treaty.people.queries import identities_of, open_pairs, visible_persons
from treaty.people.queries.candidates import next_candidate
from treaty.people.rules import CompanyDraft, PersonDraft, Stage
from treaty.retention import commands as retention
from treaty.retention.rules import Kind as Retained
from treaty.segments import commands as segments
from treaty.segments.projections import fill
from treaty.segments.rules import parse
from treaty.staff import commands as staff
from treaty.staff.commands import Times
from treaty.staff.models import ApiKey, Invitation, User
from treaty.staff.rules import SCOPES
from treaty.staff.tests import factories as cast
from treaty.webhooks import commands as webhooks

ROUND_THE_CLOCK = tuple((weekday, 0, 24 * 60) for weekday in range(7))
"""Shifts of a company that never closes: clocks run whenever these stories run."""

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BUYERS = (
    ("Pia Kowalska", "Odlewnia Śląska", "pl"),
    ("Nguyễn Minh Anh", "Sông Hồng Filtration", "vi"),
    ("佐藤 健太", "佐藤計器", "ja"),
    ("يوسف المنصور", "المنصور للمياه", "ar"),
    ("Chiara Ferrari", "Ferrari Acque e Impianti di Depurazione", "it"),
    ("Paul Nowak", "Nowak Chemie", "de"),
    ("Sara Benali", "Benali Brine", "fr"),
)


@dataclass
class Company:
    """Who works here, and the ids that addresses name."""

    users: dict[str, User]
    ids: dict[str, Any]
    at: datetime


def prepared() -> dict[str, User]:
    """The cast in a company that never closes."""
    users = {
        "ada": cast.admin(),
        "ann": cast.ann(),
        "bo": cast.bo(),
        "cy": cast.cy(),
        "mia": cast.mia(),
        "mara": cast.head_of_marketing(),
        "saul": cast.head_of_sales(),
        "olu": cast.user("Olu", "onlooker"),
    }
    staff.set_schedule("company", 0, times=Times("UTC", ROUND_THE_CLOCK), at=cast.SINCE, by=None)
    capture.prepare(cast.SINCE)
    deals.prepare(at=cast.SINCE)
    return users


def company(folder: Path) -> Company:
    """All of it; files lie in the folder."""
    at = datetime.now(UTC)
    made = Company(prepared(), {}, at)
    _agreement(made)
    _work(made)
    made.ids |= documents.kept(made.ids["person"], made.ids["deal_id"], at=at, by=made.users["ann"].pk)
    _machinery(made, folder)
    _second_factor(made)
    return made


def _agreement(made: Company) -> None:
    """One version in force since last month, one proposed, one drafted."""
    terms: dict[str, Any] = {"volume": Volume(leads=7, of_grade_a=0)}
    made.ids["version"] = agreement.agreement(made.at - 40 * DAY, **terms).number
    agreement.proposed(made.at - 2 * HOUR, **terms)
    agreement.draft(made.at - HOUR, **terms)
    numbers = {str(row.state): row.number for row in agreements.versions(made.at)}
    made.ids |= {"number": made.ids["version"], "proposed": numbers["proposed"], "draft": numbers["draft"]}


def buyer(name: str, company_name: str, language: str, at: datetime, owner: User | None = None) -> int:
    """A person with a company, reachable and described."""
    number = sum(map(ord, name))
    draft = PersonDraft(
        name=name,
        emails=(f"buyer{number}@odlewnia.example",),
        phones=(f"+4832{number:07d}",),
        company=company_name,
        title="Head of process engineering",
        country="PL",
        city="Gliwice",
        language=language,
        interest="FM-40 flow meters",
        channel="paid_search",
        tags=("fair 2026",),
        owner=owner.pk if owner else None,
        stage=Stage.LEAD,
    )
    return people.add_person(draft, at=at, by=None, source="form").person_id


def _work(made: Company) -> None:
    """Leads in every state, with what was said to them, and deals in every state."""
    at, ann = made.at, made.users["ann"]
    begun = [buyer(name, firm, language, at - 3 * DAY) for name, firm, language in BUYERS]
    leads = handovers.offer(begun[:5], at=at - 3 * DAY, by=None)
    owners = dict(Handover.objects.filter(pk__in=leads).values_list("pk", "owner"))
    for lead, after in zip(leads[:3], (HOUR, 2 * HOUR, 30 * HOUR), strict=True):
        handovers.accept(lead, at=at - 3 * DAY + after, by=owners[lead])
    handovers.sweep_clocks(at - DAY)
    handovers.return_lead(leads[3], reason="later", note="After the fair.", at=at - DAY, by=owners[leads[3]])
    _talks(begun, ann, at)
    (fresh,) = handovers.offer(begun[5:6], at=at - HOUR / 2, by=None)
    for row in Handover.objects.filter(pk__in=[leads[4], fresh]).exclude(owner=ann).order_by("pk"):
        handovers.hand_on(row.pk, to=ann.pk, cause="declined", at=at - HOUR / 4, by=made.users["saul"].pk)
    handovers.sweep_clocks(at)
    firm = people.add_company(
        CompanyDraft(name="Huta Wschód", sector="Metals", employees=220), at=at, by=None
    ).company_id
    made.ids |= {
        "person": begun[0],
        "person_id": begun[0],
        "identity": identities_of([begun[0]])[begun[0]][0],
        "company": firm,
        "handover_id": fresh,
        "accepted": leads[0],
        "returned": leads[3],
        "broken": leads[2],
    }
    _deals(made, begun, ann)
    _duplicates(made, begun[0])
    _segment(made)
    _fields(made)
    made.ids |= belongings(made.ids["person"], made.users["ada"].pk, made.at)


def _fields(made: Company) -> None:
    """Fields of the company's own, filled for Pia and her deal; one of them is out of use."""
    told: dict[str, Any] = {"at": made.at, "by": made.users["ada"].pk}
    plan = FieldDraft("person", "Plan", FieldKind.CHOICE, "What she buys.", ("Gold", "Silver", "ذهب"))
    made.ids |= {"field": fields.add_field(plan, **told), "option": 1}
    for record, name, kind in (
        ("person", "Yearly budget", FieldKind.MONEY),
        ("person", "Introduced by", FieldKind.PERSON),
        ("person", "Contract until", FieldKind.DATE),
        ("company", "Meters in use", FieldKind.NUMBER),
        ("deal", "Tender number", FieldKind.TEXT),
    ):
        fields.add_field(FieldDraft(record, name, kind), **told)
    fields.retire_field(fields.add_field(FieldDraft("person", "Fax", FieldKind.TEXT), **told), **told)
    budget = {"minor": 1_250_000, "currency": "EUR"}
    own = {"plan": "gold", "yearly_budget": budget, "introduced_by": made.ids["person"]}
    people.change_person(made.ids["person"], changes={}, own=own, **told)
    people.change_company(made.ids["company"], changes={}, own={"meters_in_use": 1200}, **told)
    deals.change_deal(made.ids["deal_id"], fields={"tender_number": "2026/77"}, **told)


def _segment(made: Company) -> None:
    """Everybody with an address is in a segment."""
    tree = parse({"match": {"attribute": "has_email", "is": True}})
    made.ids["segment"] = segments.add_segment("May be written to", tree=tree, at=made.at, by=None)
    fill(made.ids["segment"], made.at)


def _duplicates(made: Company, pia: int) -> None:
    """Pia came again twice: once that was found out and merged, once that waits to be decided."""
    at = made.at
    again = buyer("Pia Kowalska-Nowak", "Odlewnia Śląska", "pl", at - DAY)
    merge = people.merge_persons(pia, merged=again, at=at - HOUR, by=made.users["ada"].pk)
    made.ids["merge"] = merge.id
    buyer("Pia Kowalsky", "Odlewnia Śląska S.A.", "de", at - HOUR)
    people.Scan().step(at=at)
    (pair,) = open_pairs(1)
    made.ids["candidate"] = next_candidate(made.users["ada"])
    assert pia in {pair.one, pair.other}


def _talks(begun: list[int], ann: User, at: datetime) -> None:
    """What was said to the buyers."""
    spoken: dict[str, Any] = {"at": at - 2 * DAY, "by": ann.pk}
    conversations.log_call(
        begun[0], outcome="reached", minutes=12, note="Wants a visit in Gliwice.", **spoken
    )
    conversations.log_message(begun[1], way="mail", note="Sent the data sheet.", **spoken)
    conversations.log_meeting(begun[0], outcome="interested", minutes=50, **spoken)
    conversations.write_note(begun[0], text="Prefers mornings.", at=at - DAY, by=ann.pk)


def _deals(made: Company, begun: list[int], ann: User) -> None:
    """Two open deals, one of them with a next step that is due; one won, one lost."""
    at, ids = made.at, []
    for number, person in enumerate(begun[:4]):
        worth = Money(1_830_000 + 79_000 * number, "EUR") if number != 1 else None
        draft = DealDraft(f"FM-{number + 4}0, {BUYERS[number][0]}", person=person, owner=ann.pk, value=worth)
        ids.append(deals.open_deal(draft, at=at - 2 * DAY, by=ann.pk))
    step: dict[str, Any] = {
        "kind": "call",
        "text": "Confirm the site visit",
        "due": at + HOUR,
        "at": at - DAY,
    }
    deals.set_next_step(ids[0], **step, by=ann.pk)
    deals.win(ids[2], at=at - HOUR, by=ann.pk, reason="The fastest answer")
    deals.lose(ids[3], reason="price", at=at - HOUR, by=ann.pk)
    made.ids |= {"deal_id": ids[0], "won": ids[2], "lost": ids[3]}


def _machinery(made: Company, folder: Path) -> None:
    """Rows of what the settings show: jobs, mail, notices, imports, keys, absences, invitations."""
    at, ada, ann = made.at, made.users["ada"], made.users["ann"]
    notices.tell(
        [ada.pk, ann.pk],
        kind="job_done",
        key="story",
        values={"title": "Import of persons.csv", "reason": ""},
        url="/imports/",
        at=at,
    )
    mail.send("pia@odlewnia.example", "Welcome", "Good morning", key="story", at=at - HOUR)
    OutgoingMail.objects.filter(key="story").update(state="dead", error="550 no such mailbox", attempts=8)
    link = staff.invite(
        "rui@kestrel.example",
        name="Rui",
        role=cast.role("marketer").pk,
        team=made.users["mia"].team_id,
        at=at,
        by=ada.pk,
    )
    absence = staff.record_absence(
        ann.pk, starts_at=at + DAY, ends_at=at + 3 * DAY, reason="Holiday", at=at, by=ada.pk
    )
    _webhooks(made)
    retention.set_rule(Retained.TEXTS, months=36, at=at, by=ada.pk)
    made.ids |= {f"retention_{kind}": kind.value for kind in Retained}
    staff.issue_key("Website", owner=ada.pk, scopes=SCOPES[:2], at=at, by=ada.pk)
    _imports(made, folder)
    made.ids |= {"absence_id": absence, "token": link.rstrip("/").rpartition("/")[2]} | _of_rows(made)
    view = save_view(
        "people", name="Leads by name", query="stage=lead", scope="all", team=None, at=at, by=ada.pk
    )
    made.ids |= {"bulk": _bulk(made), "verb": "people.owner", "view": view, "kind": "texts"}


def _imports(made: Company, folder: Path) -> None:
    """One that ended, one that waits for the worker, and a file whose columns are told."""
    at, ada = made.at, made.users["ada"]
    file = folder / "persons.csv"
    file.write_text("name,email\nRosa Lima,rosa@lima.example\nNobody,not an address\n")
    table = opened(file)
    import_persons(table, guessed(table.header), at=at, by=ada.pk)
    work = {"path": str(file), "dry_run": True, "offer": False, "by": ada.pk}
    made.ids["upload"] = keep_upload(file.name, [file.read_bytes()], at=at).parent.name
    made.ids["job_id"] = jobs.start("import_persons", "Import of persons.csv", work, by=ada.pk)
    plan = {
        "columns": {"0": "name", "1": "email"},
        "offer": False,
        "read_as": {},
        "rules_told": {},
        "fixes": {},
    }
    keep_plan(made.ids["upload"], plan)


def _bulk(made: Company) -> int:
    """A verb for two persons, one of whom it failed for."""
    rows = visible_persons(made.users["ada"]).order_by("pk")[:2]
    number, _total = begin_bulk(
        "people.stage",
        title="Move persons to a stage",
        arguments={"stage": "lead"},
        rows=rows,
        at=made.at,
        by=made.users["ada"].pk,
    )

    def step(kept: Mapping[int, object]) -> Outcome:
        first, *rest = kept
        return Outcome(dict.fromkeys(rest, "lead"), {first: "A customer stays one."})

    work_off(number, step, limit=10)
    return number


def _webhooks(made: Company) -> None:
    """An endpoint that took one message and is failing now, and one that nothing was sent to."""
    at, ada = made.at, made.users["ada"]
    webhooks.add_endpoint("ERP", url="https://erp.example/hooks", kinds=["DealWon"], at=at, by=ada.pk)
    made.ids["endpoint_id"], _secret = webhooks.add_endpoint(
        "Shop", url="https://shop.example/hooks/treaty", kinds=["LeadAccepted", "CallMade"], at=at, by=ada.pk
    )
    webhooks.send_again_since(made.ids["endpoint_id"], since=at - 365 * DAY, at=at, by=ada.pk)
    webhooks.queue_facts(at)
    taken, refused, *_rest = webhooks.take_due(at=at)
    webhooks.record_result(taken, webhooks.Result(200, 38, "taken"), at=at)
    webhooks.record_result(refused, webhooks.Result(503, 15_004, "<h1>Service unavailable</h1>"), at=at)
    made.ids["delivery_id"] = refused.id


def _of_rows(made: Company) -> dict[str, Any]:
    """What the addresses of these rows need."""
    ada, ann = made.users["ada"], made.users["ann"]
    form = Form.objects.get()
    return {
        "mail_id": OutgoingMail.objects.get(key="story").pk,
        "invitation_id": Invitation.objects.get(email="rui@kestrel.example").pk,
        "key_id": ApiKey.objects.get().pk,
        "run_id": Import.objects.get().pk,
        "form_id": form.pk,
        "key": form.key,
        "way": "calls",
        "notice_id": Notice.objects.get(key="story", user=ada).pk,
        "user_id": ann.pk,
        "team_id": ann.team_id,
        "role_id": ann.role_id,
        "scope": "user",
        "scope_id": ann.pk,
    }


def _second_factor(made: Company) -> None:
    """Olu signs in with a second factor, and has asked for a new password."""
    olu = made.users["olu"]
    secret = generate_totp_secret()
    TOTP.activate(olu, secret)
    RecoveryCodes.activate(olu)
    made.ids |= {
        "passkey": WebAuthn.add(olu, "Olu's phone", registration()).instance.pk,
        "secret": secret,
        "uidb36": user_pk_to_url_str(olu),
        "reset_key": default_token_generator.make_token(olu),
    }
