"""Consent per purpose: given and taken back, by hand, form, import and API; merged, parted, undone, forgotten, taken along."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.api.world import caller
from treaty.capture.commands import FormDraft, add_form
from treaty.capture.models import Form
from treaty.imports.commands import import_persons, undo_import
from treaty.imports.leaving import write_persons
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.ledger.queries import history
from treaty.people import commands, projections, queries
from treaty.people.models import Consent, Person, PurposeText
from treaty.people.queries import Asked
from treaty.people.rules import ConsentDraft, PersonDraft
from treaty.people.tests.factories import person, pia
from treaty.staff.models import AuditRow, User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def purpose(name: str = "Newsletter", text: str = "I want your newsletter.") -> int:
    return commands.add_purpose(name, text=text, at=AT - 9 * HOUR, by=None)


def agree(one: Person, to: int, at: datetime = AT, **told: Any) -> bool:
    return commands.record_consent(one.pk, ConsentDraft(to, **told), how="hand", at=at, by=None)


def told(one: int) -> dict[str, Asked]:
    return {row.name: row for row in queries.consents_of(one)}


def kinds(one: int) -> list[str]:
    return [line.kind for line in history(queries.subjects_of(one)) if line.kind.startswith("Consent")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, one: int) -> str:
    return str(client.get(f"/people/{one}/").content.decode())


def test_a_consent_keeps_the_words_that_were_shown() -> None:
    letter, buyer = purpose(), pia()
    assert agree(buyer, letter)
    commands.change_purpose(letter, name="Our letter", text="I want the letter and offers.", at=AT, by=None)
    row = told(buyer.pk)["Our letter"]
    assert (row.is_given, row.shown, row.shown_version) == (True, "I want your newsletter.", 1)
    assert (row.text, row.version, row.is_older) == ("I want the letter and offers.", 2, True)
    assert agree(buyer, letter, AT + HOUR, version=2)
    assert not told(buyer.pk)["Our letter"].is_older
    assert kinds(buyer.pk) == ["ConsentGiven", "ConsentGiven"]


def test_words_that_did_not_change_make_no_version() -> None:
    letter = purpose()
    assert commands.change_purpose(letter, name="Letter", text="I want your newsletter.", at=AT, by=None) == 1
    assert PurposeText.objects.filter(purpose=letter).count() == 1


def test_two_purposes_do_not_share_a_name() -> None:
    purpose()
    with pytest.raises(commands.PurposeKnown):
        purpose("newsletter")


def test_what_is_said_twice_is_written_once_and_history_stays() -> None:
    letter, buyer = purpose(), pia()
    assert agree(buyer, letter)
    assert not agree(buyer, letter, AT + HOUR)
    assert agree(buyer, letter, AT + HOUR, is_given=False)
    assert not agree(buyer, letter, AT + 2 * HOUR, is_given=False)
    assert told(buyer.pk)["Newsletter"].is_given is False
    assert kinds(buyer.pk) == ["ConsentGiven", "ConsentWithdrawn"]
    assert AuditRow.objects.filter(verb="consent_withdrawn", about_id=buyer.pk).exists()


@pytest.mark.parametrize("version", [0, 2])
def test_nobody_agrees_to_words_that_were_never_written(version: int) -> None:
    letter, buyer = purpose(), pia()
    with pytest.raises(commands.NoSuchPurpose):
        agree(buyer, letter, version=version)
    with pytest.raises(commands.NoSuchPurpose):
        agree(buyer, letter + 1)
    assert kinds(buyer.pk) == []


def test_a_late_consent_does_not_undo_a_withdrawal() -> None:
    letter, buyer = purpose(), pia()
    agree(buyer, letter, AT - 2 * HOUR)
    agree(buyer, letter, AT, is_given=False)
    assert not commands.record_consent(
        buyer.pk, ConsentDraft(letter, at=AT - HOUR), how="api", at=AT + HOUR, by=None
    )
    assert told(buyer.pk)["Newsletter"].is_given is False


def test_predicates_and_lists_know_who_agrees() -> None:
    letter, buyer, other = purpose(), pia(), person("Rosa Lima")
    agree(buyer, letter)
    agree(other, letter)
    agree(other, letter, AT + HOUR, is_given=False)
    assert queries.attributes([buyer.pk, other.pk])[buyer.pk]["consents"] == ["newsletter"]
    assert queries.attributes([buyer.pk, other.pk])[other.pk]["consents"] == []
    assert list(Person.objects.filter(queries.agreeing("newsletter")).values_list("pk", flat=True)) == [
        buyer.pk
    ]


def test_a_merge_joins_consents_and_undoing_parts_them() -> None:
    letter, offers, buyer, other = purpose(), purpose("Offers", "Offers, yes."), pia(), person("P. Kowalska")
    agree(buyer, letter)
    agree(other, letter, AT + HOUR, is_given=True)
    agree(other, letter, AT + 2 * HOUR, is_given=False)
    agree(other, offers)
    merged = commands.merge_persons(buyer.pk, merged=other.pk, at=AT + 3 * HOUR, by=None)
    assert [told(buyer.pk)[name].is_given for name in ("Newsletter", "Offers")] == [False, True]
    commands.undo_merge(merged.id, at=AT + 4 * HOUR, by=None)
    assert [told(buyer.pk)[name].is_given for name in ("Newsletter", "Offers")] == [True, None]
    assert [told(other.pk)[name].is_given for name in ("Newsletter", "Offers")] == [False, True]


def test_who_is_split_off_agreed_to_nothing_yet() -> None:
    letter, buyer = purpose(), pia(emails=("a@example.com", "b@example.com"))
    agree(buyer, letter)
    (identity,) = [
        one for one, value in queries.candidates.held_identities(buyer.pk) if value == "b@example.com"
    ]
    other = commands.split_person(buyer.pk, identities=[identity], name="Bea", at=AT + HOUR, by=None)
    assert (told(buyer.pk)["Newsletter"].is_given, told(other)["Newsletter"].is_given) == (True, None)


def test_forgetting_empties_what_is_personal_and_leaves_that_it_happened() -> None:
    letter, buyer = purpose(), pia()
    commands.record_consent(
        buyer.pk, ConsentDraft(letter), how="hand", at=AT, by=None, note="Her sister rang."
    )
    assert told(buyer.pk)["Newsletter"].note == "Her sister rang."
    commands.forget_person(buyer.pk, at=AT + HOUR, by=None)
    assert told(buyer.pk)["Newsletter"].is_given is None
    assert kinds(buyer.pk) == ["ConsentGiven"]
    assert "Her sister rang." not in str(queries.known_of(buyer.pk))


def test_a_persons_own_copy_holds_the_words() -> None:
    letter, buyer = purpose(), pia()
    agree(buyer, letter, place="https://example.com/price")
    (one,) = queries.known_of(buyer.pk)["consents"]
    assert (one["purpose"], one["text"], one["agreed"]) == ("Newsletter", "I want your newsletter.", True)
    assert one["place"] == "https://example.com/price"


def test_the_page_shows_the_words_when_how_and_from_where(client: Client) -> None:
    letter, buyer, ann = purpose(), pia(owner=staff.ann()), staff.ann()
    agree(buyer, letter, place="https://example.com/price")
    shown = page(signed_in(ann), buyer.pk)
    for part in ("I want your newsletter.", "noted by hand", "https://example.com/price", "version 1"):
        assert part in shown


def test_ann_notes_a_consent_by_hand_and_its_end() -> None:
    letter, ann = purpose(), staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    address = f"/people/{buyer.pk}/consents"
    client.post(address, {"purpose": letter, "version": 1, "note": "Said so on the phone."})
    row = told(buyer.pk)["Newsletter"]
    assert (row.is_given, row.how, row.note) == (True, "hand", "Said so on the phone.")
    client.post(address, {"purpose": letter, "withdraw": "on"})
    assert told(buyer.pk)["Newsletter"].is_given is False
    assert client.post(address, {"purpose": letter + 1}).status_code == 404


def test_nobody_notes_consents_of_whom_they_do_not_see_or_without_the_right() -> None:
    letter, buyer = purpose(), pia(owner=staff.ann())
    address = f"/people/{buyer.pk}/consents"
    assert signed_in(staff.cy()).post(address, {"purpose": letter}).status_code == 404
    assert signed_in(staff.user("Olu", "onlooker")).post(address, {"purpose": letter}).status_code == 403
    assert told(buyer.pk)["Newsletter"].is_given is None


def test_a_form_asks_with_a_box_nobody_ticked_and_keeps_where_it_was(client: Client) -> None:
    letter = purpose()
    fields = [{"name": "email", "label": "E-mail", "required": True}]
    add_form(FormDraft("price", "Price", fields, "Thanks.", consents=[letter]), at=AT, by=None)
    shown = client.get("/f/price").content.decode()
    assert "I want your newsletter." in shown
    assert "checked" not in shown
    commands.change_purpose(letter, name="Newsletter", text="Other words.", at=AT, by=None)
    answer = {"email": "pia@example.com", f"consent-{letter}": "1", "once": "a",
              "page": "https://shop.example.com/price?who=pia"}  # fmt: skip
    assert client.post("/f/price", answer).status_code == 200
    row = told(Person.objects.get(email="pia@example.com").pk)["Newsletter"]
    assert (row.is_given, row.how, row.shown) == (True, "form", "I want your newsletter.")
    assert row.place == "https://shop.example.com/price"


@pytest.mark.parametrize("box", [None, "9", "x", ""])
def test_who_ticks_nothing_that_was_asked_agrees_to_nothing(client: Client, box: str | None) -> None:
    letter = purpose()
    fields = [{"name": "email", "label": "E-mail", "required": True}]
    add_form(FormDraft("price", "Price", fields, "Thanks.", consents=[letter]), at=AT, by=None)
    client.post(
        "/f/price", {"email": "pia@example.com"} | ({f"consent-{letter}": box} if box is not None else {})
    )
    assert told(Person.objects.get(email="pia@example.com").pk)["Newsletter"].is_given is None


def test_a_retired_purpose_is_asked_of_nobody_and_stays_with_who_agreed(client: Client) -> None:
    letter, buyer = purpose(), pia()
    agree(buyer, letter)
    fields = [{"name": "email", "label": "E-mail", "required": True}]
    add_form(FormDraft("price", "Price", fields, "Thanks.", consents=[letter]), at=AT, by=None)
    assert commands.retire_purpose(letter, at=AT, by=None)
    assert "newsletter" not in client.get("/f/price").content.decode()
    assert told(buyer.pk)["Newsletter"].is_given
    assert not told(person("Rosa Lima").pk)
    assert commands.reinstate_purpose(letter, at=AT, by=None)
    assert "newsletter" in client.get("/f/price").content.decode()


def brought(folder: Path, text: str) -> Any:
    path = folder / "persons.csv"
    path.write_text(text, encoding="utf-8")
    table = opened(path)
    return import_persons(table, guessed(table.header, own_fields()), at=AT, by=None)[0]


def test_an_import_brings_consents_once_and_takes_them_back(tmp_path: Path) -> None:
    purpose()
    buyer = pia()
    text = (
        "email,Newsletter\npia.kowalska@example.com,v1 2026-03-01\nrosa@example.com,yes\nlu@example.com,no\n"
    )
    report = brought(tmp_path, text)
    row = told(buyer.pk)["Newsletter"]
    assert (row.is_given, row.how, row.at) == (True, "import", datetime(2026, 3, 1, tzinfo=UTC))
    assert told(Person.objects.get(email="lu@example.com").pk)["Newsletter"].is_given is None
    assert brought(tmp_path, text).of("persons").unchanged == 3
    undo_import(report.run, at=AT + HOUR, by=None)
    assert told(buyer.pk)["Newsletter"].is_given is None
    assert kinds(buyer.pk) == ["ConsentGiven"]


def test_an_import_hands_back_what_is_no_consent(tmp_path: Path) -> None:
    purpose()
    report = brought(
        tmp_path, "email,consent.newsletter\na@example.com,perhaps\nb@example.com,v2\nc@example.com,yes x\n"
    )
    assert [each.fields[0].code for each in report.rejected] == ["bad_consents"] * 3


def test_what_leaves_can_come_again(tmp_path: Path) -> None:
    letter, buyer = purpose(), pia()
    agree(buyer, letter)
    write_persons(tmp_path / "persons.csv", "csv", queries.person_lines(None), lambda _done: None)
    left = (tmp_path / "persons.csv").read_text(encoding="utf-8")
    assert "newsletter v1 2026-11-19T09:30:00+00:00" in left
    assert brought(tmp_path, left).of("persons").unchanged == 1
    commands.forget_person(buyer.pk, at=AT + HOUR, by=None)
    assert (
        brought(tmp_path, left.replace("pia.kowalska@", "other@").replace("'+48321234567", ""))
        .of("persons")
        .new
        == 1
    )
    row = told(Person.objects.get(email="other@example.com").pk)["Newsletter"]
    assert (row.is_given, row.shown_version, row.at) == (True, 1, AT)


def test_a_draft_that_contradicts_itself_holds_as_it_was_told_first() -> None:
    letter = purpose()
    consents = (ConsentDraft(letter), ConsentDraft(letter, is_given=False, at=AT + HOUR))
    draft = PersonDraft(name="Lu", emails=("lu@example.com",), consents=consents)
    for _ in range(2):
        commands.add_persons([draft], at=AT, by=None, source="import")
    assert told(Person.objects.get(email="lu@example.com").pk)["Newsletter"].is_given


def test_purposes_are_kept_on_a_page_of_the_settings(query_count: Any) -> None:
    mia = staff.mia()
    client = signed_in(mia)
    empty = client.get("/settings/consents/").content.decode()
    assert "No purpose yet" in empty
    client.post("/settings/consents/", {"name": "Newsletter", "text": "Yes, <b>please</b>."})
    assert client.post("/settings/consents/", {"name": "Newsletter", "text": "Again."}).status_code == 422
    assert client.post("/settings/consents/", {"name": "", "text": ""}).status_code == 422
    (row,) = queries.purpose_rows()
    address = f"/settings/consents/{row.id}/"
    client.post(address, {"name": "Letter", "text": "Other words."})
    with query_count("purpose"):
        shown = client.get(address).content.decode()
    assert "Yes, &lt;b&gt;please&lt;/b&gt;." in shown
    client.post(f"{address}retirement")
    assert queries.purpose_rows()[0].is_retired
    client.post(f"{address}retirement", {"_method": "DELETE"})
    assert not queries.purpose_rows()[0].is_retired
    with query_count("purposes"):
        assert "Letter" in client.get("/settings/consents/").content.decode()
    assert "Letter,2,Other words.,0,yes" in client.get("/settings/consents/?format=csv").getvalue().decode()
    told = client.get(f"{address}?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert told[0] == "Version,Text,Since,Persons who agree"
    assert [line.split(",")[:2] for line in told[1:]] == [["2", "Other words."], ["1", '"Yes']]
    assert client.get("/settings/consents/999/").status_code == 404
    for path in ("/settings/consents/", address):
        assert signed_in(staff.ann()).get(path).status_code == 403


def test_a_form_of_the_settings_offers_the_purposes() -> None:
    client = signed_in(staff.mia())
    told = {"name": "Price", "key": "price", "thanks": "Thanks.", "ask_email": "required", "is_active": "on"}
    letter = purpose()
    assert client.post("/settings/capture/new/", {**told, "consents": [letter]}).status_code == 302
    form = Form.objects.get(key="price")
    assert form.consents == [letter]
    sample = client.get(f"/settings/capture/{form.pk}/").content.decode()
    assert f"consent-{letter}" in sample


def test_a_rebuild_finds_and_mends_what_differs_from_the_ledger() -> None:
    letter, buyer, other = purpose(), pia(), person("Rosa Lima")
    agree(buyer, letter)
    agree(other, letter)
    assert projections.rebuild(check=True, at=AT) == 0
    Consent.objects.filter(person=buyer).update(is_given=False)
    Consent.objects.filter(person=other).delete()
    assert projections.rebuild(check=True, at=AT) == 2
    assert projections.rebuild(check=False, at=AT) == 2
    assert projections.rebuild(check=True, at=AT) == 0
    assert told(buyer.pk)["Newsletter"].is_given


def test_consents_come_with_persons_over_the_api() -> None:
    purpose()
    call, buyer = caller(staff.admin()), pia()
    agreed = {
        "purpose": "newsletter",
        "version": 1,
        "at": "2026-03-01T10:00:00Z",
        "place": "https://a.example/?who=pia",
    }
    items = [
        {"emails": ["pia.kowalska@example.com"], "consents": [agreed]},
        {"emails": ["rosa@example.com"], "consents": [{"purpose": "newsletter"}]},
        {"emails": ["lu@example.com"], "consents": [{"purpose": "newsletter", "is_given": False}]},
        {"emails": ["ed@example.com"], "consents": [{"purpose": "pigeons"}]},
        {"emails": ["di@example.com"], "consents": [{"purpose": "newsletter", "version": 9}]},
        {"emails": ["to@example.com"], "consents": [{"purpose": "newsletter", "at": "2190-01-01T00:00:00Z"}]},
    ]
    answer = call("POST", "/batches/persons", {"items": items}).json()
    assert [item["outcome"] for item in answer["results"]] == ["changed", "new", "new", *["refused"] * 3]
    assert answer["results"][3]["errors"][0]["field"] == "consents"
    row = told(buyer.pk)["Newsletter"]
    assert (row.is_given, row.how, row.place) == (True, "api", "https://a.example/")
    assert row.at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert told(Person.objects.get(email="rosa@example.com").pk)["Newsletter"].is_given
    assert told(Person.objects.get(email="lu@example.com").pk)["Newsletter"].is_given is None
    again = call("POST", "/batches/persons", {"items": items[:1]}).json()
    assert again["results"][0]["outcome"] == "unchanged"
    one = {"name": "Ann", "emails": ["ann@example.com"], "consents": [{"purpose": "newsletter"}]}
    assert call("POST", "/persons", one).status_code == 201
    assert call("POST", "/persons", one | {"consents": [{"purpose": "pigeons"}]}).status_code == 422
    assert told(Person.objects.get(email="ann@example.com").pk)["Newsletter"].is_given
