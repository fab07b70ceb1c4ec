"""Verbs for many persons and companies: what they leave, what fails and why, that they are taken back, by whom."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.kit import bulk, jobs
from treaty.kit.models import Bulk, BulkLine, Job
from treaty.ledger.models import Touchpoint
from treaty.people import commands, queries
from treaty.people.models import Company, Person
from treaty.people.rules import Stage
from treaty.people.tests.factories import SINCE, company, person
from treaty.staff.models import AuditRow, User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 11, 19, 9, 31, tzinfo=UTC)
"""A minute after what the pages of these tests do."""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def some(number: int, **told: Any) -> list[int]:
    return [person(f"Person {place}", **told).pk for place in range(number)]


def done(client: Client, verb: str, rows: list[int], **told: object) -> Any:
    return client.post(f"/people/bulk/{verb}", {"pick": rows, **told})


def owners() -> list[int | None]:
    return list(Person.objects.order_by("pk").values_list("owner_id", flat=True))


def states() -> dict[str, int]:
    known = bulk.counts(Bulk.objects.latest("pk").pk)
    return {state: count for state, count in known.items() if count}


def undo(client: Client, **headers: str) -> Any:
    return client.post(f"/bulk/{Bulk.objects.latest('pk').pk}/undoing", headers=headers)


def test_few_rows_change_at_once_and_are_taken_back() -> None:
    ann, bo, ids = signed_in(staff.ann()), staff.bo(), some(3, owner=staff.ann())
    answer = done(ann, "people.owner", ids[:2], owner=bo.pk, next="/people/?sort=name")
    assert answer["Location"] == "/people/?sort=name"
    assert owners() == [bo.pk, bo.pk, staff.ann().pk]
    assert f'action="/bulk/{Bulk.objects.get().pk}/undoing"' in ann.get("/people/").content.decode()
    assert undo(ann).status_code == 302
    assert owners() == [staff.ann().pk] * 3
    assert Touchpoint.objects.filter(kind="OwnerAssigned").count() == 3 + 2 + 2
    assert not Job.objects.exists()


def test_what_somebody_changed_since_stays_and_is_told() -> None:
    ann, cy, ids = signed_in(staff.ann()), staff.cy(), some(2, owner=staff.ann())
    done(ann, "people.owner", ids, owner=staff.bo().pk)
    commands.assign_owner(ids[:1], owner=cy.pk, at=LATER, by=cy.pk)
    page = ann.get(undo(ann)["Location"]).content.decode()
    assert owners() == [cy.pk, staff.ann().pk]
    assert states() == {"undone": 1, "kept": 1}
    assert "Somebody changed it since." in page
    assert "Person 0" in page
    assert undo(ann)["Location"].startswith("/bulk/")
    assert states() == {"undone": 1, "kept": 1}


def test_the_toasts_undo_answers_a_script_without_a_page() -> None:
    ann, ids = signed_in(staff.ann()), some(1, owner=staff.ann())
    done(ann, "people.owner", ids, owner=staff.bo().pk)
    assert undo(ann, **{"X-Undo": "true"}).status_code == 204
    assert "1 row is as it was before." in ann.get("/people/").content.decode()


def test_tags_go_back_to_what_each_wore() -> None:
    mia, ids = signed_in(staff.mia()), some(2)
    commands.tag(ids[:1], tags=["fair"], at=SINCE, by=None)
    done(mia, "people.tag", ids, tags="fair, vip")
    assert [queries.attributes(ids)[one]["tags"] for one in ids] == [["fair", "vip"]] * 2
    undo(mia)
    assert [queries.attributes(ids)[one]["tags"] for one in ids] == [["fair"], []]
    done(mia, "people.untag", ids, tags="fair")
    assert states() == {"done": 1, "same": 1}
    undo(mia)
    assert [queries.attributes(ids)[one]["tags"] for one in ids] == [["fair"], []]


def test_a_customer_does_not_become_less_and_the_report_says_so() -> None:
    mia, ids = signed_in(staff.mia()), some(2, stage=Stage.LEAD)
    commands.enter_stage(ids[:1], Stage.CUSTOMER, at=SINCE, cause="", by=None)
    answer = done(mia, "people.stage", ids, stage="sql")
    assert states() == {"done": 1, "failed": 1}
    report = answer["Location"]
    assert "A customer stays one" in mia.get(report).content.decode()
    rows = list(csv.reader(io.StringIO(b"".join(mia.get(f"{report}rejected.csv")).decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [[str(ids[0]), "Person 0"]]
    undo(mia)
    assert [row.stage for row in Person.objects.order_by("pk")] == ["customer", "lead"]


def test_what_is_out_of_use_meanwhile_widens_no_bulk() -> None:
    mia, bo = signed_in(staff.mia()), staff.bo()
    some(2)
    for gone in ("where=1.own_plan.is:gold", "owner=987654"):
        mia.post("/people/bulk/people.owner", {"all": "1", "query": gone, "owner": bo.pk})
        assert "part of what the list was asked for is out of use" in mia.get("/people/").content.decode()
    assert owners() == [None] * 2
    assert not Bulk.objects.exists()


def test_many_rows_are_one_job_that_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    mia, bo = signed_in(staff.mia()), staff.bo()
    some(5)
    answer = mia.post("/people/bulk/people.owner", {"all": "1", "query": "q=person", "owner": bo.pk})
    assert answer["Location"] == f"/bulk/{Bulk.objects.get().pk}/"
    assert owners() == [None] * 5
    assert "It waits for the worker." in mia.get(answer["Location"]).content.decode()
    person("Person who came later")
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert f'hx-get="{answer["Location"]}"' in mia.get(answer["Location"], headers=part).content.decode()
    assert jobs.run_next()
    assert mia.get(answer["Location"], headers=part)["HX-Redirect"] == answer["Location"]
    whole = mia.get(answer["Location"]).content.decode()
    assert "Take it back" in whole
    assert "hx-trigger" not in whole
    assert owners() == [bo.pk] * 5 + [None]
    work = Job.objects.get()
    assert (work.state, work.done, work.total) == ("done", 5, 5)
    undo(mia)
    assert jobs.run_next()
    assert owners() == [None] * 6


def test_a_job_that_is_cancelled_leaves_the_rest_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    mia, verb = signed_in(staff.mia()), bulk.verb_named("people.owner")
    monkeypatch.setattr(bulk, "verb_named", lambda _name: replace(verb, part=2))
    done(mia, "people.owner", some(5), owner=staff.bo().pk)
    monkeypatch.setattr("treaty.kit.commands.is_cancelled", lambda _job: True)
    assert jobs.run_next()
    assert Job.objects.get().state == "cancelled"
    assert owners() == [staff.bo().pk] * 2 + [None] * 3
    page = mia.get(f"/bulk/{Bulk.objects.get().pk}/").content.decode()
    assert "3 rows were not reached" in page
    undo(mia)
    monkeypatch.undo()
    assert jobs.run_next()
    assert owners() == [None] * 5


def test_a_row_that_breaks_is_told_and_the_others_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    mia, ids = signed_in(staff.mia()), some(3)
    real = commands.assign_owner

    def breaks(persons: Any, **told: Any) -> int:
        if ids[1] in list(persons):
            raise RuntimeError("a planted mistake")
        return real(persons, **told)

    monkeypatch.setattr(commands, "assign_owner", breaks)
    answer = done(mia, "people.owner", ids, owner=staff.bo().pk)
    assert owners() == [staff.bo().pk, None, staff.bo().pk]
    assert states() == {"done": 2, "failed": 1}
    text = mia.get(answer["Location"]).content.decode()
    assert "It broke. The log of the server says where." in text
    assert "planted" not in text


def test_only_rows_one_sees_are_meant_and_only_who_may_edit_does_it() -> None:
    theirs = some(1, owner=staff.cy())
    assert done(signed_in(staff.ann()), "people.owner", theirs, owner=staff.ann().pk).status_code == 302
    assert owners() == [staff.cy().pk]
    onlooker = signed_in(staff.user("Olga", "onlooker"))
    assert done(onlooker, "people.owner", theirs, owner="").status_code == 403
    assert done(signed_in(staff.cy()), "companies.owner", theirs, owner="").status_code == 403
    assert done(signed_in(staff.cy()), "people.unheard", theirs).status_code == 404


def test_nobody_elses_bulk_is_seen_or_taken_back() -> None:
    done(signed_in(staff.mia()), "people.owner", some(1), owner=staff.bo().pk)
    number = Bulk.objects.get().pk
    ann, admin = signed_in(staff.ann()), signed_in(staff.user("Ada", "administrator"))
    assert ann.get(f"/bulk/{number}/").status_code == 404
    assert ann.post(f"/bulk/{number}/undoing").status_code == 404
    assert admin.get(f"/bulk/{number}/").status_code == 200
    assert admin.post(f"/bulk/{number}/undoing").status_code == 403
    assert owners() == [staff.bo().pk]


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("people.owner", {"owner": "999999"}),
        ("people.tag", {"tags": " , "}),
        ("people.tag", {"tags": "\0"}),
        ("people.stage", {"stage": "king"}),
    ],
)
def test_a_verb_without_its_word_does_nothing(verb: str, told: dict[str, str]) -> None:
    done(signed_in(staff.mia()), verb, some(1), **told)
    assert not Bulk.objects.exists()


def test_nothing_ticked_is_said() -> None:
    mia = signed_in(staff.mia())
    done(mia, "people.owner", [], owner="")
    assert "Tick at least one row." in mia.get("/people/").content.decode()
    assert not BulkLine.objects.exists()


def test_companies_change_hands_and_go_back() -> None:
    mia, works = signed_in(staff.mia()), [company("Huta Wschód").pk, company("Odlewnia").pk]
    mia.post("/companies/bulk/companies.owner", {"pick": works, "owner": staff.bo().pk})
    assert set(Company.objects.values_list("owner_id", flat=True)) == {staff.bo().pk}
    undo(mia)
    assert set(Company.objects.values_list("owner_id", flat=True)) == {None}


def test_many_companies_change_with_the_statements_of_few(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    works = [company(f"Works {place}").pk for place in range(40)]
    mia = staff.mia()
    with django_assert_max_num_queries(12):
        assert commands.change_companies(works, changes={"sector": "steel"}, at=LATER, by=mia.pk) == 40
    assert commands.change_companies(works, changes={"sector": "steel"}, at=LATER, by=mia.pk) == 0
    lines = AuditRow.objects.filter(verb="company_changed").order_by("about_id")
    assert [(line.about_id, line.changes) for line in lines] == [
        (pk, {"sector": ["", "steel"]}) for pk in works
    ]
    assert Touchpoint.objects.filter(kind="CompanyChanged", by=mia.pk).count() == 40
    with pytest.raises(ValueError, match="name"):
        commands.change_companies(works, changes={"name": "One"}, at=LATER, by=mia.pk)


def taken(client: Client, **told: object) -> list[str]:
    """The lines of the file of ticked rows."""
    answer = client.post("/people/bulk/download", told)
    assert answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    return b"".join(answer).decode("utf-8-sig").splitlines()


def test_ticked_rows_are_taken_along_in_the_columns_and_order_of_the_list() -> None:
    mia, ids = signed_in(staff.mia()), some(3, city="Opole")
    assert 'formaction="/people/bulk/download"' in mia.get("/people/").content.decode()
    query = "cols=name,city&sort=-name"
    assert taken(mia, pick=ids[:2], query=query) == ["Name,City", "Person 1,Opole", "Person 0,Opole"]
    assert len(taken(mia, all="1", query=f"{query}&q=person")) == 4
    assert not Bulk.objects.exists()
    nobody = mia.post("/people/bulk/download", {"query": query, "next": "/people/"}, follow=True)
    assert "Tick at least one row." in nobody.content.decode()


def test_who_may_not_export_takes_no_ticked_rows_along() -> None:
    clerk = staff.user("Kim", "representative")
    keeper = signed_in(clerk)
    some(1, owner=clerk)
    assert "/people/bulk/download" not in keeper.get("/people/").content.decode()
    assert keeper.post("/people/bulk/download", {"all": "1", "query": ""}).status_code == 403
