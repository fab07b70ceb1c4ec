"""Cells of every kind of field changed in a list: what the page offers, what is written, what goes back."""

import re
from typing import Any

import pytest
from django.test import Client

from treaty.documents.tests.factories import document
from treaty.fields import queries
from treaty.fields.commands import retire_option, set_values
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import SINCE, field, of_each_kind
from treaty.kit.bulk import counts
from treaty.kit.models import Bulk
from treaty.people import commands as people
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


@pytest.fixture(name="ann")
def representative(client: Client) -> Client:
    client.force_login(staff.ann())
    return client


def page(client: Client, key: str) -> str:
    """The list of people whose cells of a field are being changed."""
    return client.get("/people/", {"cols": f"name,own_{key}", "edit": f"own_{key}"}).content.decode()


def form(html: str) -> dict[str, list[str]]:
    """What the form of the cells would send as it stands."""
    told: dict[str, list[str]] = {}
    for tag in re.findall(r'<input [^>]*form="list-cells"[^>]*>', html):
        if 'type="checkbox"' not in tag or " checked" in tag:
            name, value = (re.search(rf' {what}="([^"]*)"', tag) for what in ("name", "value"))
            assert name is not None
            assert value is not None
            told.setdefault(name[1], []).append(value[1])
    for name, inner in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        if name.startswith("cell-"):
            chosen = re.search(r'value="([^"]*)" selected', inner) or re.search(r'value="([^"]*)"', inner)
            assert chosen
            told[name] = [chosen[1]]
    return told


def send(client: Client, key: str, **changed: Any) -> Any:
    """Change some cells in the form as the page has it, and send it."""
    told = form(page(client, key)) | {name.replace("_", "-"): value for name, value in changed.items()}
    return client.post(
        "/people/bulk/people.cells", {**told, "field": f"own_{key}", "next": "/people/?cols=all"}
    )


def own(one: int) -> dict[str, Any]:
    return queries.values_of("person", [one])[one]


def fill(one: int, key: str, value: object) -> None:
    set_values("person", {one: {key: value}}, at=SINCE, by=None)


def undo(client: Client) -> None:
    client.post(f"/bulk/{Bulk.objects.latest('pk').pk}/undoing")


def test_several_choices_are_ticked_in_a_cell_and_go_back(ann: Client) -> None:
    field("Likes", Kind.MANY)
    buyer, other = pia(owner=staff.ann()), person("Ewa", owner=staff.ann())
    fill(buyer.pk, "likes", ["gold"])
    fill(other.pk, "likes", ["lodz", "gold"])
    html = page(ann, "likes")
    assert f'popovertarget="cell-{buyer.pk}-choices"' in html
    assert '<span data-ticked="—">Gold</span>' in html
    send(ann, "likes", **{f"cell_{buyer.pk}": ["", "silver", "gold"]})
    assert own(buyer.pk) == {"likes": ["gold", "silver"]}
    assert counts(Bulk.objects.get().pk)["done"] == 1, "the other row says what it said"
    undo(ann)
    assert own(buyer.pk) == {"likes": ["gold"]}
    send(ann, "likes", **{f"cell_{buyer.pk}": [""]})
    assert own(buyer.pk) == {}
    undo(ann)
    assert own(buyer.pk) == {"likes": ["gold"]}


@pytest.mark.parametrize("way", ["Rosa Lima", "Rosa Lima #{}", "#{}", "rosa lima"])
def test_a_person_is_named_in_a_cell_and_goes_back(ann: Client, way: str) -> None:
    field("Buddy", Kind.PERSON)
    buyer, rosa = pia(owner=staff.ann()), person("Rosa Lima", owner=staff.ann())
    send(ann, "buddy", **{f"cell_{buyer.pk}": [way.format(rosa.pk)]})
    assert own(buyer.pk) == {"buddy": rosa.pk}
    html = page(ann, "buddy")
    assert f'name="was-{buyer.pk}" value="Rosa Lima #{rosa.pk}"' in html
    send(ann, "buddy")
    assert Bulk.objects.count() == 1, "what stands there is no change"
    undo(ann)
    assert own(buyer.pk) == {}


def test_a_company_and_nothing_are_told_in_cells(ann: Client) -> None:
    field("Partner", Kind.COMPANY)
    buyer, firm = pia(owner=staff.ann()), company("Huta Wschód")
    people.change_company(firm.pk, changes={"owner_id": staff.ann().pk}, at=SINCE, by=None)
    send(ann, "partner", **{f"cell_{buyer.pk}": ["Huta Wschód"]})
    assert own(buyer.pk) == {"partner": firm.pk}
    send(ann, "partner", **{f"cell_{buyer.pk}": [""]})
    assert own(buyer.pk) == {}
    undo(ann)
    assert own(buyer.pk) == {"partner": firm.pk}


