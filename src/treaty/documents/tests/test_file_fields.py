"""Fields that hold a file: one of the documents on the record, in forms, lists, conditions, calls and imports."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.test_problems import problem
from tests.api.world import caller
from treaty.deals.tests.factories import deal
from treaty.documents import commands
from treaty.documents.models import Document
from treaty.documents.tests.factories import SINCE, document
from treaty.fields import queries as held
from treaty.fields.commands import WrongValue, set_values
from treaty.fields.models import Value
from treaty.fields.queries import FieldRow
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.rules import PersonDraft
from treaty.people.tests.factories import company, person, pia
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> FieldRow:
    """A field of persons that holds a file."""
    return field("Contract", Kind.FILE)


@pytest.fixture
def buyer() -> Person:
    """Ann's person."""
    return pia(owner=staff.ann())


def own(one: int, record: str = "person") -> dict[str, Any]:
    return held.values_of(record, [one])[one]


def fill(one: int, document: int | None) -> None:
    set_values("person", {one: {"contract": document}}, at=SINCE, by=None)


def said(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_the_form_offers_the_documents_on_the_record(
    contract: FieldRow, buyer: Person, client: Client
) -> None:
    client.force_login(staff.ann())
    one, other = document("person", buyer.pk), document("person", person("Quinn Doe").pk, name="other.txt")
    path, usual = (
        f"/people/{buyer.pk}/edit",
        {"given_name": "Pia", "family_name": "Kowalska", "country": "PL"},
    )
    form = said(client, path)
    assert f'<option value="{one}">quote.txt</option>' in form
    assert "other.txt" not in form
    assert client.post(path, {**usual, f"own_{contract.id}": str(other)}).status_code == 422
    assert client.post(path, {**usual, f"own_{contract.id}": str(one)}).status_code == 302
    assert own(buyer.pk) == {"contract": one}
    assert f'<option value="{one}" selected>quote.txt</option>' in said(client, path)
    page = said(client, f"/people/{buyer.pk}/")
    assert page.count(f'href="/documents/{one}"') == 2, "in the card and in the field"
    assert client.post(path, {**usual, f"own_{contract.id}": ""}).status_code == 302
    assert own(buyer.pk) == {}
    assert "add it there first" in said(client, "/people/new")


def sent(client: Client, path: str, file: SimpleUploadedFile, field: FieldRow, **told: str) -> Any:
    """A form with a file in the control of a field."""
    return client.post(path, {**told, f"own_{field.id}": "", f"own_{field.id}_file": file})


def test_a_file_is_uploaded_in_the_field_itself(
    contract: FieldRow, buyer: Person, client: Client, settings: Any
) -> None:
    client.force_login(staff.ann())
    path, usual = (
        f"/people/{buyer.pk}/edit",
        {"given_name": "Pia", "family_name": "Kowalska", "country": "PL"},
    )
    file = SimpleUploadedFile("frame.txt", b"Twelve flow meters.")
    assert sent(client, path, file, contract, **usual).status_code == 302
    [row] = Document.objects.filter(record="person", record_id=buyer.pk)
    assert own(buyer.pk) == {"contract": row.pk}
    assert "frame.txt" in said(client, f"/people/{buyer.pk}/")
    page = SimpleUploadedFile("page.html", b"<!doctype html><script>alert(1)</script>")
    answer = sent(client, path, page, contract, **usual)
    assert answer.status_code == 422
    assert "Web pages, XML and SVG drawings are not taken" in answer.content.decode()
    settings.DOCUMENT_BYTES = 100_000
    large = SimpleUploadedFile("large.txt", b"a" * 300_000)
    assert "The file is larger than" in sent(client, path, large, contract, **usual).content.decode()
    assert own(buyer.pk) == {"contract": row.pk}
    assert Document.objects.count() == 1


def test_fields_of_companies_and_deals_take_files_too(client: Client) -> None:
    client.force_login(staff.admin())
    plan, order = field("Plan", Kind.FILE, "company"), field("Order", Kind.FILE, "deal")
    firm, one = company().pk, deal(name="Meters")
    file = SimpleUploadedFile("plan.txt", b"A hall.")
    assert sent(client, f"/companies/{firm}/edit", file, plan, name="Huta").status_code == 302
    file.seek(0)
    assert sent(client, f"/deals/{one}/edit", file, order, name="Meters", currency="EUR").status_code == 302
    assert Document.objects.filter(pk=own(firm, "company")["plan"], record="company").exists()
    assert Document.objects.filter(pk=own(one, "deal")["order"], record="deal").exists()


def test_a_list_shows_the_name_and_conditions_ask_for_it(
    contract: FieldRow, buyer: Person, client: Client
) -> None:
    client.force_login(staff.ann())
    person("Quinn Doe", owner=staff.ann())
    fill(buyer.pk, document("person", buyer.pk, name="frame contract.txt"))
    table = said(client, "/people/?cols=name,own_contract")
    assert "frame contract.txt" in table
    for condition, wanted in (("filled", {"Pia"}), ("empty", {"Quinn"}), ("is:frame", {"Pia"})):
        page = said(client, f"/people/?where=1.own_contract.{condition}")
        assert {name for name in ("Pia", "Quinn") if f"{name} " in page} == wanted


def test_calls_take_the_number_of_a_document_that_the_key_sees(contract: FieldRow, buyer: Person) -> None:
    ann, one = caller(staff.ann()), document("person", buyer.pk)
    hidden = document("person", person("Cy's", owner=staff.cy()).pk)
    path = f"/persons/{buyer.pk}"
    assert ann("PATCH", path, {"fields": {"contract": one}}).json()["fields"] == {"contract": one}
    for wrong in (hidden, 4711, "quote.txt"):
        status, errors = problem(ann("PATCH", path, {"fields": {"contract": wrong}}))
        assert (status, errors[0][0]) == (422, "fields.contract")


def test_a_deal_has_fields_with_files_too(buyer: Person) -> None:
    field("Tender", Kind.FILE, "deal")
    offer = deal(staff.ann(), person=buyer.pk)
    one = document("deal", offer)
    set_values("deal", {offer: {"tender": one}}, at=SINCE, by=None)
    assert own(offer, "deal") == {"tender": one}
    (shown,) = held.shown_values(staff.ann(), "deal", offer)
    assert (shown.text, shown.url) == ("quote.txt", f"/documents/{one}")


def test_who_does_not_see_the_record_of_a_file_reads_only_its_number(
    contract: FieldRow, buyer: Person
) -> None:
    other = person("Quinn Doe", owner=staff.cy())
    one = document("person", other.pk, name="secret.txt")
    Value.objects.create(
        record_id=buyer.pk, field_id=contract.id, part=0, whole=one
    )  # of before it was refused
    (shown,) = held.shown_values(staff.ann(), "person", buyer.pk)
    assert (shown.text, shown.url) == (f"#{one}", "")


def test_a_document_on_another_record_is_refused_by_form_list_and_call(
    contract: FieldRow, buyer: Person, client: Client
) -> None:
    mine = person("Quinn Doe", owner=staff.ann())
    one, elsewhere = document("person", buyer.pk), document("person", mine.pk, name="other.txt")
    fill(buyer.pk, one)
    client.force_login(staff.ann())
    answer = client.post(
        f"/people/{buyer.pk}/edit", {"given_name": "Pia", f"own_{contract.id}": str(elsewhere)}
    )
    assert answer.status_code == 422
    path = "/people/bulk/people.change"
    client.post(path, {"ids": str(buyer.pk), "field": "own_contract", "told": "1", "value": f"#{elsewhere}"})
    answer = caller(staff.ann())("PATCH", f"/persons/{buyer.pk}", {"fields": {"contract": elsewhere}})
    assert problem(answer)[0] == 422
    with pytest.raises(WrongValue, match="no_record"):
        fill(buyer.pk, elsewhere)
    assert own(buyer.pk) == {"contract": one}


def test_a_field_follows_its_document(contract: FieldRow, buyer: Person) -> None:
    other = person("Quinn Doe")
    one, elsewhere = document("person", buyer.pk), document("person", other.pk, name="b.txt")
    fill(buyer.pk, one)
    fill(other.pk, elsewhere)
    commands.remove_document(one, at=SINCE, by=None)
    (shown,) = held.shown_values(staff.ann(), "person", buyer.pk)
    assert shown.url == ""
    with pytest.raises(WrongValue):
        fill(other.pk, one)
    commands.restore_document(one, at=SINCE, by=None)
    (shown,) = held.shown_values(staff.ann(), "person", buyer.pk)
    assert shown.text == "quote.txt"
    commands.erase_documents("person", [buyer.pk])
    assert own(buyer.pk) == {}
    assert own(other.pk) == {"contract": elsewhere}
    people.forget_person(other.pk, at=SINCE, by=None)
    assert not Value.objects.exists()


def test_a_merge_takes_the_field_along_with_its_document(contract: FieldRow, buyer: Person) -> None:
    double = person("P. Kowalska")
    one = document("person", double.pk)
    fill(double.pk, one)
    merged = people.merge_persons(buyer.pk, merged=double.pk, at=SINCE, by=None)
    assert own(buyer.pk) == {"contract": one}
    people.undo_merge(merged.id, at=SINCE, by=None)
    assert (own(buyer.pk), own(double.pk)) == ({}, {"contract": one})


def test_many_drafts_bring_it_and_what_is_not_there_is_refused(contract: FieldRow, buyer: Person) -> None:
    one = document("person", buyer.pk)
    drafts = [PersonDraft(name="A", emails=("a@example.com",), fields={"contract": one})]
    (added,) = people.add_persons(drafts, at=SINCE, by=None, source="import")
    assert own(added.person_id) == {"contract": one}
    with pytest.raises(WrongValue):
        fill(buyer.pk, 4711)
