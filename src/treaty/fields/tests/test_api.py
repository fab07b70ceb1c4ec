"""Fields of one's own over REST: read with each record, told with each write, refused with their place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.deals import commands as deals
from treaty.fields import commands
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field, of_each_kind
from treaty.people.tests.factories import company, person, pia
from treaty.staff import commands as staff_commands
from treaty.staff.rules import SCOPES
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


class Api:
    """Calls with Ann's key."""

    def __init__(self) -> None:
        self.ann = staff.ann()
        token = staff_commands.issue_key("Test", owner=self.ann.pk, scopes=SCOPES, at=AT, by=None)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def __call__(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        call = getattr(self.client, method)
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = call(f"/api/{path}", **more)
        return answer.status_code, answer.json()


@pytest.fixture(name="api")
def calling() -> Api:
    return Api()


EUROS = {"minor": 123450, "currency": "EUR"}


def test_a_person_is_added_changed_and_read_with_them(api: Api) -> None:
    of_each_kind()
    firm = company(owner=api.ann.pk)
    own = {"text": "Łódź", "number": 0.5, "money": EUROS, "date": "2026-11-30", "choice": "gold", "many": ["gold", "lodz"],
           "company": firm.pk}  # fmt: skip
    code, told = api("post", "persons", {"name": "Pia", "emails": ["pia@example.com"], "fields": own})
    assert (code, told["person"]["fields"]) == (201, own)
    there = f"persons/{told['person']['id']}"
    assert api("get", there)[1]["fields"] == own
    code, told = api("patch", there, {"fields": {"text": None, "number": 7}})
    left = {key: value for key, value in own.items() if key != "text"} | {"number": 7}
    assert (code, told["fields"]) == (200, left)
    assert api("get", "persons")[1]["items"][0]["fields"] == left


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ({"nothing": 1}, "fields.nothing"),
        ({"number": "5"}, "fields.number"),
        ({"choice": "copper"}, "fields.choice"),
        ({"person": 4711}, "fields.person"),
        ({"many": "gold;lodz"}, "fields.many"),
        ({"money": {"minor": 1, "currency": "XQX"}}, "fields.money"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(api: Api, own: dict[str, object], place: str) -> None:
    of_each_kind()
    buyer = pia(owner=api.ann)
    for method, path, body in (
        ("post", "persons", {"name": "Bo", "fields": own}),
        ("patch", f"persons/{buyer.pk}", {"fields": own}),
    ):
        code, told = api(method, path, body)
        assert (code, [one["field"] for one in told["errors"]]) == (422, [place])


def test_a_record_that_the_key_may_not_see_cannot_be_pointed_to(api: Api) -> None:
    of_each_kind()
    hidden, buyer = person("Hidden", owner=staff.cy()), pia(owner=api.ann)
    assert api("patch", f"persons/{buyer.pk}", {"fields": {"person": hidden.pk}})[0] == 422


def test_an_option_out_of_use_stays_and_is_not_chosen_anew(api: Api) -> None:
    plan = field("Plan", Kind.CHOICE)
    one, other = pia(owner=api.ann), person("Bo", owner=api.ann)
    commands.set_values("person", {one.pk: {"plan": "gold"}}, at=AT, by=None)
    commands.retire_option(plan.id, option=1, at=AT, by=None)
    body = {"fields": {"plan": "gold"}}
    assert api("patch", f"persons/{one.pk}", body)[0] == 200
    assert api("patch", f"persons/{other.pk}", body)[0] == 422
    assert api("post", "persons", {"name": "Cy", **body})[0] == 422


def test_companies_and_deals_have_theirs(api: Api) -> None:
    field("Meters", Kind.NUMBER, "company")
    field("Tender", Kind.TEXT, "deal")
    deals.prepare(at=AT)
    code, told = api("post", "companies", {"name": "Lima", "fields": {"meters": 12}})
    assert (code, told["company"]["fields"]) == (201, {"meters": 12})
    there = f"companies/{told['company']['id']}"
    assert api("patch", there, {"fields": {"meters": 13}})[1]["fields"] == {"meters": 13}
    assert api("get", "companies")[1]["items"][0]["fields"] == {"meters": 13}
    code, told = api("post", "deals", {"name": "FM", "fields": {"tender": "2026/77"}})
    assert (code, told["fields"]) == (201, {"tender": "2026/77"})
    there = f"deals/{told['id']}"
    assert api("patch", there, {"fields": {"tender": None}})[1]["fields"] == {}
    assert api("patch", there, {"fields": {"tender": 5}})[0] == 422
    assert api("get", "deals")[1]["items"][0]["fields"] == {}


def test_many_records_bring_theirs_in_one_call(api: Api) -> None:
    field("Plan", Kind.CHOICE)
    items = [
        {"name": "Ada", "emails": ["ada@example.com"], "fields": {"plan": "gold"}},
        {"name": "Bo", "emails": ["bo@example.com"], "fields": {"plan": "copper"}},
        {"name": "Cy", "emails": ["cy@example.com"]},
    ]
    code, told = api("post", "batches/persons", {"items": items})
    assert code == 200
    assert [one["outcome"] for one in told["results"]] == ["new", "refused", "new"]
    found = {one["name"]: one["fields"] for one in api("get", "persons")[1]["items"]}
    assert found == {"Ada": {"plan": "gold"}, "Cy": {}}


def test_a_list_asks_no_question_for_each_record(
    api: Api, query_count: Callable[[str], AbstractContextManager[None]]
) -> None:
    field("Plan", Kind.CHOICE)
    for number in range(5):
        one = person(f"Person {number}", owner=api.ann).pk
        commands.set_values("person", {one: {"plan": "gold"}}, at=AT, by=None)
    api("get", "persons")
    with query_count("api persons with fields"):
        assert len(api("get", "persons")[1]["items"]) == 5
