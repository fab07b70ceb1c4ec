"""The pages of people: a swap equals a reload, a fixed number of questions, forms, and who may open what."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from treaty.people import queries
from treaty.people.models import Company, Person
from treaty.people.rules import Stage
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return TOKEN.sub("", response.content.decode())


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?sort=name",
        "?stage=lead",
        "?q=nobody-at-all",
        "?owner=me&channel=email",
        "?where=1.name.has:kowal&where=1.owner.is:me&where=2.city.empty",
        "?where=1.name.has:kowal&filter=1.name.has:kowal&cols=city,name",
        "?filter=added",
    ],
)
@pytest.mark.parametrize("path", ["/people/", "/companies/"])
def test_a_swap_is_the_part_a_reload_shows(path: str, query: str) -> None:
    mia = signed_in(staff.mia())
    pia(company="Huta Wschód", channel="email", stage=Stage.LEAD, owner=staff.mia())
    reload = mia.get(path + query)
    swap = mia.get(path + query, headers=SCRIPT)
    assert reload.status_code == swap.status_code == 200
    assert text(swap).strip().startswith('<section class="card" id="list"')
    assert text(swap).strip() in text(reload)
    assert "<html" not in text(swap)


def test_the_list_asks_a_fixed_number_of_questions(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    ann = signed_in(staff.ann())
    for number in range(3):
        person(f"Person {number}", owner=staff.ann(), company=f"Company {number}", tags=("x",))
    ann.get("/people/")
    with query_count("people list"):
        ann.get("/people/")
    for number in range(3, 9):
        person(f"Person {number}", owner=staff.ann(), company=f"Company {number}")
    with query_count("people list"):
        assert "Person 8" in text(ann.get("/people/"))


def test_ann_finds_her_person_and_cy_does_not() -> None:
    pia(owner=staff.ann(), company="Huta Wschód")
    assert "Pia Kowalska" in text(signed_in(staff.ann()).get("/people/?q=kowal"))
    assert "Pia Kowalska" not in text(signed_in(staff.cy()).get("/people/?q=kowal"))
    assert "Huta" not in text(signed_in(staff.cy()).get("/companies/"))


@pytest.mark.parametrize("path", ["edit", "owner", "tags", "identities", "refusals/mail"])
def test_a_person_one_may_not_see_is_not_there(path: str) -> None:
    buyer = pia(owner=staff.ann())
    assert signed_in(staff.cy()).post(f"/people/{buyer.pk}/{path}", {}).status_code == 404


@pytest.mark.parametrize("path", ["/people/new", "/companies/new"])
def test_who_only_looks_on_adds_nobody(path: str) -> None:
    onlooker = staff.user("Olga", "onlooker")
    assert signed_in(onlooker).get(path).status_code == 403
    assert path not in text(signed_in(onlooker).get("/people/"))


def test_a_spreadsheet_is_for_those_who_may_export() -> None:
    pia(title="=HYPERLINK()")
    answer = signed_in(staff.mia()).get("/people/?format=csv&cols=all")
    content = b"".join(answer).decode()
    assert answer["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK()" in content
    assert "'+48321234567" in content
    assert signed_in(staff.ann()).get("/people/?format=csv")["Content-Type"].startswith("text/html")


NEW = {
    "given_name": "Pia", "family_name": "Kowalska", "name_local": "", "email": "Pia@Example.com", "phone": "32 123 45 67",
    "company": "Huta Wschód", "title": "", "country": "PL", "city": "", "language": "", "time_zone": "", "interest": "",
    "stage": "lead",
}  # fmt: skip


def test_a_person_is_added_by_hand() -> None:
    ann = staff.ann()
    answer = signed_in(ann).post("/people/new", NEW)
    buyer = Person.objects.get()
    assert answer.headers["Location"] == f"/people/{buyer.pk}/"
    assert (buyer.name, buyer.email, buyer.phone, buyer.stage) == (
        "Pia Kowalska",
        "pia@example.com",
        "+48321234567",
        "lead",
    )
    assert buyer.owner_id == ann.pk


def test_somebody_known_is_shown_before_being_added_to() -> None:
    buyer = pia(emails=("pia@example.com",), owner=staff.bo())
    mia = signed_in(staff.mia())
    hint = mia.post("/people/new", NEW)
    assert hint.status_code == 422
    assert f"/people/{buyer.pk}/" in text(hint)
    mia.post("/people/new", NEW | {"known": "1"})
    assert Person.objects.get().owner_id == staff.bo().pk
    assert queries.attributes([buyer.pk])[buyer.pk]["company"] is not None


def test_somebody_known_whom_one_may_not_see_stays_as_is() -> None:
    buyer = pia(emails=("pia@example.com",), owner=staff.ann())
    answer = signed_in(staff.cy()).post("/people/new", NEW)
    assert answer.status_code == 422
    assert Person.objects.get(pk=buyer.pk).company_id is None
    assert Company.objects.count() == 0


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ({"email": "pia"}, "This is not a mail address."),
        ({"phone": "call me"}, "This is not a phone number."),
        ({"given_name": "", "family_name": ""}, "Tell at least one name."),
    ],
)
def test_a_mistake_is_told_beside_its_field(mistake: dict[str, str], sentence: str) -> None:
    answer = signed_in(staff.ann()).post("/people/new", NEW | mistake)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert Person.objects.count() == 0


def test_a_name_in_one_piece_stays_so_where_something_else_is_corrected() -> None:
    buyer = person("Pia Kowalska", owner=staff.ann())
    told = NEW | {"given_name": "", "family_name": "Pia Kowalska", "title": "Head of purchasing"}
    signed_in(staff.ann()).post(f"/people/{buyer.pk}/edit", told)
    buyer.refresh_from_db()
    assert (buyer.name, buyer.family_name, buyer.title) == ("Pia Kowalska", "", "Head of purchasing")


def test_a_person_is_corrected_and_can_lose_a_field() -> None:
    buyer = pia(city="Kraków", owner=staff.ann())
    ann = signed_in(staff.ann())
    assert "Kraków" in text(ann.get(f"/people/{buyer.pk}/edit"))
    ann.post(f"/people/{buyer.pk}/edit", NEW | {"family_name": "Nowak", "title": "Head of purchasing"})
    buyer.refresh_from_db()
    assert (buyer.name, buyer.title, buyer.city, buyer.company.name if buyer.company else "") == (
        "Pia Nowak",
        "Head of purchasing",
        "",
        "Huta Wschód",
    )


def test_the_verbs_of_a_persons_page() -> None:
    buyer, ann = pia(owner=staff.ann()), signed_in(staff.ann())
    base = f"/people/{buyer.pk}"
    ann.post(f"{base}/identities", {"kind": "email", "value": "p.k@example.org"})
    ann.post(f"{base}/tags", {"tags": "fair, vip"})
    ann.post(f"{base}/tags/removal", {"tag": "fair"})
    ann.post(f"{base}/refusals/mail")
    page = queries.person_page(staff.ann(), buyer.pk)
    assert page is not None
    assert (page.identities[-1].value, page.tags, page.may_write) == ("p.k@example.org", ["vip"], False)
    ann.post(f"{base}/refusals/mail", {"_method": "DELETE"})
    assert queries.reachable([buyer.pk]) == {buyer.pk: (True, True)}
    assert ann.post(f"{base}/owner", {"owner": staff.cy().pk}).headers["Location"] == "/people/"
    assert Person.objects.get().owner_id == staff.cy().pk


def test_ticked_persons_change_hands_and_only_those_one_sees() -> None:
    mine, other = pia(owner=staff.ann()), person("Of Cy", owner=staff.cy())
    signed_in(staff.ann()).post(
        "/people/bulk/people.owner", {"pick": [mine.pk, other.pk], "owner": staff.bo().pk}
    )
    assert {row.name: row.owner_id for row in Person.objects.order_by("pk")} == {
        "Pia Kowalska": staff.bo().pk,
        "Of Cy": staff.cy().pk,
    }


def test_all_that_match_are_tagged() -> None:
    for name in ("Pia Kowalska", "Pia Nowak", "Someone Else"):
        person(name)
    signed_in(staff.mia()).post("/people/bulk/people.tag", {"all": "1", "query": "q=pia", "tags": "fair"})
    tagged = Person.objects.filter(queries.tagged("fair")).order_by("name")
    assert [row.name for row in tagged] == ["Pia Kowalska", "Pia Nowak"]


def test_the_people_of_a_company_come_as_a_spreadsheet_to_those_who_may_export() -> None:
    pia(company="Huta Wschód", owner=staff.ann(), stage=Stage.LEAD, title="Buyer")
    person("Cyril Nowak", company="Huta Wschód", owner=staff.cy())
    page = f"/companies/{Company.objects.get().pk}/"
    assert 'href="?format=csv"' in text(signed_in(staff.mia()).get(page))
    lines = signed_in(staff.mia()).get(f"{page}?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines == ["Name,Job title,Stage", "Pia Kowalska,Buyer,Lead", "Cyril Nowak,,Subscriber"]
    assert 'href="?format=csv"' not in text(signed_in(staff.ann()).get(f"{page}?format=csv"))


def test_a_company_has_a_page_with_its_people() -> None:
    works = company("Huta Wschód", sector="steel", employees=1200, city="Katowice")
    pia(company="Huta Wschód", owner=staff.ann())
    answer = text(signed_in(staff.ann()).get(f"/companies/{works.pk}/"))
    assert "Pia Kowalska" in answer
    assert "1,200" in answer
    assert signed_in(staff.cy()).get(f"/companies/{works.pk}/").status_code == 404


def test_a_company_is_added_once_and_corrected() -> None:
    mia, told = signed_in(staff.mia()), {"name": "Huta Wschód", "sector": "steel", "owner_id": staff.mia().pk}
    mia.post("/companies/new", told)
    mia.post("/companies/new", told | {"name": "HUTA WSCHOD"})
    works = Company.objects.get()
    mia.post(f"/companies/{works.pk}/edit", told | {"sector": "metals", "owner_id": ""})
    works.refresh_from_db()
    assert (works.name, works.sector, works.owner_id) == ("Huta Wschód", "metals", None)


def test_a_number_reads_from_left_to_right_whatever_the_page_does() -> None:
    pia()
    page = text(signed_in(staff.mia()).get("/people/?cols=all"))
    assert '<bdi dir="ltr">+48321234567</bdi>' in page


def test_what_nobody_would_choose_stays_where_something_else_is_corrected() -> None:
    gone = staff.user("Gone Long-Ago")
    buyer = pia(language="zh-hans", time_zone="UTC", owner=staff.ann())
    works = company()
    Company.objects.filter(pk=works.pk).update(owner=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    mia = signed_in(staff.mia())
    page = text(mia.get(f"/people/{buyer.pk}/edit"))
    assert '<option value="zh-hans" selected>Chinese (Simplified)</option>' in page
    assert '<option value="UTC" selected>UTC</option>' in page
    told = NEW | {"language": "zh-hans", "time_zone": "UTC", "city": "Opole"}
    assert mia.post(f"/people/{buyer.pk}/edit", told).status_code == 302
    buyer.refresh_from_db()
    assert (buyer.city, buyer.language, buyer.time_zone) == ("Opole", "zh-hans", "UTC")
    page = text(mia.get(f"/companies/{works.pk}/edit"))
    assert f'<option value="{gone.pk}" selected>Gone Long-Ago (left)</option>' in page
    told = {"name": works.name, "sector": "metals", "owner_id": str(gone.pk)}
    assert mia.post(f"/companies/{works.pk}/edit", told).status_code == 302
    works.refresh_from_db()
    assert (works.sector, works.owner_id) == ("metals", gone.pk)


@pytest.mark.parametrize("path", ["/people/", "/people/bin/", "/companies/", "/companies/bin/", "/segments/"])
def test_the_rail_says_that_all_these_belong_to_people(path: str) -> None:
    page = text(signed_in(staff.mia()).get(path))
    assert '<a href="/people/" aria-current="page">' in page
