"""Forgetting: what is readable goes everywhere, what figures are made of stays, and nobody comes back by an import."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from treaty.conversations.commands import write_note
from treaty.kit.models import Bulk, BulkLine
from treaty.ledger.models import Identity, IdentityText, Touchpoint, TouchpointText
from treaty.people import commands, journal, projections
from treaty.people.commands import forgetting
from treaty.people.models import Employment, Person, PersonIdentity, PersonTag
from treaty.people.rules import Outcome, PersonDraft
from treaty.people.tests.factories import SINCE, person, pia
from treaty.people.tests.test_api import api, send
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def forget(someone: Person) -> bool:
    return commands.forget_person(someone.pk, at=AT, by=None)


def everything_readable() -> str:
    """All texts of all tables, as somebody with the database in hands would read them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


@pytest.mark.django_db
def test_what_was_changed_in_lists_is_forgotten_and_does_not_come_back(client: Client) -> None:
    buyer, other = person("Pia", city="Katowice"), person("Ewa", city="Gdynia")
    client.force_login(staff.mia())
    told = {"field": "city", "pick": [buyer.pk, other.pk], "next": "/people/"}
    cells = {f"was-{buyer.pk}": "Katowice", f"cell-{buyer.pk}": "Lublin"}
    cells |= {f"was-{other.pk}": "Radom", f"cell-{other.pk}": "Elblag"}
    client.post("/people/bulk/people.cells", told | cells)
    client.post("/people/bulk/people.change", told | {"told": "1", "value": ""})
    forget(buyer)
    left = everything_readable()
    assert [word in left for word in ("Katowice", "Lublin", "Elblag", "Gdynia")] == [False, False, True, True]
    for known in Bulk.objects.order_by("-pk"):
        client.post(f"/bulk/{known.pk}/undoing")
    client.post("/people/bulk/people.change", told | {"told": "1", "value": "Opole"})
    client.post("/people/bulk/people.tag", told | {"tags": "fair"})
    assert list(PersonTag.objects.values_list("person", flat=True)) == [other.pk]
    cities = Person.objects.order_by("pk").values_list("city", flat=True)
    assert list(cities) == ["", "Opole"], "nobody fills in again who asked to be forgotten"


@pytest.mark.django_db
def test_the_lines_of_who_is_forgotten_are_found_along_an_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = BulkLine.objects.filter(record__in=[1, 2]).explain()
    assert "bulk_lines_of_record" in plan


@pytest.mark.django_db
def test_nothing_readable_stays_in_any_table() -> None:
    ann = staff.ann()
    buyer = pia(company="Huta", title="Buyer of rails", tags=("fair",), owner=ann)
    commands.change_person(buyer.pk, changes={"city": "Katowice"}, at=AT, by=ann.pk)
    write_note(buyer.pk, text="Her daughter is called Zuzanna.", at=AT, by=ann.pk)
    for word in ("Kowalska", "Zuzanna", "+48321234567", "Katowice"):
        assert word in everything_readable()
    assert forget(buyer)
    left = everything_readable()
    for word in ("Kowalska", "kowalska", "Zuzanna", "+48321234567", "Katowice", "Buyer of rails"):
        assert word not in left


@pytest.mark.django_db
def test_what_figures_are_made_of_stays() -> None:
    ann = staff.ann()
    buyer = pia(owner=ann)
    write_note(buyer.pk, text="Called back.", at=AT, by=ann.pk)
    before = list(Touchpoint.objects.order_by("id").values_list("id", "kind", "payload"))
    links = set(PersonIdentity.objects.filter(person=buyer).values_list("identity_id", flat=True))
    forget(buyer)
    after = list(Touchpoint.objects.order_by("id").values_list("id", "kind", "payload"))
    assert after[: len(before)] == before
    assert [kind for _id, kind, _payload in after[len(before) :]] == ["PersonForgotten"]
    row = Person.objects.get(pk=buyer.pk)
    assert (row.name, row.owner_id, row.stage) == (f"#{buyer.pk}", ann.pk, buyer.stage)
    assert set(PersonIdentity.objects.filter(person=buyer).values_list("identity_id", flat=True)) == links
    assert Identity.objects.filter(pk__in=links).count() == len(links)
    assert not IdentityText.objects.filter(identity__in=links).exists()
    assert not TouchpointText.objects.exists()
    assert not Employment.objects.exists()
    assert not PersonTag.objects.exists()


