"""Where persons work and worked, and what their addresses and numbers are: by hand, import, merge and API."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.api.world import caller
from treaty.imports.commands import import_persons, undo_import
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.people import commands, queries
from treaty.people.models import Person, PersonIdentity
from treaty.people.queries import Job
from treaty.people.rules import PersonDraft
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import AuditRow, User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 19)
HOUR = timedelta(hours=1)


def jobs(one: int) -> list[tuple[str, str, date | None, date | None, bool]]:
    found = queries.jobs_of(Person.objects.get(pk=one))
    return [(job.company.name, job.title, job.since, job.until, job.is_main) for job in found]


def job_at(one: int, name: str) -> Job:
    return next(job for job in queries.jobs_of(Person.objects.get(pk=one)) if job.company.name == name)


def main(one: int) -> tuple[str, str]:
    row = Person.objects.select_related("company").get(pk=one)
    return (row.company.name if row.company else "", row.title)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_new_company_ends_the_work_before() -> None:
    buyer, other = pia(company="Odlewnia", title="Buyer"), company("Huta")
    commands.change_person(buyer.pk, changes={"company_id": other.pk, "title": "Head"}, at=AT, by=None)
    assert jobs(buyer.pk) == [
        ("Huta", "Head", TODAY, None, True),
        ("Odlewnia", "Buyer", None, TODAY, False),
    ]


def test_an_import_that_brings_another_company_does_the_same_and_is_taken_back(tmp_path: Path) -> None:
    buyer = pia(company="Odlewnia", title="Buyer")
    path = tmp_path / "persons.csv"
    path.write_text("email,company,title\npia.kowalska@example.com,Huta,Head\n", encoding="utf-8")
    table = opened(path)
    run = import_persons(table, guessed(table.header), at=AT, by=None)[0].run
    assert jobs(buyer.pk) == [
        ("Huta", "Head", TODAY, None, True),
        ("Odlewnia", "Buyer", None, TODAY, False),
    ]
    assert import_persons(table, guessed(table.header), at=AT + HOUR, by=None)[0].of("persons").unchanged == 1
    undo_import(run, at=AT + 2 * HOUR, by=None)
    assert jobs(buyer.pk) == [("Odlewnia", "Buyer", None, None, True)]


def test_who_comes_back_to_a_company_has_worked_there_twice() -> None:
    buyer, there, other = pia(), company("Huta"), company("Odlewnia")
    commands.add_job(
        buyer.pk, company=there.pk, since=date(2019, 1, 1), until=date(2020, 1, 1), at=AT, by=None
    )
    commands.add_job(buyer.pk, company=other.pk, since=date(2020, 2, 1), at=AT, by=None)
    commands.add_job(buyer.pk, company=there.pk, title="Head", since=date(2024, 5, 1), at=AT, by=None)
    assert jobs(buyer.pk) == [
        ("Huta", "Head", date(2024, 5, 1), None, True),
        ("Odlewnia", "", date(2020, 2, 1), date(2024, 5, 1), False),
        ("Huta", "", date(2019, 1, 1), date(2020, 1, 1), False),
    ]
    assert main(buyer.pk) == ("Huta", "Head")


def test_work_beside_another_ends_nothing_and_steps_in_when_the_main_one_ends() -> None:
    buyer, other = pia(company="Odlewnia", title="Buyer"), company("Huta")
    commands.add_job(buyer.pk, company=other.pk, title="Adviser", is_main=False, at=AT, by=None)
    assert main(buyer.pk) == ("Odlewnia", "Buyer")
    job = job_at(buyer.pk, "Odlewnia")
    assert commands.change_job(job.id, title="Buyer", since=None, until=date(2026, 10, 1), at=AT, by=None)
    assert main(buyer.pk) == ("Huta", "Adviser")
    assert not commands.change_job(job.id, title="Buyer", since=None, until=date(2026, 10, 1), at=AT, by=None)
    commands.remove_job(job_at(buyer.pk, "Huta").id, at=AT, by=None)
    assert main(buyer.pk) == ("", "")
    assert jobs(buyer.pk) == [("Odlewnia", "Buyer", None, date(2026, 10, 1), False)]


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2020, 1, 2), date(2020, 1, 1), "order"),
        (None, TODAY + timedelta(days=1), "future"),
        (TODAY + timedelta(days=1), None, "future"),
        (None, None, "known"),
    ],
)
def test_work_that_cannot_be_is_refused(since: date | None, until: date | None, code: str) -> None:
    buyer = pia(company="Odlewnia")
    assert buyer.company_id is not None
    with pytest.raises(commands.BadWork) as refused:
        commands.add_job(buyer.pk, company=buyer.company_id, since=since, until=until, at=AT, by=None)
    assert refused.value.code == code


def test_a_merge_joins_work_and_undoing_parts_it() -> None:
    buyer, other = pia(company="Odlewnia", title="Buyer"), person("P. Kowalska", company="Odlewnia")
    there = company("Huta")
    commands.add_job(
        other.pk, company=there.pk, since=date(2019, 1, 1), until=date(2020, 1, 1), at=AT, by=None
    )
    commands.add_job(
        buyer.pk, company=there.pk, since=date(2021, 1, 1), until=date(2022, 1, 1), at=AT, by=None
    )
    before = jobs(buyer.pk), jobs(other.pk)
    merged = commands.merge_persons(buyer.pk, merged=other.pk, at=AT + HOUR, by=None)
    assert [job[0] for job in jobs(buyer.pk)] == ["Odlewnia", "Huta", "Huta"]
    commands.undo_merge(merged.id, at=AT + 2 * HOUR, by=None)
    assert (jobs(buyer.pk), jobs(other.pk)) == before


def test_ann_keeps_work_on_the_page_and_the_audit_names_it() -> None:
    ann = staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    address = f"/people/{buyer.pk}/work"
    client.post(address, {"company": "Huta", "title": "Head", "since": "2024-05-01"})
    assert jobs(buyer.pk) == [("Huta", "Head", date(2024, 5, 1), None, True)]
    job = job_at(buyer.pk, "Huta").id
    client.post(address, {"company": ""})
    client.post(address, {"company": "Huta"})
    client.post(f"{address}/{job}", {"title": "Head", "since": "2027-01-01"})
    client.post(f"{address}/{job}", {"title": "Head", "since": "nonsense"})
    assert jobs(buyer.pk) == [("Huta", "Head", date(2024, 5, 1), None, True)]
    client.post(f"{address}/{job}", {"title": "Chief", "since": "2024-05-01", "until": "2026-01-31"})
    shown = client.get(f"/people/{buyer.pk}/").content.decode()
    assert "1 May 2024 to 31 January 2026" in shown
    client.post(f"{address}/{job}", {"_method": "DELETE"})
    assert jobs(buyer.pk) == []
    verbs = AuditRow.objects.filter(about_kind="person", about_id=buyer.pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True))[-3:] == ["job_added", "job_changed", "job_removed"]
    assert client.post(f"{address}/{job}", {"title": ""}).status_code == 404


def test_nobody_changes_work_of_whom_they_do_not_see() -> None:
    buyer = pia(owner=staff.ann(), company="Huta")
    address, job = f"/people/{buyer.pk}/work", job_at(buyer.pk, "Huta").id
    for who, status in ((staff.cy(), 404), (staff.user("Olu", "onlooker"), 403)):
        client = signed_in(who)
        assert client.post(address, {"company": "Odlewnia"}).status_code == status
        assert client.post(f"{address}/{job}", {"_method": "DELETE"}).status_code == status
    assert len(jobs(buyer.pk)) == 1


def test_a_job_of_somebody_else_is_not_found_under_ones_own() -> None:
    ann = staff.ann()
    buyer, other = pia(owner=ann), person("Rosa Lima", company="Huta")
    job = job_at(other.pk, "Huta").id
    assert signed_in(ann).post(f"/people/{buyer.pk}/work/{job}", {"_method": "DELETE"}).status_code == 404


def test_addresses_have_labels_and_what_did_not_reach_can_reach_again() -> None:
    ann = staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    client.post(
        f"/people/{buyer.pk}/identities", {"kind": "email", "value": "pia@home.example", "label": "private"}
    )
    line = next(one for one in queries.identities_told(ann, buyer.pk) if one.value == "pia@home.example")
    assert line.label == "private"
    path = f"/people/{buyer.pk}/identities/{line.id}"
    client.post(f"{path}/label", {"label": "work"})
    client.post(f"{path}/label", {"label": "nonsense"})
    client.post(f"{path}/main")
    assert Person.objects.get(pk=buyer.pk).email == "pia@home.example"
    client.post(f"{path}/invalidation")
    assert Person.objects.get(pk=buyer.pk).email == "pia.kowalska@example.com"
    client.post(f"{path}/invalidation", {"_method": "DELETE"})
    told = PersonIdentity.objects.get(pk=line.id)
    assert (told.label, told.is_valid, told.is_main) == ("work", True, False)
    assert Person.objects.get(pk=buyer.pk).email == "pia.kowalska@example.com"
    shown = client.get(f"/people/{buyer.pk}/").content.decode()
    assert "Mail address · work" in shown
    with pytest.raises(ValueError, match="no label"):
        commands.label_identity(buyer.pk, identity=line.id, label="nonsense", at=AT, by=None)


def test_nobody_who_has_no_address_that_reaches_them_is_written_to() -> None:
    buyer = pia(phones=())
    (line,) = queries.identities_told(staff.admin(), buyer.pk)
    commands.invalidate_identity(buyer.pk, identity=line.id, at=AT, by=None)
    assert queries.reachable([buyer.pk])[buyer.pk] == (False, False)
    commands.reinstate_identity(buyer.pk, identity=line.id, at=AT, by=None)
    assert queries.reachable([buyer.pk])[buyer.pk] == (True, False)


def test_a_label_said_after_a_merge_stays_when_the_merge_is_undone() -> None:
    buyer, other = pia(), person("P. Kowalska")
    merged = commands.merge_persons(buyer.pk, merged=other.pk, at=AT, by=None)
    theirs = queries.identities_told(staff.admin(), buyer.pk)[-1]
    commands.label_identity(buyer.pk, identity=theirs.id, label="private", at=AT, by=None)
    commands.undo_merge(merged.id, at=AT + HOUR, by=None)
    assert PersonIdentity.objects.get(pk=theirs.id).label == "private"


def test_work_over_the_api() -> None:
    call, buyer, there = caller(staff.admin()), pia(company="Odlewnia", title="Buyer"), company("Huta")
    path = f"/persons/{buyer.pk}/work"
    made = call("POST", path, {"company_id": there.pk, "title": "Head", "since": "2024-05-01"})
    assert made.status_code == 201
    assert made.json() == {"id": made.json()["id"], "company_id": there.pk, "company": "Huta", "title": "Head",
                           "since": "2024-05-01", "until": None, "is_main": True}  # fmt: skip
    assert [one["company"] for one in call("GET", path).json()["items"]] == ["Huta", "Odlewnia"]
    one = f"{path}/{made.json()['id']}"
    assert call("PATCH", one, {"title": "Chief"}).json()["title"] == "Chief"
    assert call("PATCH", one, {"until": "2020-01-01"}).status_code == 422
    assert call("PATCH", one, {"until": "2026-01-31"}).json()["is_main"] is False
    assert call("POST", path, {"company_id": 10_000}).status_code == 422
    assert call("DELETE", one).status_code == 204
    assert call("DELETE", one).status_code == 404


def test_identities_over_the_api() -> None:
    call, buyer, other = caller(staff.admin()), pia(phones=()), person("Rosa Lima")
    path = f"/persons/{buyer.pk}/identities"
    made = call("POST", path, {"kind": "phone", "value": "32 123 45 67", "label": "switchboard"})
    assert (made.status_code, made.json()["value"]) == (201, "+48321234567")
    assert made.json()["is_main"]
    one = f"{path}/{made.json()['id']}"
    assert call("PATCH", one, {"is_valid": False}).json()["is_valid"] is False
    assert Person.objects.get(pk=buyer.pk).phone == ""
    assert call("PATCH", one, {"is_valid": False, "is_main": True}).status_code == 422
    changed = call("PATCH", one, {"is_main": True, "label": "work"}).json()
    assert (changed["label"], changed["is_valid"], changed["is_main"]) == ("work", True, True)
    assert len(call("GET", path).json()["items"]) == 2
    assert call("POST", path, {"kind": "email", "value": other.email}).status_code == 409
    assert call("POST", path, {"kind": "email", "value": "nonsense"}).status_code == 422
    assert call("PATCH", f"{path}/{other.anchor_id}", {"label": "work"}).status_code == 404


def test_a_chunk_moves_many_and_closes_what_each_had() -> None:
    drafts = [PersonDraft(name=f"P{n}", emails=(f"p{n}@example.com",), company="Odlewnia") for n in range(30)]
    commands.add_persons(drafts, at=AT - 9 * HOUR, by=None, source="import")
    moved = [PersonDraft(emails=(f"p{n}@example.com",), company="Huta") for n in range(0, 30, 2)]
    commands.add_persons(moved, at=AT, by=None, source="import")
    for row in Person.objects.order_by("pk"):
        assert len(jobs(row.pk)) == (2 if int(row.name[1:]) % 2 == 0 else 1)
        assert sum(job[4] for job in jobs(row.pk)) == 1
