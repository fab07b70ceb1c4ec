"""The bin on its pages and over the API: who may put persons there and bring them back, and what it shows."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.api.world import caller
from treaty.people import commands
from treaty.people.models import BinnedPerson, Candidate, Person
from treaty.people.queries import visible_persons
from treaty.people.tests.factories import person, pia
from treaty.staff.models import AuditRow, User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_ann_puts_a_person_into_the_bin_and_brings_it_back() -> None:
    ann = staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    answer = client.post(f"/people/{buyer.pk}/bin", follow=True)
    assert "Pia Kowalska is in the bin." in text(answer)
    assert f'action="/people/{buyer.pk}/bin" data-undo="DELETE"' in text(answer)
    assert client.get(f"/people/{buyer.pk}/").headers["Location"] == "/people/bin/"
    shown = text(client.get("/people/bin/"))
    assert "Pia Kowalska" in shown
    assert "19 Dec" in shown
    client.post(f"/people/{buyer.pk}/bin", {"_method": "DELETE"})
    assert "Pia Kowalska" in text(client.get(f"/people/{buyer.pk}/"))
    assert "The bin is empty" in text(client.get("/people/bin/"))
    verbs = AuditRow.objects.filter(about_id=buyer.pk, verb__in=("person_binned", "person_restored"))
    assert verbs.count() == 2


def test_the_page_of_a_person_tells_that_it_was_in_the_bin() -> None:
    ann = staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    client.post(f"/people/{buyer.pk}/bin")
    client.post(f"/people/{buyer.pk}/bin", {"_method": "DELETE"})
    shown = text(client.get(f"/people/{buyer.pk}/"))
    assert "Was put into the bin" in shown
    assert "Came back from the bin" in shown


def test_many_are_deleted_at_once_and_it_is_undone() -> None:
    ann = staff.ann()
    persons = [person(f"Rosa {n}", owner=ann) for n in range(3)]
    client = signed_in(ann)
    client.post("/people/bulk/people.bin", {"pick": [row.pk for row in persons[:2]]})
    assert set(visible_persons(ann)) == {persons[2]}
    client.post("/people/bin/bulk/bin.restore", {"pick": [persons[0].pk]})
    assert set(visible_persons(ann)) == {persons[0], persons[2]}
    assert signed_in(staff.cy()).post("/people/bulk/people.bin", {"pick": [persons[0].pk]}).status_code == 302
    assert set(visible_persons(ann)) == {persons[0], persons[2]}


def test_the_bin_shows_whom_one_would_see_and_obeys_rights() -> None:
    ann, cy, olu = staff.ann(), staff.cy(), staff.user("Olu", "onlooker")
    buyer = pia(owner=ann)
    commands.bin_persons([buyer.pk], at=AT, by=ann.pk)
    assert "Pia Kowalska" not in text(signed_in(cy).get("/people/bin/"))
    assert signed_in(cy).post(f"/people/{buyer.pk}/bin", {"_method": "DELETE"}).status_code == 404
    assert "Pia Kowalska" in text(signed_in(olu).get("/people/bin/"))
    assert signed_in(olu).post(f"/people/{buyer.pk}/bin", {"_method": "DELETE"}).status_code == 403
    assert signed_in(olu).post(f"/people/{buyer.pk}/bin").status_code == 403
    assert BinnedPerson.objects.count() == 1


def test_the_bin_is_a_list_like_others(query_count: Any) -> None:
    admin = staff.admin()
    ids = [person(f"Rosa {n}").pk for n in range(3)]
    commands.bin_persons(ids, at=AT, by=admin.pk)
    client = signed_in(admin)
    with query_count("bin"):
        client.get("/people/bin/")
    headers = {"HX-Request": "true", "HX-Target": "list"}
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    swap, reload = (token.sub("", text(client.get("/people/bin/", headers=given))) for given in (headers, {}))
    assert "Rosa 2" in swap
    assert swap.strip() in reload
    assert client.get("/people/bin/?format=csv").getvalue().decode().count("Rosa") == 3
    assert "Rosa 1" not in text(client.get("/people/bin/?q=rosa+2"))


def test_nobody_is_added_twice_because_one_lies_in_the_bin() -> None:
    ann = staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    commands.bin_persons([buyer.pk], at=AT, by=ann.pk)
    told = {"family_name": "Kowalska", "email": buyer.email, "stage": "lead"}
    answer = client.post("/people/new", told)
    assert answer.status_code == 422
    assert "is in the bin, so nothing was added" in text(answer)
    with pytest.raises(commands.IdentityTaken):
        commands.add_identity(person("Rosa Lima").pk, kind="email", value=buyer.email, at=AT, by=None)


def test_pairs_of_whom_one_lies_in_the_bin_are_not_shown() -> None:
    one = pia(company="Huta Wschód")
    other = person("Pia Kowalksa", company="Huta Wschód", emails=())
    scan = commands.Scan()
    scan.step(at=AT)
    assert Candidate.objects.count() == 1
    commands.bin_persons([other.pk], at=AT, by=None)
    assert Candidate.objects.count() == 0
    commands.restore_persons([other.pk], at=AT, by=None)
    commands.Scan().step(at=AT)
    assert list(Candidate.objects.values_list("one", "other")) == [(one.pk, other.pk)]


def test_the_bin_over_the_api() -> None:
    call, buyer = caller(staff.admin()), pia()
    path = f"/persons/{buyer.pk}"
    assert call("POST", f"{path}/restoration").status_code == 404
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404
    assert call("DELETE", path).status_code == 404
    assert call("POST", "/persons", {"name": "Pia", "emails": [buyer.email]}).status_code == 409
    batch = call("POST", "/batches/persons", {"items": [{"name": "Pia", "emails": [buyer.email]}]}).json()
    assert batch["refused"] == 1
    assert call("POST", f"{path}/restoration").json()["name"] == "Pia Kowalska"
    assert call("GET", path).status_code == 200


def test_who_was_forgotten_in_the_bin_stays_out_of_sight() -> None:
    admin, buyer = staff.admin(), pia()
    commands.bin_persons([buyer.pk], at=AT, by=None)
    commands.forget_person(buyer.pk, at=AT, by=None)
    assert Person.objects.get(pk=buyer.pk).forgotten_at == AT
    assert "The bin is empty" in text(signed_in(admin).get("/people/bin/"))
    assert not visible_persons(admin).filter(pk=buyer.pk).exists()
    assert commands.restore_persons([buyer.pk], at=AT, by=None) == []
