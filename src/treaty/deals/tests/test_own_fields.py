"""Fields of the company's own on deals: opened with them, changed, shown, and the words among them forgotten."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.deals import commands
from treaty.deals.models import Deal
from treaty.deals.tests.factories import deal
from treaty.fields import queries as held
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.kit.models import Bulk, BulkLine
from treaty.people.commands import forget_person
from treaty.people.tests.factories import pia
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(name="ann")
def signed_in() -> Client:
    client = Client()
    client.force_login(staff.ann())
    return client


def own(one: int) -> dict[str, Any]:
    return held.values_of("deal", [one])[one]


def test_a_deal_is_opened_and_changed_with_its_fields(ann: Client) -> None:
    commands.prepare(at=AT)
    tender, size = field("Tender", Kind.TEXT, "deal"), field("Size", Kind.NUMBER, "deal")
    told = {"name": "FM-40", "owner": staff.ann().pk, "amount": "", "currency": "EUR"}
    ann.post("/deals/new", {**told, f"own_{tender.id}": "2026/77", f"own_{size.id}": "x"})
    assert not Deal.objects.exists()
    ann.post("/deals/new", {**told, f"own_{tender.id}": "2026/77", f"own_{size.id}": "3"})
    one = Deal.objects.get().pk
    assert own(one) == {"tender": "2026/77", "size": 3}
    assert "2026/77" in ann.get(f"/deals/{one}/").content.decode()
    assert 'value="2026/77"' in ann.get(f"/deals/{one}/edit").content.decode()
    assert ann.post(f"/deals/{one}/edit", {**told, f"own_{size.id}": "4"}).status_code == 302
    assert own(one) == {"size": 4}
    line = AuditRow.objects.get(verb="deal_changed")
    assert line.changes == {"deal.tender": ["2026/77", ""], "deal.size": ["3", "4"]}


def test_forgetting_the_person_empties_the_words_and_leaves_the_numbers() -> None:
    field("Tender", Kind.TEXT, "deal")
    field("Size", Kind.NUMBER, "deal")
    buyer = pia()
    one = deal(person=buyer.pk)
    commands.change_deal(one, fields={"tender": "For Pia", "size": 3}, at=AT, by=None)
    forget_person(buyer.pk, at=AT, by=None)
    assert own(one) == {"size": 3}


def test_words_that_many_deals_lost_at_once_do_not_come_back_once_they_are_forgotten(ann: Client) -> None:
    field("Tender", Kind.TEXT, "deal")
    buyer = pia()
    one = deal(staff.ann(), person=buyer.pk)
    commands.change_deal(one, fields={"tender": "For Pia"}, at=AT, by=None)
    told = {"pick": one, "field": "own_tender", "told": "1", "value": "", "next": "/deals/"}
    ann.post("/deals/bulk/deals.change", told)
    assert "For Pia" in BulkLine.objects.get().before
    forget_person(buyer.pk, at=AT, by=None)
    assert BulkLine.objects.get().before == ""
    ann.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert own(one) == {}
