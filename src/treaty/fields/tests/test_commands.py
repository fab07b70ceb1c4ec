"""Fields are defined and their values written: what is left in the tables, what is refused, what the audit tells."""

from datetime import UTC, datetime
from typing import Any

import pytest

from treaty.fields import commands, queries
from treaty.fields.commands import FieldDraft, Refused, Sheet, WrongValue
from treaty.fields.models import Value
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field, of_each_kind
from treaty.people.models import Person
from treaty.people.tests.factories import company, person
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def held(one: int, record: str = "person") -> dict[str, Any]:
    return queries.values_of(record, [one])[one]


def told(one: int, **values: object) -> None:
    commands.set_values("person", {one: values}, at=AT, by=None)


def test_every_kind_holds_its_value() -> None:
    of_each_kind()
    firm, other = company().pk, person("Bo").pk
    values: dict[str, object] = {
        "text": "Łódź",
        "number": 0.1,
        "money": {"minor": 123450, "currency": "EUR"},
        "date": "2026-11-30",
        "choice": "gold",
        "many": ["gold", "lodz"],
        "person": other,
        "company": firm,
    }
    told(other, **values)
    assert held(other) == values
    assert {name: held(other)[name] for name in ("text", "many")} == {
        "text": "Łódź",
        "many": ["gold", "lodz"],
    }


def test_writing_the_same_again_changes_nothing_and_none_empties() -> None:
    of_each_kind()
    buyer = person().pk
    values: dict[str, object] = {"number": 0.1, "many": ["gold"], "date": "2026-11-30", "text": "ﷺ" * 60}
    told(buyer, **values)
    assert commands.set_values("person", {buyer: values}, at=AT, by=None) == {}
    changed = commands.set_values("person", {buyer: {"many": [], "number": None}}, at=AT, by=None)
    assert changed == {buyer: {"person.many": ["Gold", ""], "person.number": ["0.1", ""]}}
    assert held(buyer).keys() == {"date", "text"}


def test_many_records_are_written_at_once() -> None:
    field("Size", Kind.NUMBER)
    sheet = Sheet("person", range(1, 101))
    for one in range(1, 101):
        sheet.put(one, {"size": one})
    sheet.write()
    again = Sheet("person", range(1, 101))
    assert [bool(again.put(one, {"size": one if one % 2 else -one})) for one in range(1, 5)] == [
        False,
        True,
        False,
        True,
    ]
    again.write()
    assert queries.values_of("person", [3, 4]) == {3: {"size": 3}, 4: {"size": -4}}
    assert Value.objects.count() == 100


@pytest.mark.parametrize(
    ("values", "key", "code"),
    [
        ({"choice": "copper"}, "choice", "no_option"),
        ({"nothing": 1}, "nothing", "no_field"),
        ({"person": 4711}, "person", "no_record"),
        ({"company": 4711}, "company", "no_record"),
    ],
)
def test_what_cannot_be_leaves_nothing(values: dict[str, object], key: str, code: str) -> None:
    of_each_kind()
    with pytest.raises(WrongValue) as wrong:
        commands.set_values("person", {1: {"text": "x", **values}}, at=AT, by=None)
    assert (wrong.value.key, wrong.value.code) == (key, code)
    assert not Value.objects.exists()


def test_a_retired_option_stays_with_who_has_it_and_is_not_chosen_anew() -> None:
    plan = field("Plan", Kind.CHOICE)
    one, other = person("Pia").pk, person("Bo").pk
    told(one, plan="gold")
    commands.retire_option(plan.id, option=1, at=AT, by=None)
    told(one, plan="gold")
    assert held(one) == {"plan": "gold"}
    with pytest.raises(WrongValue):
        told(other, plan="gold")
    commands.reinstate_option(plan.id, option=1, at=AT, by=None)
    told(other, plan="gold")


def test_a_retired_field_keeps_what_it_holds_for_its_return() -> None:
    size = field("Size", Kind.NUMBER)
    buyer = person().pk
    told(buyer, size=5)
    assert commands.retire_field(size.id, at=AT, by=None)
    assert not commands.retire_field(size.id, at=AT, by=None)
    assert held(buyer) == {}
    with pytest.raises(WrongValue):
        told(buyer, size=6)
    assert commands.reinstate_field(size.id, at=AT, by=None)
    assert held(buyer) == {"size": 5}


def test_a_name_is_given_once_and_comes_free_with_retirement() -> None:
    first = field("Size", Kind.NUMBER)
    with pytest.raises(Refused, match="name_taken"):
        field("SIZE ", Kind.TEXT)
    assert field("Size", Kind.TEXT, "company").key == "size"
    commands.retire_field(first.id, at=AT, by=None)
    assert field("Size", Kind.TEXT).key == "size_2"
    with pytest.raises(Refused, match="name_taken"):
        commands.reinstate_field(first.id, at=AT, by=None)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (FieldDraft("person", "  ", Kind.TEXT), "nameless"),
        (FieldDraft("person", "Plan", Kind.CHOICE), "optionless"),
        (FieldDraft("person", "Plan", Kind.CHOICE, options=("x" * 61,)), "long"),
        (FieldDraft("person", "Plan", Kind.CHOICE, options=("Łódź", "lodz")), "option_taken"),
    ],
)
def test_a_field_that_cannot_be_is_refused(draft: FieldDraft, code: str) -> None:
    with pytest.raises(Refused) as refused:
        commands.add_field(draft, at=AT, by=None)
    assert refused.value.code == code


def test_fields_change_places() -> None:
    one, two, three = (field(name).id for name in ("One", "Two", "Three"))
    assert commands.move_field(three, up=True, at=AT, by=None)
    assert not commands.move_field(one, up=True, at=AT, by=None)
    assert [row.id for row in queries.fields_of("person")] == [one, three, two]


def test_options_are_added_and_renamed_and_keep_their_keys() -> None:
    plan = field("Plan", Kind.CHOICE)
    assert commands.add_option(plan.id, name="Copper", at=AT, by=None) == "copper"
    commands.rename_option(plan.id, option=1, name="Golden", at=AT, by=None)
    with pytest.raises(Refused, match="option_taken"):
        commands.rename_option(plan.id, option=1, name="silver", at=AT, by=None)
    row = queries.field_row(plan.id)
    assert row
    assert [(one.id, one.key, one.name) for one in row.options] == [
        (1, "gold", "Golden"),
        (2, "silver", "Silver"),
        (3, "lodz", "Łódź"),
        (4, "copper", "Copper"),
    ]


def test_the_audit_tells_who_defined_what() -> None:
    ada = staff.admin()
    one = commands.add_field(FieldDraft("deal", "Size", Kind.NUMBER), at=AT, by=ada.pk)
    commands.change_field(one, name="Length", hint="", at=AT, by=ada.pk)
    commands.retire_field(one, at=AT, by=ada.pk)
    lines = AuditRow.objects.filter(about_kind="field", about_id=one).order_by("id")
    assert [(line.verb, line.by_id) for line in lines] == [
        ("field_added", ada.pk),
        ("field_changed", ada.pk),
        ("field_retired", ada.pk),
    ]


def test_a_text_is_found_in_the_range_of_its_index() -> None:
    field("Motto")
    told(person().pk, motto="Łódź żyje")
    assert Value.objects.filter(folded__gte="lodz", folded__lt="lodz\U0010ffff").count() == 1
    assert Person.objects.count() == 1
