"""To which company a company belongs, and whose it is: by the page, by the API, never in a round."""

import time
from itertools import pairwise
from threading import Event
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from treaty.kit.tests.together import at_once
from treaty.ledger.models import Touchpoint
from treaty.people.commands import BadParent, add_companies, bin_companies, change_company
from treaty.people.models import Company
from treaty.people.rules import CompanyDraft
from treaty.people.tests.factories import company
from treaty.people.tests.test_api import api, send
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff
from treaty.staff.tests.factories import SINCE

pytestmark = pytest.mark.django_db


def belong(one: Company, to: Company | None) -> None:
    change_company(one.pk, changes={"parent_id": to and to.pk}, at=SINCE, by=None)


def test_none_belongs_to_itself_nor_to_what_belongs_to_it() -> None:
    group, works, shop = (company(name) for name in ("Group", "Works", "Shop"))
    belong(works, group)
    belong(shop, works)
    for other in (group, works, shop):
        with pytest.raises(BadParent, match="round"):
            belong(group, other)
    bin_companies([shop.pk], at=SINCE, by=None)
    with pytest.raises(BadParent, match="absent"):
        belong(group, shop)
    assert set(Company.objects.values_list("name", "parent__name")) == {
        ("Group", None),
        ("Works", "Group"),
        ("Shop", "Works"),
    }


def test_two_who_put_each_above_the_other_at_once_close_no_round(transactional_db: None) -> None:
    left, right, begun = company("Left"), company("Right"), Event()

    def first() -> None:
        with transaction.atomic():
            belong(left, right)
            begun.set()
            time.sleep(0.3)

    def second() -> None:
        assert begun.wait(10)
        with pytest.raises(BadParent, match="round"):
            belong(right, left)

    at_once(first, second)
    assert dict(Company.objects.values_list("name", "parent__name")) == {"Left": "Right", "Right": None}


def test_a_long_chain_is_no_way_around() -> None:
    chain = [company(f"C{number}") for number in range(53)]
    Company.objects.bulk_update(
        [Company(pk=one.pk, parent=above) for above, one in pairwise(chain)], ["parent"]
    )
    with pytest.raises(BadParent, match="round"):
        belong(chain[0], chain[-1])


def test_a_file_puts_nobody_under_a_company_in_the_bin() -> None:
    bin_companies([company("Group").pk], at=SINCE, by=None)
    add_companies([CompanyDraft(name="Works", parent="Group")], at=SINCE, by=None)
    assert Company.objects.get(name="Works").parent_id is None


def test_a_page_says_it_by_name(client: Client) -> None:
    client.force_login(staff.mia())
    group, works = company("Group"), company("Works")
    there = f"/companies/{works.pk}/edit"
    assert client.post(there, {"name": "Works", "parent_id": "group"}).status_code == 302
    assert f'value="Group #{group.pk}"' in client.get(there).content.decode()
    refused = client.post(f"/companies/{group.pk}/edit", {"name": "Group", "parent_id": f"#{works.pk}"})
    assert refused.status_code == 422
    assert "A company cannot belong to itself, nor to one that belongs to it." in refused.content.decode()
    assert client.post(there, {"name": "Works", "parent_id": ""}).status_code == 302
    assert not Company.objects.exclude(parent=None).exists()


@pytest.mark.parametrize(
    ("told", "code"),
    [("group", 200), (None, 200), ("works", 422), ("hidden", 422), (4711, 422)],
)
def test_a_program_says_it_by_number(told: Any, code: int) -> None:
    ann = staff.ann()
    ids = {
        name: company(name, owner=owner.pk).pk
        for name, owner in (("group", ann), ("works", ann), ("hidden", staff.cy()))
    }
    told = ids.get(told, told)
    answer = send(api(ann), "put", f"/api/companies/{ids['works']}/parent", {"parent_id": told})
    assert answer.status_code == code
    if code == 200:
        assert (answer.json(), Company.objects.get(pk=ids["works"]).parent_id) == ({"parent_id": told}, told)
    else:
        assert answer.json()["errors"][0]["field"] == "parent_id"


def test_a_program_gives_it_to_somebody() -> None:
    mia, ann = staff.mia(), staff.ann()
    one = company("Works", owner=mia.pk).pk
    there, client = f"/api/companies/{one}/owner", api(mia)
    assert send(client, "put", there, {"owner_id": 4711}).status_code == 422
    for owner in (ann.pk, ann.pk, None):
        assert send(client, "put", there, {"owner_id": owner}).json() == {"owner_id": owner}
    assert Company.objects.get(pk=one).owner_id is None
    lines = AuditRow.objects.filter(verb="company_changed").order_by("pk").values_list("changes", flat=True)
    assert list(lines) == [{"owner_id": [mia.pk, ann.pk]}, {"owner_id": [ann.pk, None]}]
    assert Touchpoint.objects.filter(kind="CompanyChanged").count() == 2


def test_who_may_not_see_the_parent_does_not_read_its_name(client: Client) -> None:
    ann = staff.ann()
    group, works = company("Secret group", owner=staff.cy().pk), company("Works", owner=ann.pk)
    belong(works, group)
    client.force_login(ann)
    for there in (f"/companies/{works.pk}/", f"/companies/{works.pk}/edit"):
        assert "Secret group" not in client.get(there).content.decode()
    assert (
        client.post(f"/companies/{works.pk}/edit", {"name": "Works", "parent_id": f"#{group.pk}"}).status_code
        == 302
    )
    works.refresh_from_db()
    assert works.parent_id == group.pk
