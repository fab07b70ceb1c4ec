"""Fields of the company's own on persons and companies: shown, edited, brought in, merged, parted, forgotten, asked for."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.fields import commands as fields
from treaty.fields import queries as held
from treaty.fields.commands import WrongValue
from treaty.fields.models import Value
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field, of_each_kind
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import history
from treaty.people import commands, queries
from treaty.people.models import Company, Person
from treaty.people.rules import CompanyDraft, Outcome, PersonDraft
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import AuditRow, User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def own(one: int, record: str = "person") -> dict[str, Any]:
    return held.values_of(record, [one])[one]


def names(record: str) -> dict[str, str]:
    """The names of inputs by the fields' keys."""
    return {row.key: f"own_{row.id}" for row in held.fields_of(record)}


def edited(client: Client, buyer: Person, **told: object) -> Any:
    usual = {"given_name": "Pia", "family_name": "Kowalska", "country": "PL"}
    inputs = names("person")
    return client.post(
        f"/people/{buyer.pk}/edit", {**usual, **{inputs[key]: value for key, value in told.items()}}
    )


def test_a_person_is_edited_with_fields_of_every_kind() -> None:
    of_each_kind()
    ann, buyer = staff.ann(), pia(owner=staff.ann())
    other, firm = person("Rosa Lima", owner=ann), company(owner=ann.pk)
    answer = edited(
        signed_in(ann), buyer, text="Łódź", number="1 234,5", money="1234.50 EUR", date="2026-11-30", choice="gold",
        many=["gold", "lodz"], person="Rosa Lima", company=f"#{firm.pk}",
    )  # fmt: skip
    assert answer.status_code == 302
    assert own(buyer.pk) == {
        "text": "Łódź",
        "number": 1234.5,
        "money": {"minor": 123450, "currency": "EUR"},
        "date": "2026-11-30",
        "choice": "gold",
        "many": ["gold", "lodz"],
        "person": other.pk,
        "company": firm.pk,
    }
    page = text(signed_in(ann).get(f"/people/{buyer.pk}/"))
    for shown in ("<bdi>1,234.5<", "€1,234.50", "Gold; Łódź", f'href="/people/{other.pk}/"', "Huta Wschód"):
        assert shown in page
    form = text(signed_in(ann).get(f"/people/{buyer.pk}/edit"))
    assert f'value="Rosa Lima #{other.pk}"' in form
    assert 'value="1234.50 EUR"' in form


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"number": "five"}, "This is not a number."),
        ({"money": "12,345.678"}, "This is not an amount."),
        ({"person": "Nobody Known"}, "There is no such record."),
        ({"person": "#4711"}, "There is no such record."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(told: dict[str, str], said: str) -> None:
    of_each_kind()
    answer = edited(signed_in(staff.ann()), pia(owner=staff.ann()), **told)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Value.objects.exists()


def test_several_of_a_name_are_told_apart_by_number() -> None:
    of_each_kind()
    ann = staff.ann()
    one = person("Rosa Lima", owner=ann)
    person("Rosa Lima", emails=("rosa@other.example",), owner=ann)
    buyer = pia(owner=ann)
    refused = edited(signed_in(ann), buyer, person="Rosa Lima")
    assert f"Rosa Lima #{one.pk}" in text(refused)
    edited(signed_in(ann), buyer, person=f"Rosa Lima #{one.pk}")
    assert own(buyer.pk) == {"person": one.pk}


def test_whom_one_does_not_see_one_cannot_point_to_and_sees_by_number_only() -> None:
    of_each_kind()
    hidden = person("Hidden Helga", owner=staff.cy())
    buyer = pia(owner=staff.ann())
    assert edited(signed_in(staff.ann()), buyer, person=f"#{hidden.pk}").status_code == 422
    commands.change_person(buyer.pk, changes={}, own={"person": hidden.pk}, at=AT, by=None)
    page = text(signed_in(staff.ann()).get(f"/people/{buyer.pk}/"))
    assert "Hidden Helga" not in page
    assert f"#{hidden.pk}" in page
    assert edited(signed_in(staff.ann()), buyer, person=f"#{hidden.pk}").status_code == 302


def test_a_change_is_one_line_of_the_audit_and_one_fact() -> None:
    field("Plan", Kind.CHOICE)
    buyer, ann = pia(), staff.ann()
    assert commands.change_person(
        buyer.pk, changes={"city": "Gliwice"}, own={"plan": "gold"}, at=AT, by=ann.pk
    )
    assert not commands.change_person(
        buyer.pk, changes={"city": "Gliwice"}, own={"plan": "gold"}, at=AT, by=None
    )
    line = AuditRow.objects.get(verb="person_changed")
    assert line.changes == {"city": ["", "Gliwice"], "person.plan": ["", "Gold"]}
    told = [one.fact for one in history([about_identity(buyer.anchor_id)]) if one.kind == "PersonChanged"]
    assert [fact.fields for fact in told] == [("city", "person.plan")]  # type: ignore[attr-defined]


def test_a_new_person_and_a_new_company_come_with_their_fields() -> None:
    field("Plan", Kind.CHOICE)
    field("Meters", Kind.NUMBER, "company")
    ann = signed_in(staff.ann())
    firmly = {"name": "Lima Ltd", "owner_id": staff.ann().pk}
    told = {"given_name": "Rosa", "family_name": "Lima", "email": "rosa@lima.example", "stage": "lead"}
    ann.post("/people/new", {**told, names("person")["plan"]: "silver"})
    assert own(Person.objects.get(email="rosa@lima.example").pk) == {"plan": "silver"}
    ann.post("/companies/new", {**firmly, names("company")["meters"]: "12"})
    firm = Company.objects.get(name="Lima Ltd")
    assert own(firm.pk, "company") == {"meters": 12}
    assert "<dd>12</dd>" in text(ann.get(f"/companies/{firm.pk}/")).replace("<bdi>", "").replace("</bdi>", "")
    ann.post(f"/companies/{firm.pk}/edit", {**firmly, names("company")["meters"]: ""})
    assert own(firm.pk, "company") == {}


def test_a_company_that_is_met_again_keeps_what_the_form_leaves_blank() -> None:
    for number, kind in enumerate((Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.CHOICE, Kind.MANY)):
        field(f"F{number}", kind, "company")
    told = {"f0": "x", "f1": 12, "f2": "2026-11-19", "f3": "silver", "f4": ["silver"]}
    firm = company("Lima Ltd")
    fields.set_values("company", {firm.pk: told}, at=AT, by=None)
    answer = signed_in(staff.mia()).post("/companies/new", {"name": "LIMA ltd", "sector": "steel"})
    assert answer.status_code == 302
    assert own(firm.pk, "company") == told


def draft(number: int, **told: Any) -> PersonDraft:
    return PersonDraft(emails=(f"p{number}@example.com",), fields=told or None)


def test_many_drafts_bring_their_fields_and_blank_leaves_what_is_there() -> None:
    field("Plan", Kind.CHOICE)
    field("Size", Kind.NUMBER)

    def brought(*drafts: PersonDraft) -> list[Outcome]:
        return [one.outcome for one in commands.add_persons(drafts, at=AT, by=None, source="import")]

    assert brought(draft(1, plan="gold", size=5), draft(2), draft(3, size=7)) == [Outcome.NEW] * 3
    # The same again changes nothing; the first of two that contradict each other holds.
    again = brought(draft(1, plan="gold", size=5), draft(3, size=8), draft(3, size=9, plan="gold"))
    assert again == [Outcome.UNCHANGED, Outcome.CHANGED, Outcome.CHANGED]
    assert brought(draft(1, plan="", size=None)) == [Outcome.UNCHANGED]
    found = {row.email: own(row.pk) for row in Person.objects.all()}
    assert found == {
        "p1@example.com": {"plan": "gold", "size": 5},
        "p2@example.com": {},
        "p3@example.com": {"plan": "gold", "size": 8},
    }


def test_companies_bring_their_fields() -> None:
    field("Size", Kind.NUMBER, "company")
    told = [
        CompanyDraft(name="A", fields={"size": 5}),
        CompanyDraft(name="B"),
        CompanyDraft(name="a", fields={"size": 6}),
    ]
    added = commands.add_companies(told, at=AT, by=None)
    assert [own(one.company_id, "company") for one in added] == [{"size": 5}, {}, {"size": 5}]
    assert [one.outcome for one in commands.add_companies(told, at=AT, by=None)] == [Outcome.UNCHANGED] * 3


def test_a_person_that_points_to_nobody_is_not_added() -> None:
    field("Introduced by", Kind.PERSON)
    with pytest.raises(WrongValue):
        commands.add_person(draft(1, introduced_by=4711), at=AT, by=None, source="api")
    assert not Person.objects.exists()


def test_merging_gives_what_is_lacking_and_undoing_takes_it_back() -> None:
    of_each_kind()
    one, other, third = pia(), person("Pia K."), person("Bo")
    fields.set_values("person", {
        one.pk: {"text": "ours", "many": ["gold"]},
        other.pk: {"text": "theirs", "number": 7, "date": "2026-11-30"},
        third.pk: {"person": other.pk},
    }, at=AT, by=None)  # fmt: skip
    before = {row.pk: own(row.pk) for row in (one, other, third)}
    merge = commands.merge_persons(one.pk, merged=other.pk, at=AT, by=None)
    assert own(one.pk) == {"text": "ours", "many": ["gold"], "number": 7, "date": "2026-11-30"}
    assert own(third.pk) == {"person": one.pk}
    assert not Value.objects.filter(record_id=other.pk).exists()
    commands.undo_merge(merge.id, at=AT, by=None)
    assert {row.pk: own(row.pk) for row in (one, other, third)} == before


@pytest.mark.parametrize(
    ("ours", "theirs", "take", "left"),
    [
        ("other", None, (), None),
        (None, "one", (), None),
        ("other", "one", (), None),
        ("other", "third", (), "third"),
        ("third", "one", ("own.friend",), "third"),
        (None, "other", (), None),
    ],
)
def test_where_one_points_to_the_other_the_survivor_does_not_point_to_itself(
    ours: str | None, theirs: str | None, take: tuple[str, ...], left: str | None
) -> None:
    field("Friend", Kind.PERSON)
    rows = {"one": pia(), "other": person("Pia K."), "third": person("Bo")}
    told = {name: {"friend": rows[to].pk} for name, to in (("one", ours), ("other", theirs)) if to}
    fields.set_values("person", {rows[name].pk: values for name, values in told.items()}, at=AT, by=None)
    merge = commands.merge_persons(rows["one"].pk, merged=rows["other"].pk, take=take, at=AT, by=None)
    assert own(rows["one"].pk) == ({"friend": rows[left].pk} if left else {})
    assert not Value.objects.filter(whole=rows["other"].pk).exists()
    commands.undo_merge(merge.id, at=AT, by=None)
    assert {name: own(rows[name].pk) for name in rows} == {
        "one": told.get("one", {}),
        "other": told.get("other", {}),
        "third": {},
    }


def test_undoing_leaves_a_friend_whom_staff_named_since() -> None:
    field("Friend", Kind.PERSON)
    one, other, third = pia(), person("Pia K."), person("Bo")
    fields.set_values("person", {one.pk: {"friend": other.pk}}, at=AT, by=None)
    merge = commands.merge_persons(one.pk, merged=other.pk, at=AT, by=None)
    commands.change_person(one.pk, changes={}, own={"friend": third.pk}, at=AT, by=None)
    commands.undo_merge(merge.id, at=AT, by=None)
    assert own(one.pk) == {"friend": third.pk}


def test_undoing_leaves_what_staff_changed_since() -> None:
    field("Size", Kind.NUMBER)
    one, other = pia(), person("Pia K.")
    fields.set_values("person", {other.pk: {"size": 7}}, at=AT, by=None)
    merge = commands.merge_persons(one.pk, merged=other.pk, at=AT, by=None)
    commands.change_person(one.pk, changes={}, own={"size": 8}, at=AT, by=None)
    commands.undo_merge(merge.id, at=AT, by=None)
    assert (own(one.pk), own(other.pk)) == ({"size": 8}, {"size": 7})


def test_forgetting_empties_them_everywhere() -> None:
    of_each_kind()
    firm, buyer, other = company(), pia(), person("Bo")
    commands.change_person(buyer.pk, changes={}, own={"text": "secret-text", "number": 5}, at=AT, by=None)
    fields.set_values("person", {other.pk: {"text": "Bo's"}}, at=AT, by=None)
    fields.set_values("company", {firm.pk: {}}, at=AT, by=None)
    commands.forget_person(buyer.pk, at=AT, by=None)
    assert (own(buyer.pk), own(other.pk)) == ({}, {"text": "Bo's"})
    assert "secret-text" not in json.dumps(list(AuditRow.objects.values_list("changes", flat=True)))


def test_the_person_is_told_what_they_hold() -> None:
    field("Plan", Kind.CHOICE)
    buyer = pia()
    commands.change_person(buyer.pk, changes={}, own={"plan": "lodz"}, at=AT, by=None)
    assert queries.known_of(buyer.pk)["fields"] == {"Plan": "Łódź"}


def test_predicates_see_them_by_their_keys() -> None:
    of_each_kind()
    buyer, other = pia(), person("Bo")
    told: dict[str, object] = {
        "number": 0.1,
        "money": {"minor": 123450, "currency": "EUR"},
        "date": "2026-11-30",
        "many": ["gold"],
    }
    commands.change_person(buyer.pk, changes={}, own=told, at=AT, by=None)
    seen = queries.attributes([buyer.pk, other.pk])
    assert seen[buyer.pk]["fields"] == {**told, "money": 1234.5}
    assert seen[other.pk]["fields"] == {}
