"""Cells changed in the list: what is written, what somebody else wrote meanwhile stays, and all goes back."""

import re

import pytest
from django.test import Client

from treaty.kit.bulk import counts
from treaty.kit.models import Bulk
from treaty.kit.queries import LINES
from treaty.people import commands
from treaty.people.models import Company, Person
from treaty.people.tests.factories import SINCE, company, person
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

PAGE = "/people/?cols=name%2Ccity&edit=city"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, path: str, form: str) -> dict[str, list[str]]:
    """What the form of a page would send as it stands."""
    html = client.get(path).content.decode()
    fields: dict[str, list[str]] = {}
    for tag in re.findall(rf'<input [^>]*form="{form}"[^>]*>', html):
        name, value = (re.search(rf'{what}="([^"]*)"', tag) for what in ("name", "value"))
        assert name is not None
        assert value is not None
        fields.setdefault(name[1], []).append(value[1])
    return fields


def cities() -> list[str]:
    return list(Person.objects.order_by("pk").values_list("city", flat=True))


def test_a_column_is_changed_cell_by_cell_and_goes_back() -> None:
    ann = signed_in(staff.ann())
    one, other = (person(name, city="Lodz", owner=staff.ann()) for name in ("Pia Kowalska", "Ewa Nowak"))
    told = sent(ann, PAGE, "list-cells")
    assert told[f"was-{one.pk}"] == told[f"cell-{one.pk}"] == ["Lodz"]
    told[f"cell-{one.pk}"] = ["Łódź "]
    answer = ann.post(
        "/people/bulk/people.cells", {**told, "field": "city", "next": "/people/?cols=name%2Ccity"}
    )
    assert answer["Location"] == "/people/?cols=name%2Ccity"
    assert cities() == ["Łódź", "Lodz"]
    assert counts(Bulk.objects.get().pk) == dict.fromkeys(LINES, 0) | {"done": 1}
    ann.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert cities() == ["Lodz", "Lodz"]
    assert other.pk > one.pk


def test_what_somebody_wrote_meanwhile_is_not_lost() -> None:
    ann, buyer = signed_in(staff.ann()), person(city="Lodz", owner=staff.ann())
    told = sent(ann, PAGE, "list-cells") | {"field": ["city"], f"cell-{buyer.pk}": ["Kraków"]}
    commands.change_person(buyer.pk, changes={"city": "Gdańsk"}, at=SINCE, by=staff.bo().pk)
    answer = ann.post("/people/bulk/people.cells", told | {"next": ["/people/?cols=name%2Ccity"]})
    page = ann.get(answer["Location"]).content.decode()
    assert cities() == ["Gdańsk"]
    assert answer["Location"] == f"/people/?cols=name%2Ccity&edit=city&tried={Bulk.objects.get().pk}"
    assert "Somebody changed it meanwhile; it is “Gdańsk” now." in page
    assert "1 cell was not changed: the reason stands beside it." in page
    assert f'name="was-{buyer.pk}" value="Gdańsk"' in page
    assert re.search(r'<input type="text" value="Kraków" [^>]*aria-invalid="true"', page)
    assert "Kraków" not in signed_in(staff.bo()).get(answer["Location"]).content.decode()
    ann.post("/people/bulk/people.cells", sent(ann, answer["Location"], "list-cells") | {"field": ["city"]})
    assert cities() == ["Kraków"], "whoever has read the reason may insist"


def test_undoing_keeps_what_somebody_wrote_since() -> None:
    ann, buyer = signed_in(staff.ann()), person(city="Lodz", owner=staff.ann())
    told = sent(ann, PAGE, "list-cells") | {"field": ["city"], f"cell-{buyer.pk}": ["Kraków"]}
    ann.post("/people/bulk/people.cells", told)
    commands.change_person(buyer.pk, changes={"city": "Gdańsk"}, at=SINCE, by=staff.bo().pk)
    ann.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert cities() == ["Gdańsk"]


