"""Lists in groups: by stage, owner, channel or a choice of one's own, each with its count, its totals and its first rows."""

import re
from typing import Any

import pytest
from django.test import Client

from treaty.deals import commands as deals
from treaty.deals.tests.factories import deal, euros
from treaty.fields.commands import set_values
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.kit import grouping, keyset, lists
from treaty.people.models import Person
from treaty.people.rules import Stage
from treaty.people.tests.factories import SINCE, person
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def heads(client: Client, path: str, **asked: str) -> list[tuple[str, str]]:
    """The name and the count of each group."""
    html = client.get(path, asked).content.decode()
    found = re.findall(r'<tr class="group">.*?<bdi>(.*?)</bdi></a><span class="q">(.*?)</span>', html)
    return [(name, count) for name, count in found]


def buyers() -> None:
    for number in range(7):
        person(f"Lead {number}", stage=Stage.LEAD, owner=staff.ann())
    person("Zofia", stage=Stage.CUSTOMER)


def test_persons_stand_in_groups_with_counts_and_their_first_rows() -> None:
    buyers()
    client = signed_in(staff.admin())
    assert heads(client, "/people/", group="stage") == [("Lead", "7"), ("Customer", "1")]
    html = client.get("/people/", {"group": "stage", "sort": "name"}).content.decode()
    assert re.findall(r"<bdi>(Lead \d|Zofia)</bdi>", html) == [f"Lead {n}" for n in range(5)] + ["Zofia"]
    assert [count for _name, count in heads(client, "/people/", group="owner")] == ["1", "7"]
    assert "Grouped by Stage" in html


def test_the_name_of_a_group_leads_to_all_of_it_under_every_alternative() -> None:
    buyers()
    client = signed_in(staff.admin())
    asked = {"group": "stage", "where": ["1.name.has:lead", "2.name.has:zofia"], "sort": "name"}
    html = client.get("/people/", asked).content.decode()
    urls = re.findall(r'<tr class="group">.*?href="(.*?)"', html)
    shown = client.get("/people/" + urls[0].replace("&amp;", "&")).content.decode()
    assert len(set(re.findall(r"<bdi>(Lead \d|Zofia)</bdi>", shown))) == 7
    assert "group=" not in urls[0]


def test_a_choice_of_ones_own_groups_and_what_has_none_stands_last() -> None:
    buyers()
    row = field("Size", Kind.CHOICE)
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    set_values("person", {ids[0]: {row.key: "gold"}, ids[1]: {row.key: "silver"}}, at=SINCE, by=None)
    client = signed_in(staff.admin())
    told = [("Gold", "1"), ("Silver", "1"), ("Nothing said", "6")]
    assert heads(client, "/people/", group="own_size") == told
    assert heads(client, "/people/", group="own_size", sort="-own_size") == told


@pytest.mark.parametrize("sort", ["-name", "own_worth"])
@pytest.mark.parametrize("way", ["few", "many", "long"])
def test_groups_begin_alike_however_their_rows_are_found(monkeypatch: Any, way: str, sort: str) -> None:
    """Gathered and sorted, walked along an index, or of a list too long to count: against the list of each group."""
    size, worth = field("Size", Kind.CHOICE), field("Worth", Kind.NUMBER)
    stages = (Stage.LEAD, Stage.MQL)
    ids = [person(f"{name} {stage}", stage=stage).pk for stage in stages for name in "ABCDEFG"]
    values: dict[int, dict[str, object]] = {
        one: {size.key: ("gold", "silver")[place % 2]} | ({worth.key: place * 7 % 5} if place % 3 else {})
        for place, one in enumerate(ids[:-2])
    }
    set_values("person", values, at=SINCE, by=None)
    monkeypatch.setattr(keyset, "FEW", {"few": 50, "many": 0, "long": 50}[way])
    monkeypatch.setattr(lists, "COUNTED", 3 if way == "long" else 10_000)
    client = signed_in(staff.admin())
    for group, conditions in (("stage", ("stage.is:lead", "stage.is:mql")), ("own_size", SIZES)):
        html = client.get("/people/", {"group": group, "sort": sort, "cols": "name"}).content.decode()
        shown = [
            re.findall(r'href="/people/(\d+)/" data-panel', part)
            for part in html.split('<tr class="group">')[1:]
        ]
        wanted = [
            re.findall(
                r'href="/people/(\d+)/" data-panel',
                client.get("/people/", {"where": f"1.{one}", "sort": sort, "cols": "name"}).content.decode(),
            )[:5]
            for one in conditions
        ]
        assert shown == wanted


SIZES = ("own_size.is:gold", "own_size.is:silver", "own_size.empty")


def test_counts_stop_and_say_so(monkeypatch: Any) -> None:
    buyers()
    monkeypatch.setattr(lists, "COUNTED", 3)
    assert heads(signed_in(staff.admin()), "/people/", group="stage") == [("Lead", "3+"), ("Customer", "1")]


def test_nobody_sees_more_by_groups() -> None:
    buyers()
    person("Ewa", stage=Stage.MQL, owner=staff.cy())
    assert heads(signed_in(staff.cy()), "/people/", group="stage") == [("MQL", "1")]


def test_deals_stand_in_groups_with_their_sums_each_currency_for_itself() -> None:
    ann = staff.ann()
    for value in (euros(100), euros(50), None):
        deal(ann, value=value)
    won = deal(ann, name="Pumps", value=euros(900))
    deals.win(won, at=SINCE, by=ann.pk)
    html = signed_in(ann).get("/deals/table/", {"group": "stage"}).content.decode()
    assert re.findall(r"Value <b>(.*?)</b>", html) == ["€150", "€900"]
    assert heads(signed_in(ann), "/deals/table/", group="stage") == [("New", "3"), ("Won", "1")]
    assert heads(signed_in(ann), "/deals/table/", group="owner") == [(ann.name, "4")]


def test_a_list_asks_the_same_number_of_questions_however_many_groups(query_count: Any) -> None:
    buyers()
    client = signed_in(staff.admin())
    client.get("/people/", {"group": "stage"})
    with query_count("people in groups"):
        client.get("/people/", {"group": "stage"})
    person("Ewa", stage=Stage.MQL)
    with query_count("people in groups"):
        client.get("/people/", {"group": "stage"})


def test_a_swap_of_groups_is_the_part_a_reload_shows() -> None:
    buyers()
    client = signed_in(staff.admin())
    headers = {"HX-Request": "true", "HX-Target": "section#list"}
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    swap, reload = (
        token.sub("", client.get("/people/?group=stage", headers=given).content.decode())
        for given in (headers, {})
    )
    assert swap.strip() in reload


def test_who_left_still_has_a_group_of_what_is_theirs() -> None:
    bo = staff.bo()
    person("Ewa", owner=bo)
    deal(bo)
    User.objects.filter(pk=bo.pk).update(is_active=False)
    client = signed_in(staff.admin())
    assert heads(client, "/people/", group="owner") == [(f"{bo.name} (left)", "1")]
    assert heads(client, "/deals/table/", group="owner") == [(f"{bo.name} (left)", "1")]
    shown = client.get("/people/", {"where": f"1.owner.is:{bo.pk}"}).content.decode()
    assert f"Owner is {bo.name} (left)" in shown


def test_what_cannot_be_grouped_is_passed_over() -> None:
    buyers()
    for asked in ("city", "tag", "nonsense", ""):
        assert heads(signed_in(staff.admin()), "/people/", group=asked) == []
    assert grouping.MOST < 500, "SQLite joins at most 500 questions in one"