@pytest.mark.django_db
def test_forgetting_twice_is_once() -> None:
    buyer = pia()
    assert forget(buyer)
    assert not forget(buyer)
    assert Touchpoint.objects.filter(kind="PersonForgotten").count() == 1


@pytest.mark.django_db
def test_many_are_forgotten_at_once_with_the_statements_of_one(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[CaptureQueriesContext]],
) -> None:
    crowd = [person(f"Buyer {number}").pk for number in range(60)]
    with django_assert_max_num_queries(70):
        assert commands.forget_persons(crowd, at=AT, by=None, cause="retention") == 60
    assert set(Person.objects.values_list("name", flat=True)) == {f"#{pk}" for pk in crowd}
    assert not IdentityText.objects.exists()
    lines = AuditRow.objects.filter(verb="person_forgotten", about_id__in=crowd)
    assert [line.changes for line in lines] == [{"cause": [None, "retention"]}] * 60
    assert commands.forget_persons(crowd, at=AT, by=None, cause="retention") == 0


@pytest.mark.django_db
def test_a_rebuild_finds_everything_as_forgetting_left_it() -> None:
    buyer = pia()
    forget(buyer)
    row = Person.objects.get(pk=buyer.pk)
    assert row.unsubscribed_at == row.do_not_call_at == AT
    assert projections.rebuild(check=True, at=AT) == 0


@pytest.mark.django_db
def test_an_import_brings_nobody_back_and_leaves_nothing_new() -> None:
    buyer = pia()
    forget(buyer)
    draft = PersonDraft(
        name="Pia Kowalska", emails=("pia.kowalska@example.com", "pia@new.example"), tags=("x",)
    )
    (added,) = commands.add_persons([draft], at=AT, by=None, source="import")
    assert added.outcome is Outcome.FORGOTTEN
    assert Person.objects.get().name == f"#{buyer.pk}"
    assert not IdentityText.objects.exists()


@pytest.mark.django_db
def test_a_name_alone_is_somebody_else() -> None:
    forget(pia())
    (added,) = commands.add_persons([PersonDraft(name="Pia Kowalska")], at=AT, by=None, source="import")
    assert added.outcome is Outcome.NEW


