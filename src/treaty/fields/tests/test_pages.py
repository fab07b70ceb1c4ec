"""The pages on which fields are defined: who may, what they show, and what each button does."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from treaty.fields import queries
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
LIST = "/settings/fields/"
PLAN = {"record": "person", "name": "Plan", "kind": "choice", "options": "Gold\n\nSilver\n", "hint": ""}


@pytest.fixture(name="ada")
def administrator(client: Client) -> Client:
    client.force_login(staff.admin())
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_field_is_defined_and_stands_in_its_list(ada: Client) -> None:
    assert "No field of your own yet" in text(ada.get(LIST))
    assert ada.post(LIST, PLAN).status_code == 302
    (row,) = queries.fields_of("person")
    assert (row.key, row.kind, [one.name for one in row.options]) == ("plan", Kind.CHOICE, ["Gold", "Silver"])
    page = text(ada.get(LIST))
    assert "Plan" in page
    assert "One of some choices" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "This field is required."),
        ({"options": " "}, "Name at least one choice."),
        ({"options": "Gold\nGOLD"}, "A choice of this name exists already."),
        ({"name": "taken"}, "A field of this name exists already."),
    ],
)
def test_what_cannot_be_is_said_beside_its_input(ada: Client, change: dict[str, str], said: str) -> None:
    field("Taken")
    answer = ada.post(LIST, {**PLAN, **change})
    assert answer.status_code == 422
    assert said in text(answer)
    assert len(queries.all_fields()) == 1


def test_a_field_is_renamed_moved_retired_and_put_to_use_again(ada: Client) -> None:
    one, two = field("One"), field("Two")
    ada.post(f"{LIST}{one.id}/", {"name": "First", "hint": "The first"})
    ada.post(f"{LIST}{two.id}/move", {"to": "up"})
    assert [row.name for row in queries.fields_of("person")] == ["Two", "First"]
    ada.post(f"{LIST}{one.id}/retirement")
    assert [row.name for row in queries.fields_of("person")] == ["Two"]
    assert "retired" in text(ada.get(f"{LIST}{one.id}/"))
    assert "Put to use again" in text(ada.get(LIST))
    ada.post(f"{LIST}{one.id}/reinstatement")
    assert len(queries.fields_of("person")) == 2


def test_choices_are_added_renamed_and_retired(ada: Client) -> None:
    plan = field("Plan", Kind.CHOICE)
    there = f"{LIST}{plan.id}/"
    ada.post(f"{there}options", {"option": "Copper"})
    ada.post(f"{there}options/1/", {"option": "Golden"})
    ada.post(f"{there}options/2/retirement")
    row = queries.field_row(plan.id)
    assert row
    assert [one.name for one in row.live_options] == ["Golden", "Łódź", "Copper"]
    ada.post(f"{there}options/2/reinstatement")
    assert "A choice of this name exists already." in text(ada.post(f"{there}options", {"option": "silver"}))
    refused = ada.post(f"{there}options/1/", {"option": ""}, follow=True)
    assert "Give it a name." in text(refused)


def test_who_does_not_manage_fields_does_not_come_in() -> None:
    client, plan = Client(), field("Plan", Kind.CHOICE)
    client.force_login(staff.ann())
    for path in (LIST, f"{LIST}{plan.id}/"):
        assert client.get(path).status_code == 403
    for path in ("move", "retirement", "reinstatement", "options", "options/1/", "options/1/retirement"):
        assert client.post(f"{LIST}{plan.id}/{path}").status_code == 403
    assert LIST not in text(client.get("/profile/"))


def test_a_field_that_is_not_there_is_not_found(ada: Client) -> None:
    assert ada.get(f"{LIST}4711/").status_code == 404
    assert ada.post(f"{LIST}4711/retirement").status_code == 404


def test_all_of_them_are_had_as_a_spreadsheet(ada: Client) -> None:
    field("Plan", Kind.CHOICE)
    lines = b"".join(ada.get(f"{LIST}?format=csv")).decode("utf-8-sig").splitlines()
    assert lines[1] == "Persons,plan,Plan,One of some choices,Gold; Silver; Łódź"


def test_the_pages_ask_a_fixed_number_of_questions(
    ada: Client, query_count: Callable[[str], AbstractContextManager[None]]
) -> None:
    plan = field("Plan", Kind.CHOICE)
    for number in range(3):
        field(f"Field {number}", record="deal")
    ada.get(LIST)
    with query_count("fields"):
        ada.get(LIST)
    with query_count("field"):
        ada.get(f"{LIST}{plan.id}/")
