"""What belongs to the person of the stories: consents, work, and addresses with labels."""

from datetime import date, datetime, timedelta
from typing import Any

from treaty.capture.models import Form
from treaty.conversations import commands as conversations
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.documents.commands import add_document
from treaty.kit.rules.money import Money
from treaty.people import commands as people
from treaty.people.rules import CompanyDraft, ConsentDraft, PersonDraft

DAY = timedelta(days=1)


def belongings(person: int, ada: int, at: datetime) -> dict[str, Any]:
    """All of it; the ids that addresses name."""
    people.bin_persons([binned(at), binned(at, "مريم الصغير")], at=at - 3 * DAY, by=ada)
    works = people.add_company(CompanyDraft(name="Odlewnia Żeliwa Stara Huta"), at=at, by=ada).company_id
    people.bin_companies([works], at=at - 2 * DAY, by=ada)
    draft = DealDraft("Flow meters for the old hall", company=works, value=Money(125_000, "EUR"))
    deals.bin_deals([deals.open_deal(draft, at=at - 5 * DAY, by=ada)], at=at - 2 * DAY, by=ada)
    note = conversations.write_note(
        person, text="Asks for the price list of 2019 again.", at=at - DAY, by=ada
    )
    conversations.bin_notes([note.id], at=at, by=ada)
    kept = conversations.write_note(person, text="Sent us drawings of the old hall.", at=at - DAY, by=ada).id
    add_document("note", kept, name="old hall.txt", chunks=[b"A hall of steel."], at=at - DAY, by=ada)
    return {"note": kept, "purpose": consents(person, ada, at), "job": work(person, ada, at)}


def binned(at: datetime, name: str = "Kowalska, Zofia-Aleksandra z Gliwic") -> int:
    """Somebody for the bin."""
    draft = PersonDraft(name=name, emails=(f"buyer{sum(map(ord, name))}@kestrel.example",))
    return people.add_person(draft, at=at - 5 * DAY, by=None, source="hand").person_id


def consents(person: int, ada: int, at: datetime) -> int:
    """A purpose whose words changed after the person agreed, one it does not agree to any more, one nobody asked for."""
    told: dict[str, Any] = {"how": "hand", "by": ada}
    words = "Yes, send me the newsletter once a month. I can take this back at any time."
    letter = people.add_purpose("Newsletter", text=words, at=at - 9 * DAY, by=ada)
    calls = people.add_purpose(
        "Offers by phone", text="You may call me with offers.", at=at - 9 * DAY, by=ada
    )
    people.add_purpose("البيانات", text="أوافق على حفظ بياناتي.", at=at - 9 * DAY, by=ada)
    place = "https://www.odlewnia.example/newsletter"
    people.record_consent(person, ConsentDraft(letter, place=place), how="form", at=at - 8 * DAY, by=None)
    people.record_consent(person, ConsentDraft(calls), at=at - 8 * DAY, note="Said so at the fair.", **told)
    people.record_consent(person, ConsentDraft(calls, is_given=False), at=at - DAY, note="By phone.", **told)
    people.change_purpose(letter, name="Newsletter", text=f"{words} Offers are in it.", at=at - DAY, by=ada)
    Form.objects.update(consents=[letter, calls])
    return letter


def work(person: int, ada: int, at: datetime) -> int:
    """Where the person worked before, and what it does beside."""
    told: dict[str, Any] = {"at": at, "by": ada}
    before = people.add_company(CompanyDraft(name="Politechnika Śląska"), **told).company_id
    beside = people.add_company(CompanyDraft(name="مياه الخليج"), **told).company_id
    people.add_job(person, company=beside, title="Adviser", since=date(2024, 5, 1), is_main=False, **told)
    identity = people.add_identity(person, kind="email", value="pia@home.example", label="private", **told)
    people.invalidate_identity(person, identity=identity, **told)
    return people.add_job(
        person, company=before, title="Researcher", since=date(2015, 10, 1), until=date(2019, 9, 30), **told
    )
