"""Two records that no scan paired: named on a page or in the list, compared with their own fields, and merged."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from treaty.fields.queries import values_of
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.people import commands
from treaty.people.models import Candidate, Merge, Person
from treaty.people.tests.factories import person
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def two() -> tuple[int, int]:
    """Two records that nothing but a colleague takes for one person."""
    return person("Pia Kowalska").pk, person("P. K. Nowak-Lis").pk


def own(one: int) -> dict[str, Any]:
    return values_of("person", [one])[one]


def test_the_page_of_a_person_leads_to_both_side_by_side() -> None:
    one, other = two()
    client = signed_in(staff.mia())
    assert f"/people/{one}/merging" in client.get(f"/people/{one}/").content.decode()
    assert client.get(f"/people/{one}/merging").status_code == 200
    there = client.post(f"/people/{one}/merging", {"other": "P. K. Nowak-Lis"})["Location"]
    page = client.get(there).content.decode()
    assert "Somebody asked whether they are one person." in page
    client.post(f"{there}merge")
    assert list(Person.objects.values_list("pk", flat=True)) == [one]
    assert client.get(f"/people/{other}/")["Location"] == f"/people/{one}/"


def test_two_ticked_rows_lead_there_and_no_other_number_does() -> None:
    one, other = two()
    third = person("Cyd").pk
    client = signed_in(staff.mia())
    there = client.post("/people/merging", {"pick": [one, other]})["Location"]
    assert there == f"/people/duplicates/{Candidate.objects.get().pk}/"
    for picked in ([one], [one, other, third]):
        said = client.post("/people/merging", {"pick": picked}, follow=True).content.decode()
        assert "Tick the two records of one person." in said
    assert Candidate.objects.count() == 1


def test_a_scan_drops_no_pair_that_somebody_named_and_weighs_it_where_it_can() -> None:
    one, other = two()
    pair = commands.propose_pair(other, one, at=AT)
    assert commands.propose_pair(one, other, at=AT) == pair
    while commands.Scan().step(at=AT):
        pass
    row = Candidate.objects.get(pk=pair)
    assert (row.one_id, row.other_id, row.state, row.bits) == (one, other, "open", 0)
    page = signed_in(staff.mia()).get("/people/duplicates/").content.decode()
    assert "Somebody asked whether they are one" in page
    commands.change_person(
        other,
        changes={"name": "Pia Kowalksa", "given_name": "Pia", "family_name": "Kowalksa"},
        at=AT,
        by=None,
    )
    commands.change_person(one, changes={"given_name": "Pia", "family_name": "Kowalska"}, at=AT, by=None)
    commands.add_identity(one, kind="phone", value="+48321234567", label="", at=AT, by=None)
    commands.add_identity(other, kind="phone", value="+48321234568", label="", at=AT, by=None)
    while commands.Scan().step(at=AT):
        pass
    row.refresh_from_db()
    assert row.pk == pair


def test_nobody_names_whom_they_do_not_see_or_a_person_itself() -> None:
    one = person("Pia", owner=staff.ann()).pk
    hidden = person("Olga", owner=staff.cy()).pk
    client = signed_in(staff.ann())
    for told in (f"#{hidden}", "Olga", f"#{one}", ""):
        assert client.post(f"/people/{one}/merging", {"other": told}).status_code == 422, told
    assert client.get(f"/people/{hidden}/merging").status_code == 404
    assert signed_in(staff.user("Olga", "onlooker")).post("/people/merging").status_code == 403
    assert not Candidate.objects.exists()


def test_own_fields_stand_side_by_side_are_chosen_and_come_back() -> None:
    field("Plan", Kind.CHOICE)
    field("Size", Kind.NUMBER)
    field("Met at")
    one, other = two()
    commands.change_person(one, changes={}, own={"plan": "gold", "size": 5}, at=AT, by=None)
    commands.change_person(
        other, changes={}, own={"plan": "silver", "size": 7, "met_at": "fair"}, at=AT, by=None
    )
    client = signed_in(staff.mia())
    there = f"/people/duplicates/{commands.propose_pair(one, other, at=AT)}/"
    page = client.get(there).content.decode()
    assert 'name="own.plan" value="other"' in page
    assert "Silver" in page
    assert "fair" in page
    client.post(f"{there}merge", {"own.plan": "other", "own.size": "one"})
    assert own(one) == {"plan": "silver", "size": 5, "met_at": "fair"}
    commands.undo_merge(Merge.objects.get().pk, at=AT + timedelta(hours=1), by=None)
    assert own(one) == {"plan": "gold", "size": 5}
    assert own(other) == {"plan": "silver", "size": 7, "met_at": "fair"}


def test_what_was_taken_and_changed_since_stays_when_the_merge_is_undone() -> None:
    field("Plan", Kind.CHOICE)
    one, other = two()
    commands.change_person(one, changes={}, own={"plan": "gold"}, at=AT, by=None)
    commands.change_person(other, changes={}, own={"plan": "silver"}, at=AT, by=None)
    merged = commands.merge_persons(one, merged=other, take=("own.plan",), at=AT, by=None)
    commands.change_person(one, changes={}, own={"plan": "lodz"}, at=AT, by=None)
    commands.undo_merge(merged.id, at=AT, by=None)
    assert (own(one), own(other)) == ({"plan": "lodz"}, {"plan": "silver"})