def test_whom_one_does_not_see_one_cannot_name_and_does_not_lose(ann: Client) -> None:
    field("Buddy", Kind.PERSON)
    hidden = person("Hidden Helga", owner=staff.cy())
    buyer, other = pia(owner=staff.ann()), person("Rosa Lima", owner=staff.ann())
    report = send(ann, "buddy", **{f"cell_{buyer.pk}": [f"#{hidden.pk}"]})
    assert "There is no such record." in ann.get(report["Location"]).content.decode()
    fill(buyer.pk, "buddy", hidden.pk)
    html = page(ann, "buddy")
    assert "Hidden Helga" not in html
    assert f'value="#{hidden.pk}"' in html
    send(ann, "buddy", **{f"cell_{buyer.pk}": [f"#{other.pk}"]})
    assert own(buyer.pk) == {"buddy": other.pk}
    undo(ann)
    assert own(buyer.pk) == {"buddy": hidden.pk}


def test_a_file_is_chosen_among_the_documents_on_the_record(ann: Client, query_count: Any) -> None:
    field("Contract", Kind.FILE)
    buyer, other = pia(owner=staff.ann()), person("Ewa", owner=staff.ann())
    one = document("person", buyer.pk)
    html = page(ann, "contract")
    assert f'<option value="#{one}">quote.txt</option>' in html
    assert f'href="/people/{other.pk}/edit"' in html, "where one puts a file onto it"
    send(ann, "contract", **{f"cell_{buyer.pk}": [f"#{one}"]})
    assert own(buyer.pk) == {"contract": one}
    undo(ann)
    assert own(buyer.pk) == {}
    with query_count("the files of a list being changed"):
        page(ann, "contract")
    document("person", other.pk)
    with query_count("the files of a list being changed"):
        page(ann, "contract")


def test_what_is_out_of_use_stays_with_who_has_it_until_somebody_changes_it(ann: Client) -> None:
    rows = [field("Plan", Kind.CHOICE), field("Likes", Kind.MANY)]
    buyer, other = pia(owner=staff.ann()), person("Ewa", owner=staff.ann())
    fill(buyer.pk, "plan", "gold")
    fill(buyer.pk, "likes", ["gold", "silver"])
    for row in rows:
        retire_option(row.id, option=row.options[0].id, at=SINCE, by=None)
    send(ann, "plan", **{f"cell_{other.pk}": ["silver"]})
    send(ann, "likes", **{f"cell_{other.pk}": ["", "silver"]})
    assert own(buyer.pk) == {"plan": "gold", "likes": ["gold", "silver"]}
    assert own(other.pk) == {"plan": "silver", "likes": ["silver"]}
    report = send(ann, "plan", **{f"cell_{other.pk}": ["gold"]})
    assert "This is none of the choices." in ann.get(report["Location"]).content.decode()


def test_somebody_who_left_keeps_what_was_theirs(client: Client) -> None:
    bo, buyer, other = staff.bo(), pia(owner=staff.bo()), person("Ewa", owner=staff.ann())
    User.objects.filter(pk=bo.pk).update(is_active=False)
    client.force_login(staff.mia())
    told = form(client.get("/people/", {"cols": "name,owner", "edit": "owner"}).content.decode())
    assert told[f"cell-{buyer.pk}"] == [str(bo.pk)]
    client.post("/people/bulk/people.cells", {**told, "field": "owner", f"cell-{other.pk}": staff.mia().pk})
    assert [type(buyer).objects.get(pk=one).owner_id for one in (buyer.pk, other.pk)] == [
        bo.pk,
        staff.mia().pk,
    ]


def test_what_somebody_wrote_meanwhile_is_told_in_words(ann: Client) -> None:
    of_each_kind()
    buyer = pia(owner=staff.ann())
    rosa = person("Rosa Lima", owner=staff.ann())
    now = {"choice": "lodz", "many": ["gold", "lodz"], "person": rosa.pk}
    told = {key: form(page(ann, key)) for key in (*now, "date")}
    set_values("person", {buyer.pk: now}, at=SINCE, by=None)
    words = {"choice": "Łódź", "many": "Gold; Łódź", "person": "Rosa Lima"}
    for key, said in words.items():
        changed = {
            f"cell-{buyer.pk}": ["silver" if key != "person" else f"#{buyer.pk}"],
            "field": f"own_{key}",
            "next": "/people/?cols=all",
        }
        report = ann.post("/people/bulk/people.cells", told[key] | changed)
        assert f"it is “{said}” now." in ann.get(report["Location"]).content.decode()
    ann.force_login(staff.mia())
    people.assign_owner([buyer.pk], owner=staff.bo().pk, at=SINCE, by=None)
    mine = {"field": "owner", f"was-{buyer.pk}": staff.ann().pk, f"cell-{buyer.pk}": ""}
    report = ann.post("/people/bulk/people.cells", {**mine, "pick": [buyer.pk], "next": "/people/"})
    assert f"it is “{staff.bo().name}” now." in ann.get(report["Location"]).content.decode()


def test_what_fits_is_offered_while_one_types_to_who_may_see_it(ann: Client) -> None:
    rosa = person("Rosa Lima", owner=staff.ann())
    person("Rosa Hidden", owner=staff.cy())
    offered = ann.get("/fields/records/person", {"q": "ros"}).content.decode()
    assert re.findall('value="(.*?)"', offered) == [f"Rosa Lima #{rosa.pk}"]
    assert ann.get("/fields/records/person", {"q": " "}).content == b""
    assert ann.get("/fields/records/deal").status_code == 404
