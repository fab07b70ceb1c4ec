"""Companies in the bin: out of what people look at, back with all they had, and emptied after a month."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.api.world import caller
from treaty.documents.models import Document
from treaty.documents.tests.factories import document
from treaty.ledger.facts import about_company
from treaty.ledger.queries import history
from treaty.people import commands
from treaty.people.facts import CompanyBinned, CompanyErased, CompanyRestored
from treaty.people.models import BinnedCompany, Company, Employment, Person
from treaty.people.queries import found_companies, visible_companies
from treaty.people.rules import CompanyDraft, Outcome
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
MONTH = timedelta(days=30)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_ann_puts_a_company_into_the_bin_and_brings_it_back() -> None:
    ann = staff.ann()
    works = company(owner=ann.pk)
    client = signed_in(ann)
    answer = client.post(f"/companies/{works.pk}/bin", follow=True)
    assert "Huta Wschód is in the bin." in text(answer)
    assert f'action="/companies/{works.pk}/bin" data-undo="DELETE"' in text(answer)
    assert client.get(f"/companies/{works.pk}/").headers["Location"] == "/companies/bin/"
    shown = text(client.get("/companies/bin/"))
    assert "Huta Wschód" in shown
    assert "19 Dec" in shown
    client.post(f"/companies/{works.pk}/bin", {"_method": "DELETE"})
    assert "Huta Wschód" in text(client.get(f"/companies/{works.pk}/"))
    kinds = [type(line.fact) for line in sorted(history([about_company(works.pk)]), key=lambda one: one.id)]
    assert kinds == [CompanyBinned, CompanyRestored]


def test_a_company_in_the_bin_is_nowhere_and_its_persons_still_work_there() -> None:
    admin = staff.admin()
    buyer = pia(company="Huta Wschód")
    works = Company.objects.get()
    assert found_companies(admin, "huta", 5)
    commands.bin_companies([works.pk], at=AT, by=None)
    assert not visible_companies(admin).exists()
    assert found_companies(admin, "huta", 5) == []
    assert Person.objects.get(pk=buyer.pk).company_id == works.pk
    assert commands.bin_companies([works.pk], at=AT, by=None) == []
    commands.restore_companies([works.pk], at=AT, by=None)
    assert [hit.id for hit in found_companies(admin, "huta", 5)] == [works.pk]


def test_many_are_deleted_at_once_and_it_is_undone() -> None:
    ann = staff.ann()
    rows = [company(f"Werk {n}", owner=ann.pk) for n in range(3)]
    client = signed_in(ann)
    client.post("/companies/bulk/companies.bin", {"pick": [row.pk for row in rows[:2]]})
    assert set(visible_companies(ann)) == {rows[2]}
    client.post("/companies/bin/bulk/company_bin.restore", {"pick": [rows[0].pk]})
    assert set(visible_companies(ann)) == {rows[0], rows[2]}
    olu = staff.user("Olu", "onlooker")
    assert signed_in(olu).post("/companies/bulk/companies.bin", {"pick": [rows[0].pk]}).status_code == 403


def test_the_bin_of_companies_obeys_rights_and_is_a_list(query_count: Any) -> None:
    ann, cy, admin = staff.ann(), staff.cy(), staff.admin()
    ids = [company(f"Werk {n}", owner=ann.pk).pk for n in range(3)]
    commands.bin_companies(ids, at=AT, by=ann.pk)
    assert "Werk" not in text(signed_in(cy).get("/companies/bin/"))
    assert signed_in(cy).post(f"/companies/{ids[0]}/bin", {"_method": "DELETE"}).status_code == 404
    client = signed_in(admin)
    with query_count("bin of companies"):
        client.get("/companies/bin/")
    assert client.get("/companies/bin/?format=csv").getvalue().decode().count("Werk") == 3


def test_after_a_month_nothing_of_the_company_is_left_and_who_worked_there_works_elsewhere() -> None:
    buyer, other = pia(company="Huta Wschód"), person("Rosa Lima", company="Huta Wschód")
    works, beside = Company.objects.get(), company("Odlewnia")
    held = document("company", works.pk)
    commands.add_job(other.pk, company=beside.pk, since=date(2026, 1, 2), is_main=False, at=AT, by=None)
    commands.bin_companies([works.pk], at=AT, by=None)
    assert commands.purge_companies(at=AT + MONTH - timedelta(seconds=1)) == 0
    assert commands.purge_companies(at=AT + MONTH) == 1
    row = Company.objects.get(pk=works.pk)
    assert (row.name, row.folded) == ("", "")
    assert not Document.objects.filter(pk=held).exists()
    assert Person.objects.get(pk=buyer.pk).company_id is None
    assert Person.objects.get(pk=other.pk).company_id == beside.pk
    assert not Employment.objects.filter(company=works.pk).exists()
    assert commands.restore_companies([works.pk], at=AT + MONTH, by=None) == []
    assert type(max(history([about_company(works.pk)]), key=lambda one: one.id).fact) is CompanyErased
    assert person("Olga Nowak", company="Huta Wschód").company_id != works.pk


def test_nobody_adds_a_company_again_that_lies_in_the_bin() -> None:
    ann = staff.ann()
    works = company(owner=ann.pk, key="erp:7")
    commands.bin_companies([works.pk], at=AT, by=None)
    answer = signed_in(ann).post("/companies/new", {"name": "Huta Wschód"})
    assert "is in the bin. Bring it back instead." in text(answer)
    buyer = person("Rosa Lima", owner=ann)
    answer = signed_in(ann).post(
        f"/people/{buyer.pk}/edit", {"family_name": "Lima", "company": "Huta Wschód"}
    )
    assert "A company of this name is in the bin" in text(answer)
    answer = signed_in(ann).post(f"/people/{buyer.pk}/work", {"company": "Huta Wschód"}, follow=True)
    assert "A company of this name is in the bin" in text(answer)
    drafts = [CompanyDraft(name="Huta Wschód", city="Łódź"), CompanyDraft(name="Nowa")]
    assert commands.find_binned(drafts, at=AT) == {0}
    outcomes = [one.outcome for one in commands.add_companies(drafts, at=AT, by=None)]
    assert outcomes == [Outcome.BINNED, Outcome.NEW]
    assert Company.objects.get(pk=works.pk).city == ""


def test_a_company_that_is_not_in_the_bin_is_met_before_one_that_is() -> None:
    works = company(key="erp:7")
    commands.bin_companies([works.pk], at=AT, by=None)
    living = commands.add_companies([CompanyDraft(name="Huta Wschód", key="erp:8")], at=AT, by=None)[0]
    assert living.outcome is Outcome.NEW
    assert person("Rosa Lima", company="Huta Wschód").company_id == living.company_id


def test_the_bin_of_companies_over_the_api() -> None:
    call, works = caller(staff.admin()), company()
    path = f"/companies/{works.pk}"
    assert call("POST", f"{path}/restoration").status_code == 404
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404
    assert call("POST", "/companies", {"name": "Huta Wschód"}).status_code == 409
    batch = call("POST", "/batches/companies", {"items": [{"name": "Huta Wschód"}]}).json()
    assert batch["refused"] == 1
    assert call("POST", f"{path}/restoration").json()["name"] == "Huta Wschód"
    assert BinnedCompany.objects.count() == 0
