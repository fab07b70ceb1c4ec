"""The history of a record: who changed what, from what to what; for those who see the record, and until it is forgotten."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from treaty.deals.commands import change_deal
from treaty.deals.tests.factories import deal
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.people import commands
from treaty.people.rules import ConsentDraft
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def page(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer: Any = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_each_change_is_told_with_who_and_what_stood_there_before() -> None:
    field("Plan", Kind.CHOICE)
    ann = staff.ann()
    buyer = pia(owner=ann, city="Zabrze")
    commands.change_person(buyer.pk, changes={"city": "Gliwice"}, own={"plan": "lodz"}, at=AT, by=ann.pk)
    commands.add_identity(buyer.pk, kind="email", value="pia@home.example", at=AT, by=ann.pk)
    commands.assign_owner([buyer.pk], owner=staff.bo().pk, at=AT, by=staff.admin().pk)
    shown = page(staff.admin(), f"/people/{buyer.pk}/history")
    for said in ("<s class=\"cl\"><bdi>Zabrze</bdi></s> <bdi>Gliwice</bdi>", "Plan</span>", "<bdi>Łódź</bdi>", "pia@home.example",
                 "Assigned an owner", "<bdi>Bo</bdi>", "Ann"):  # fmt: skip
        assert said in shown


def test_nothing_changed_says_what_stands_here() -> None:
    firm, one = company(owner=staff.ann().pk), deal(staff.ann())
    assert "Nothing was changed" in page(staff.ann(), f"/deals/{one}/history")
    commands.change_company(firm.pk, changes={"sector": "Metals"}, at=AT, by=staff.ann().pk)
    assert "<bdi>Metals</bdi>" in page(staff.ann(), f"/companies/{firm.pk}/history")


def test_a_deal_has_its_own() -> None:
    one = deal(staff.ann())
    change_deal(one, name="FM-80", product="FM", at=AT, by=staff.ann().pk)
    assert "<bdi>FM-80</bdi>" in page(staff.ann(), f"/deals/{one}/history")


def test_who_does_not_see_the_record_does_not_see_its_history() -> None:
    client, buyer, firm, one = (
        Client(),
        pia(owner=staff.ann()),
        company(owner=staff.ann().pk),
        deal(staff.ann()),
    )
    client.force_login(staff.cy())
    for path in (f"/people/{buyer.pk}/history", f"/companies/{firm.pk}/history", f"/deals/{one}/history"):
        assert client.get(path).status_code == 404


def test_what_was_changed_of_a_merged_record_is_told_of_the_survivor() -> None:
    one, other = pia(), person("Pia K.", city="Zabrze")
    commands.change_person(other.pk, changes={"city": "Gliwice"}, at=AT, by=staff.ann().pk)
    commands.merge_persons(one.pk, merged=other.pk, at=AT, by=None)
    assert "Zabrze" in page(staff.admin(), f"/people/{one.pk}/history")


def test_after_forgetting_it_says_that_and_no_values() -> None:
    buyer = pia(city="Zabrze")
    commands.change_person(buyer.pk, changes={"city": "Gliwice"}, at=AT, by=staff.ann().pk)
    commands.forget_person(buyer.pk, at=AT, by=staff.admin().pk)
    shown = page(staff.admin(), f"/people/{buyer.pk}/history")
    assert "Forgot a person" in shown
    assert "Zabrze" not in shown
    assert "Gliwice" not in shown


def test_a_long_one_is_read_page_by_page(query_count: Callable[[str], AbstractContextManager[None]]) -> None:
    buyer = pia()
    for number in range(53):
        at = AT + timedelta(minutes=number)
        commands.change_person(buyer.pk, changes={"city": f"City {number}"}, at=at, by=staff.ann().pk)
    ada = Client()
    ada.force_login(staff.admin())
    ada.get(f"/people/{buyer.pk}/history")
    with query_count("person history"):
        shown = ada.get(f"/people/{buyer.pk}/history").content.decode()
    assert "City 52" in shown
    assert "<bdi>City 1</bdi>" not in shown
    assert 'href="?format=csv" download' in shown
    file = ada.get(f"/people/{buyer.pk}/history?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert file[0] == "When,Who,What,Before and after"
    assert len(file) == 54
    assert file[-1].endswith(",Ann,Changed a person,city: City 0")
    older = shown.split("?before=")[1].split('"')[0]
    assert "<bdi>City 1</bdi>" in ada.get(f"/people/{buyer.pk}/history?before={older}").content.decode()


def test_days_and_purposes_are_told_in_words() -> None:
    mia, buyer = staff.mia(), pia()
    made = commands.add_purpose("Newsletter", text="Yes, write to me.", at=AT, by=mia.pk)
    commands.record_consent(buyer.pk, ConsentDraft(made, is_given=True), how="hand", at=AT, by=mia.pk)
    commands.add_job(buyer.pk, company=company("Huta").pk, since=date(2019, 3, 1), at=AT, by=mia.pk)
    shown = page(staff.admin(), f"/people/{buyer.pk}/history")
    assert "<bdi>Newsletter</bdi>" in shown
    assert "<bdi>1 Mar 2019</bdi>" in shown
