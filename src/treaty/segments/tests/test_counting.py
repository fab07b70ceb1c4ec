"""How many a segment means is counted when its page opens and when something changes, and not all the time."""

import pytest
from django.test import Client

from treaty.segments import commands
from treaty.segments.rules import parse
from treaty.segments.tests.world import AT
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

AT_ONCE = 'hx-trigger="load delay'
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def mia() -> Client:
    client = Client()
    client.force_login(staff.mia())
    return client


def test_what_says_nobody_yet_is_not_counted_over_and_over(mia: Client) -> None:
    assert AT_ONCE not in mia.get("/segments/new/").content.decode()
    answer = mia.post("/segments/count", {}, headers=PART).content.decode()
    assert 'id="reading"' in answer
    assert AT_ONCE not in answer


def test_a_segment_is_counted_once_as_its_page_opens(mia: Client) -> None:
    tree = parse({"match": {"attribute": "country", "is": "pl"}})
    made = commands.add_segment("Poland", tree=tree, at=AT, by=None)
    assert AT_ONCE in mia.get(f"/segments/{made}/edit/").content.decode()
    told = {"n0.kind": "match", "n0.attribute": "country", "n0.check": "is", "n0.value": "pl"}
    counted = mia.post("/segments/count", told, headers=PART).content.decode()
    assert AT_ONCE not in counted