@pytest.mark.django_db
def test_the_audit_lets_go_of_values_and_of_nothing_else() -> None:
    ann, buyer = staff.ann(), pia()
    commands.change_person(buyer.pk, changes={"city": "Katowice"}, at=AT, by=ann.pk)
    forget(buyer)
    changed = AuditRow.objects.get(verb="person_changed")
    assert (changed.by_id, changed.about_id, changed.changes) == (ann.pk, buyer.pk, {})
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.filter(pk=changed.pk).update(verb="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.filter(pk=changed.pk).update(changes={"city": ["", "Gdynia"]})


@pytest.mark.django_db
def test_a_forgotten_person_cannot_be_merged() -> None:
    buyer, other = pia(), person("P. Kowalska")
    forget(buyer)
    with pytest.raises(commands.CannotMerge):
        commands.merge_persons(other.pk, merged=buyer.pk, at=AT, by=None)


@pytest.mark.django_db
def test_the_api_forgets_for_who_may_and_refuses_the_address_from_then_on() -> None:
    buyer = pia()
    path = f"/api/persons/{buyer.pk}/forgetting"
    assert send(api(staff.mia()), "POST", path, {}).status_code == 403
    ada = api(staff.admin())
    answer = send(ada, "POST", path, {})
    assert answer.status_code == 200
    assert answer.json()["forgotten_at"]
    again = send(ada, "POST", "/api/persons", {"emails": ["pia.kowalska@example.com"]})
    assert again.status_code == 409
    assert send(ada, "PATCH", f"/api/persons/{buyer.pk}", {"city": "Gdynia"}).status_code == 404


@pytest.mark.django_db
def test_the_page_asks_for_the_number_and_is_not_there_for_who_may_not() -> None:
    buyer, client = pia(), Client()
    path = f"/people/{buyer.pk}/forgetting"
    client.force_login(staff.mia())
    assert client.get(path).status_code == 403
    client.force_login(staff.admin())
    assert b"cannot be undone" in client.get(path).content
    assert client.post(path, {"number": "0"}).status_code == 422
    assert Person.objects.get().forgotten_at is None
    assert client.post(path, {"number": f"#{buyer.pk}"}).status_code == 302
    assert Person.objects.get().forgotten_at is not None
    assert client.get(path).status_code == 404
    page = client.get(f"/people/{buyer.pk}/").content.decode()
    assert "Forgotten on" in page
    assert "Log call" not in page


@pytest.mark.django_db(transaction=True)
def test_the_journal_lets_a_restored_database_forget_again() -> None:
    buyer, other = pia(), person("Jan Nowak")
    anchors = set(Identity.objects.filter(pk=buyer.anchor_id).values_list("key", flat=True))
    forget(buyer)
    assert set(journal.anchors()) == anchors
    assert "Kowalska" not in journal.place().read_text()
    Person.objects.filter(pk=buyer.pk).update(forgotten_at=None, name="Pia Kowalska", email="pia@example.com")
    assert commands.forget_again(at=SINCE, anchors=set(journal.anchors())) == 1
    assert Person.objects.get(pk=buyer.pk).email == ""
    assert Person.objects.get(pk=other.pk).name == "Jan Nowak"


@pytest.mark.django_db(transaction=True)
def test_the_journal_knows_of_it_even_if_a_file_that_named_them_cannot_be_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_file(_kind: str, _ids: object) -> None:
        transaction.on_commit(fail)

    def fail() -> None:
        raise OSError("Input/output error")

    monkeypatch.setattr(forgetting, "erase_documents", no_file)
    someone = pia()
    with pytest.raises(OSError, match="Input"):
        forget(someone)
    assert set(journal.anchors()) == {Identity.objects.get(pk=someone.anchor_id).key}


@pytest.mark.django_db(transaction=True)
def test_a_journal_that_lost_a_line_is_mended_from_the_ledger() -> None:
    forget(pia())
    whole = set(journal.anchors())
    journal.place().write_text('{"at": "2026')
    assert commands.mend_journal(at=AT) == 1
    assert set(journal.anchors()) == whole
    assert commands.mend_journal(at=AT) == 0


@pytest.mark.django_db
def test_what_is_known_of_a_person_is_one_file_with_everything_in_it() -> None:
    ann = staff.ann()
    buyer, client = pia(title="Buyer of rails", tags=("fair",), owner=ann), Client()
    commands.change_person(buyer.pk, changes={"city": "Katowice"}, at=AT, by=ann.pk)
    write_note(buyer.pk, text="Her daughter is called Zuzanna.", at=AT, by=ann.pk)
    client.force_login(ann)
    assert client.get(f"/people/{buyer.pk}/dossier").status_code == 403
    client.force_login(staff.mia())
    answer = client.get(f"/people/{buyer.pk}/dossier")
    assert answer["Content-Disposition"] == f'attachment; filename="person-{buyer.pk}.json"'
    known = answer.json()
    assert known["person"]["title"] == "Buyer of rails"
    assert {one["value"] for one in known["identities"]} == {"pia.kowalska@example.com", "+48321234567"}
    assert known["tags"] == ["fair"]
    assert known["touchpoints"][-1]["text"] == "Her daughter is called Zuzanna."
    assert {"deals", "handovers", "score", "segments"} <= known.keys()
    assert known["changes"][-1]["fields"] == {"city": ["", "Katowice"]}
