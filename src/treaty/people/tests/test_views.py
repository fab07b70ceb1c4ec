"""Views of the list of people: who keeps, sees, changes and opens with which; the address stays what the list shows."""

import re
from typing import Any

import pytest
from django.test import Client

from treaty.kit.models import SavedView
from treaty.people.tests.factories import person
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

QUERY = "stage=lead&where=1.city.has%3AGda%C5%84sk&sort=name&cols=name%2Ccity"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kept(client: Client, **told: str) -> Any:
    form = {"list": "people", "name": "Leads by the sea", "query": f"{QUERY}&after=xyz", "scope": "own"}
    return client.post("/views/", {**form, "next": "/people/?" + QUERY} | told)


def names(client: Client, path: str = "/people/") -> list[str]:
    nav = re.search(r'aria-label="Saved views">(.*?)</nav>', client.get(path).content.decode(), re.DOTALL)
    return re.findall(r"<bdi>(.*?)</bdi>", nav[1]) if nav else []


def test_a_view_keeps_filters_order_and_columns_and_opens_them_as_an_address() -> None:
    ann = signed_in(staff.ann())
    answer = kept(ann)
    view = SavedView.objects.get()
    assert view.query == QUERY
    assert answer["Location"] == f"/people/?view={view.pk}&{QUERY}"
    html = ann.get(answer["Location"]).content.decode()
    assert re.search(r'aria-current="page"><bdi>Leads by the sea', html)
    assert "Changed: save" not in html
    assert "Changed: save" in ann.get(answer["Location"] + "&stage=mql").content.decode()


def test_an_own_view_is_nobody_elses_a_teams_is_the_teams_and_all_see_the_rest() -> None:
    for scope in ("own", "team", "all"):
        kept(signed_in(staff.ann()), name=scope, scope=scope)
    assert names(signed_in(staff.ann())) == ["All", "all", "own", "team"]
    assert names(signed_in(staff.bo())) == ["All", "all", "team"]
    assert names(signed_in(staff.cy())) == ["All", "all"]


def test_the_rows_of_a_shared_view_are_those_its_reader_may_see() -> None:
    person("Pia Kowalska", owner=staff.ann())
    kept(signed_in(staff.ann()), scope="all", query="q=kowal")
    view = SavedView.objects.get()
    assert "Pia" in signed_in(staff.ann()).get(f"/people/?view={view.pk}&{view.query}").content.decode()
    assert "Pia" not in signed_in(staff.cy()).get(f"/people/?view={view.pk}&{view.query}").content.decode()


def test_a_list_opens_with_the_usual_view_and_without_it_on_request() -> None:
    ann = signed_in(staff.ann())
    kept(ann, usual="1")
    view = SavedView.objects.get().pk
    assert ann.get("/people/")["Location"] == f"/people/?view={view}&{QUERY}"
    assert ann.get("/people/?view=all").status_code == 200
    assert signed_in(staff.bo()).get("/people/").status_code == 200
    ann.post(f"/views/{view}/usual", {"_method": "DELETE"})
    assert ann.get("/people/").status_code == 200


def test_somebody_opens_with_a_colleagues_view() -> None:
    kept(signed_in(staff.ann()), scope="team")
    view, bo = SavedView.objects.get().pk, signed_in(staff.bo())
    bo.post(f"/views/{view}/usual", {"next": "/people/"})
    assert bo.get("/people/").status_code == 302
    assert signed_in(staff.cy()).post(f"/views/{view}/usual").status_code == 404


def test_only_who_keeps_a_view_changes_it_or_takes_it_away() -> None:
    kept(signed_in(staff.ann()), scope="team")
    view, bo = SavedView.objects.get(), signed_in(staff.bo())
    form = {"list": "people", "name": "Mine now", "scope": "own", "_method": "PUT"}
    assert bo.post(f"/views/{view.pk}/", form).status_code == 403
    assert bo.post(f"/views/{view.pk}/", {"_method": "DELETE"}).status_code == 403
    assert signed_in(staff.cy()).post(f"/views/{view.pk}/", form).status_code == 404
    ann = signed_in(staff.ann())
    ann.post(f"/views/{view.pk}/", form | {"query": "sort=name", "next": "/people/?sort=name"})
    view.refresh_from_db()
    assert (view.name, view.query, view.scope) == ("Mine now", "sort=name", "own")


def test_a_removed_view_can_be_brought_back() -> None:
    ann = signed_in(staff.ann())
    kept(ann)
    view = SavedView.objects.get().pk
    answer = ann.post(f"/views/{view}/", {"_method": "DELETE", "next": "/people/?view=1&sort=name"})
    assert answer["Location"] == "/people/?view=all"
    assert f"/views/{view}/restoration" in ann.get("/people/").content.decode()
    assert names(ann) == []
    assert signed_in(staff.bo()).post(f"/views/{view}/restoration").status_code == 404
    ann.post(f"/views/{view}/restoration")
    assert names(ann) == ["All", "Leads by the sea"]


def test_pinned_views_stand_in_front_and_the_others_in_a_menu() -> None:
    ann = signed_in(staff.ann())
    for name in ("Leads", "Poles", "Sea"):
        kept(ann, name=name, scope="all")
    view = SavedView.objects.get(name="Poles").pk
    answer = ann.post(f"/views/{view}/pin", {"next": "/people/"}, follow=True)
    assert "Poles is pinned." in answer.content.decode()
    assert names(ann) == ["All", "Poles"]
    page = ann.get(f"/people/?view={SavedView.objects.get(name='Sea').pk}&{QUERY}").content.decode()
    assert "More views" in page
    assert names(ann, f"/people/?view={SavedView.objects.get(name='Sea').pk}&{QUERY}") == [
        "All",
        "Poles",
        "Sea",
    ]
    assert names(signed_in(staff.bo())) == ["All", "Leads", "Poles", "Sea"]
    ann.post(f"/views/{view}/pin", {"_method": "DELETE"})
    assert names(ann) == ["All", "Leads", "Poles", "Sea"]
    kept(ann, name="Mine alone")
    mine = SavedView.objects.get(name="Mine alone").pk
    assert signed_in(staff.bo()).post(f"/views/{mine}/pin").status_code == 404


@pytest.mark.parametrize("told", [{"name": ""}, {"name": "x" * 61}, {"scope": "world"}, {"list": "a b"}])
def test_a_view_that_makes_no_sense_is_not_kept(told: dict[str, str]) -> None:
    assert kept(signed_in(staff.ann()), **told).status_code == 302
    assert not SavedView.objects.exists()


def test_a_swap_of_a_view_is_the_part_a_reload_shows() -> None:
    ann = signed_in(staff.ann())
    path = kept(ann)["Location"]
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}
    ann.get(path)  # shows what was said
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    swap, reload = (
        strip.sub("", answer.content.decode()) for answer in (ann.get(path, headers=headers), ann.get(path))
    )
    assert swap.strip() in reload
