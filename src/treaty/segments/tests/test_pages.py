"""The pages of segments: a swap equals a reload, a fixed number of questions, and who may open what."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from treaty.people.tests.factories import person, pia
from treaty.segments import commands, projections, queries
from treaty.segments.rules import parse
from treaty.segments.tests.world import AT
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def poland() -> int:
    tree = parse({"match": {"attribute": "country", "is": "pl"}})
    made = commands.add_segment("Poland", tree=tree, at=AT, by=None)
    projections.fill(made, AT)
    return made


def test_a_swap_is_the_part_a_reload_shows() -> None:
    mia = signed_in(staff.mia())
    pia()
    made = poland()
    for path in ("/segments/", f"/segments/{made}/", f"/segments/{made}/?q=nobody"):
        swap, reload = text(mia.get(path, headers=SCRIPT)), text(mia.get(path))
        assert swap.strip().startswith('<section class="card" id="list"')
        assert swap.strip() in reload


def test_mia_reads_whom_a_segment_means_and_who_is_in() -> None:
    mia = signed_in(staff.mia())
    assert "No segment is here yet" in text(mia.get("/segments/"))
    pia()
    made = poland()
    assert "the country is “pl”" in text(mia.get("/segments/"))
    page = text(mia.get(f"/segments/{made}/"))
    assert "Pia Kowalska" in page
    assert "the country is “pl”" in page


def test_cy_does_not_see_whom_he_may_not_see() -> None:
    pia(owner=staff.ann())
    made = poland()
    assert "Pia Kowalska" in text(signed_in(staff.ann()).get(f"/segments/{made}/"))
    page = text(signed_in(staff.cy()).get(f"/segments/{made}/"))
    assert "Pia Kowalska" not in page
    assert "Nobody you may see is in this segment" in page


def test_a_segment_is_taken_away_and_is_gone() -> None:
    mia, made = signed_in(staff.mia()), poland()
    assert mia.post(f"/segments/{made}/removal").status_code == 302
    assert queries.segment(made) is None
    assert mia.get(f"/segments/{made}/").status_code == 404
    assert mia.post(f"/segments/{made}/removal").status_code == 404


def test_the_members_page_asks_a_fixed_number_of_questions(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    mia = signed_in(staff.mia())
    for number in range(3):
        person(f"Person {number}", country="PL")
    made = poland()
    mia.get(f"/segments/{made}/")
    with query_count("members of a segment"):
        mia.get(f"/segments/{made}/")
    with query_count("list of segments"):
        mia.get("/segments/")
    for number in range(3, 9):
        person(f"Person {number}", country="PL")
    projections.fill(made, AT)
    with query_count("members of a segment"):
        assert "Person 8" in text(mia.get(f"/segments/{made}/"))