def test_a_value_that_makes_no_sense_is_told() -> None:
    mia, works = signed_in(staff.mia()), company("Huta Wschód", employees=12)
    told = {"pick": [works.pk], "field": "employees", f"was-{works.pk}": "12", f"cell-{works.pk}": "many"}
    told["next"] = "/companies/?edit=employees&tried=7"
    report = mia.get(mia.post("/companies/bulk/companies.cells", told)["Location"]).content.decode()
    assert "Enter a whole number." in report
    mia.post("/companies/bulk/companies.cells", told | {f"cell-{works.pk}": "1200"})
    assert Company.objects.get().employees == 1200


def test_an_owner_is_chosen_in_the_list() -> None:
    ann, buyer = staff.ann(), person(owner=staff.ann())
    client, bo = signed_in(ann), staff.bo()
    assert (
        f'<select class="input" name="cell-{buyer.pk}"' in client.get("/people/?edit=owner").content.decode()
    )
    told = {"pick": [buyer.pk], "field": "owner", f"was-{buyer.pk}": ann.pk, f"cell-{buyer.pk}": bo.pk}
    client.post("/people/bulk/people.cells", told)
    assert Person.objects.get().owner_id == bo.pk


@pytest.mark.parametrize("field", ["email", "stage", "folded", ""])
def test_only_columns_that_are_offered_are_changed(field: str) -> None:
    buyer = person()
    told = {"pick": [buyer.pk], "field": field, f"was-{buyer.pk}": "", f"cell-{buyer.pk}": "x"}
    signed_in(staff.mia()).post("/people/bulk/people.cells", told)
    assert not Bulk.objects.exists()


def test_who_only_looks_on_changes_nothing_and_sees_no_pencil() -> None:
    person(city="Lodz")
    html = signed_in(staff.user("Olga", "onlooker")).get(PAGE).content.decode()
    assert "data-cell" not in html
    assert 'class="edit"' not in html


@pytest.mark.parametrize("path", [PAGE, "/companies/?edit=employees"])
def test_a_swap_is_the_part_a_reload_shows(path: str) -> None:
    mia = signed_in(staff.mia())
    person(city="Lodz", company="Huta Wschód")
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}
    swap, reload = (token.sub("", mia.get(path, headers=given).content.decode()) for given in (headers, {}))
    assert "data-cell" in swap
    assert swap.strip() in reload


def test_saving_without_a_change_says_so_and_does_nothing() -> None:
    ann, _buyer = signed_in(staff.ann()), person(city="Lodz", owner=staff.ann())
    told = sent(ann, PAGE, "list-cells") | {"field": ["city"]}
    page = ann.post("/people/bulk/people.cells", told, follow=True).content.decode()
    assert "Nothing was changed." in page
    assert not Bulk.objects.exists()


def test_a_blank_at_the_edge_is_no_change() -> None:
    mia, buyer = signed_in(staff.mia()), person(city=" Lodz")
    told = {"pick": [buyer.pk], "field": "city", f"was-{buyer.pk}": " Lodz", "next": "/people/"}
    mia.post("/people/bulk/people.cells", told | {f"cell-{buyer.pk}": "Lodz"})
    assert not Bulk.objects.exists()
    mia.post("/people/bulk/people.cells", told | {f"cell-{buyer.pk}": "Łódź"})
    assert cities() == ["Łódź"]


def test_columns_are_changed_and_put_in_order_without_their_heads() -> None:
    person(city="Lodz")
    html = signed_in(staff.mia()).get("/people/?cols=name,city,added").content.decode()
    menus = [re.search(rf'id="{ident}"[^>]*>(.*?)</div>', html) for ident in ("list-order", "list-change")]
    assert [re.findall(r">([^<]+)</a>", menu[1]) for menu in menus if menu] == [["Name", "Added"], ["City"]]
    assert (
        'id="list-change"' not in signed_in(staff.user("Olga", "onlooker")).get("/people/").content.decode()
    )
