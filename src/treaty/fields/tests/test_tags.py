"""Tags of companies and deals: new ones join as they are written, by whichever door they come."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from treaty.deals.tests.factories import deal
from treaty.fields import commands, queries
from treaty.fields.commands import FieldDraft, Refused, WrongValue, set_values
from treaty.fields.queries import FieldRow
from treaty.fields.rules import MOST_OPTIONS, Kind
from treaty.fields.tests.factories import SINCE
from treaty.imports.commands import import_records, undo_import
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.problems import Report
from treaty.imports.rules.things import COMPANIES
from treaty.kit.models import Bulk
from treaty.people.commands import add_persons
from treaty.people.models import Company
from treaty.people.rules import PersonDraft
from treaty.people.tests.factories import company, person
from treaty.staff import commands as staff_commands
from treaty.staff.rules import SCOPES
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed() -> None:
    commands.prepare(at=SINCE)


@pytest.fixture(name="mia")
def marketer(client: Client) -> Client:
    client.force_login(staff.mia())
    return client


def tags(record: str = "company") -> FieldRow:
    """The field of tags with which a kind of record begins."""
    (row,) = (row for row in queries.fields_of(record) if row.kind is Kind.TAGS)
    return row


def offered() -> list[str]:
    return [option.name for option in tags().options]


def worn(*ids: int) -> list[Any]:
    values = queries.values_of("company", ids)
    return [values[one].get("tags") for one in ids]


def wear(one: int, *names: str) -> None:
    set_values("company", {one: {"tags": list(names)}}, at=SINCE, by=None)


def test_companies_and_deals_begin_with_tags_once() -> None:
    commands.prepare(at=SINCE)
    assert [(row.record, row.key, row.name) for row in queries.all_fields()] == [
        ("company", "tags", "Tags"),
        ("deal", "tags", "Tags"),
    ]
    commands.retire_field(tags().id, at=SINCE, by=None)
    commands.prepare(at=SINCE)
    assert queries.fields_of("company") == []


def test_a_company_that_has_such_a_field_of_its_own_keeps_it() -> None:
    commands.retire_field(tags().id, at=SINCE, by=None)
    commands.add_field(FieldDraft("person", "Interests", Kind.TAGS), at=SINCE, by=None)
    commands.add_field(FieldDraft("company", "Tags", Kind.TEXT), at=SINCE, by=None)
    commands.prepare(at=SINCE)
    assert [(row.record, row.kind) for row in queries.all_fields() if not row.is_retired] == [
        ("company", Kind.TEXT),
        ("deal", Kind.TAGS),
        ("person", Kind.TAGS),
    ]


def test_what_nobody_wrote_before_joins_and_is_one_for_all() -> None:
    one, other = company("Huta").pk, company("Odlewnia").pk
    set_values(
        "company", {one: {"tags": ["Fair", "展示会"]}, other: {"tags": ["FAIR", "key"]}}, at=SINCE, by=None
    )
    assert offered() == ["Fair", "展示会", "key"]
    assert worn(one, other) == [["Fair", "展示会"], ["Fair", "key"]]
    wear(one)
    assert worn(one) == [None]


def test_a_retired_tag_is_offered_no_more_and_worn_by_whom_it_is_told() -> None:
    one = company().pk
    wear(one, "Fair")
    commands.retire_option(tags().id, option=1, at=SINCE, by=None)
    other = company("Odlewnia").pk
    wear(other, "fair")
    assert (worn(other), tags().live_options) == ([["Fair"]], ())


def test_one_too_many_is_refused_and_leaves_nothing() -> None:
    one = company().pk
    wear(one, *(f"t{number}" for number in range(MOST_OPTIONS)))
    with pytest.raises(WrongValue, match="too_many_tags"):
        wear(one, "t1", "one more")
    assert len(offered()) == MOST_OPTIONS


@pytest.mark.parametrize("name", ["Fair", "FAIR", "=fair", "a;b", "expo"])
def test_a_tag_is_renamed_into_no_other_and_into_nothing_odd(name: str) -> None:
    wear(company().pk, "Fair", "Gold", "Expo")
    commands.rename_option(tags().id, option=3, name="Autumn", at=SINCE, by=None)
    with pytest.raises(Refused):
        commands.rename_option(tags().id, option=2, name=name, at=SINCE, by=None)
    commands.rename_option(tags().id, option=2, name="Silver", at=SINCE, by=None)
    assert offered() == ["Fair", "Silver", "Autumn"]
    with pytest.raises(Refused, match="option_taken"):  # programs know the second one by it
        commands.rename_option(tags().id, option=1, name="Gold", at=SINCE, by=None)


def test_the_form_offers_and_takes_a_line(mia: Client) -> None:
    firm = company("Huta").pk
    wear(company("Odlewnia").pk, "Fair 2026", "Gold")
    form = mia.get(f"/companies/{firm}/edit").content.decode()
    address = f"/fields/tags/{tags().id}"
    assert f'data-records="{address}"' in form
    assert mia.get(address, {"q": "New; fa"}).content.decode() == '<option value="New; Fair 2026"></option>'
    told = {"name": "Huta", f"own_{tags().id}": "New; fair 2026"}
    assert mia.post(f"/companies/{firm}/edit", told).status_code == 302
    assert worn(firm) == [["Fair 2026", "New"]]
    page = mia.get(f"/companies/{firm}/").content.decode()
    assert (
        '<span class="tag soft"><bdi>Fair 2026</bdi></span> <span class="tag soft"><bdi>New</bdi></span>'
        in page
    )
    refused = mia.post(f"/companies/{firm}/edit", told | {f"own_{tags().id}": "+1"})
    assert (refused.status_code, "A tag has up to 60 characters" in refused.content.decode()) == (422, True)


def test_lists_show_find_and_change_them(mia: Client) -> None:
    firm = company("Huta").pk
    company("Odlewnia")
    wear(firm, "Fair")
    page = mia.get("/companies/", {"cols": "name,own_tags", "where": "1.own_tags.is:Fair"}).content.decode()
    assert ("Huta" in page, "Odlewnia" in page) == (True, False)
    assert '<span class="tag soft"><bdi>Fair</bdi></span>' in page
    cell = {
        "field": "own_tags",
        f"was-{firm}": "Fair",
        f"cell-{firm}": "Fair; New",
        "pick": firm,
        "next": "/",
    }
    mia.post("/companies/bulk/companies.cells", cell)
    assert worn(firm) == [["Fair", "New"]]


@pytest.mark.parametrize(
    ("how", "after"),
    [
        ("add", [["Fair", "Gold", "New"], ["Gold", "New"]]),
        ("take", [["Fair"], None]),
        ("replace", [["Gold", "New"], ["Gold", "New"]]),
    ],
)
def test_many_get_some_beside_theirs_or_lose_some_and_have_theirs_back(
    mia: Client, how: str, after: list[Any]
) -> None:
    both = [company(name).pk for name in ("Huta", "Odlewnia")]
    wear(both[0], "Fair", "Gold")
    asked = {"pick": both, "next": "/", "field": "own_tags"}
    page = mia.post("/companies/bulk/companies.change", asked).content.decode()
    assert '<option value="add">' in page
    told = {"told": "1", "how": how, "value": "gold; New"}
    mia.post("/companies/bulk/companies.change", asked | told)
    assert worn(*both) == after
    mia.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert worn(*both) == [["Fair", "Gold"], None]


def rename(option: int, name: str) -> None:
    commands.rename_option(tags().id, option=option, name=name, at=SINCE, by=None)


def test_what_was_done_to_many_goes_back_though_tags_were_renamed_since(mia: Client) -> None:
    firm = company("Huta").pk
    wear(firm, "Fair")
    rename(1, "Messe")
    told = {"pick": firm, "next": "/", "field": "own_tags", "told": "1", "how": "replace", "value": "New"}
    mia.post("/companies/bulk/companies.change", told)
    rename(1, "Expo")
    rename(2, "Fresh")
    mia.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert (worn(firm), offered()) == ([["Fair"]], ["Expo", "Fresh"])


def test_cells_are_typed_by_names_and_kept_by_keys(mia: Client) -> None:
    both = [company(name).pk for name in ("Huta", "Odlewnia")]
    wear(both[0], "Fair")
    rename(1, "Messe")
    page = mia.get("/companies/", {"cols": "name,own_tags", "edit": "own_tags"}).content.decode()
    assert 'value="Messe"' in page
    cells = {
        f"was-{both[0]}": "Messe",
        f"cell-{both[0]}": "Messe; New",
        f"was-{both[1]}": "",
        f"cell-{both[1]}": "new",
    }
    mia.post("/companies/bulk/companies.cells", {"field": "own_tags", "pick": both, "next": "/"} | cells)
    assert worn(*both) == [["Fair", "New"], ["New"]]
    mia.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert worn(*both) == [["Fair"], None]


def test_a_word_that_is_no_tag_is_taken_off_nobody(mia: Client) -> None:
    firm = company("Huta").pk
    wear(firm, *(f"t{number}" for number in range(MOST_OPTIONS)))
    told = {"pick": firm, "next": "/", "field": "own_tags", "told": "1", "how": "take", "value": "t1, typo"}
    mia.post("/companies/bulk/companies.change", told)
    assert worn(firm) == [["t0", *(f"t{number}" for number in range(2, MOST_OPTIONS))]]


def test_only_tags_in_use_are_offered_while_one_types(mia: Client) -> None:
    plan = commands.add_field(FieldDraft("person", "Plan", Kind.CHOICE, options=("Gold",)), at=SINCE, by=None)
    assert mia.get(f"/fields/tags/{plan}", {"q": "g"}).status_code == 404
    commands.retire_field(tags().id, at=SINCE, by=None)
    assert mia.get("/fields/tags/1", {"q": "g"}).status_code == 404


def test_a_long_line_of_tags_stays_as_it_is_when_something_else_is_corrected(mia: Client) -> None:
    firm = company("Huta").pk
    wear(firm, *(f"{number} {'x' * 50}" for number in range(20)))
    line = "; ".join(worn(firm)[0])
    assert mia.post(f"/companies/{firm}/edit", {"name": "Huta", f"own_{tags().id}": line}).status_code == 302
    assert len(worn(firm)[0]) == 20


def test_several_choices_are_added_alike(mia: Client) -> None:
    draft = FieldDraft("person", "Interests", Kind.MANY, options=("Gold", "Silver", "Iron"))
    commands.add_field(draft, at=SINCE, by=None)
    ids = [person(name).pk for name in ("Ada", "Bea")]
    set_values("person", {ids[0]: {"interests": ["iron"]}}, at=SINCE, by=None)
    told = {"told": "1", "how": "add", "field": "own_interests", "value": ["gold"], "pick": ids, "next": "/"}
    mia.post("/people/bulk/people.change", told)
    values = queries.values_of("person", ids)
    assert [values[one]["interests"] for one in ids] == [["gold", "iron"], ["gold"]]
    mia.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    values = queries.values_of("person", ids)
    assert [values[one].get("interests") for one in ids] == [["iron"], None]


def test_programs_tell_them_by_name(client: Client) -> None:
    ann = staff.ann()
    token = staff_commands.issue_key("Test", owner=ann.pk, scopes=SCOPES, at=SINCE, by=None)
    one = deal(ann)
    there = f"/api/deals/{one}"
    more: dict[str, Any] = {
        "headers": {"Authorization": f"Bearer {token}"},
        "content_type": "application/json",
    }
    answer = client.patch(there, {"fields": {"tags": ["営業", "Fair"]}}, **more)
    assert (answer.status_code, answer.json()["fields"]) == (200, {"tags": ["営業", "Fair"]})
    answer = client.patch(there, {"fields": {"tags": ["a;b"]}}, **more)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "fields.tags")


def test_programs_are_told_of_the_tag_that_is_one_too_many() -> None:
    ann = staff.ann()
    wear(company("Huta", owner=ann.pk).pk, *(f"t{number}" for number in range(MOST_OPTIONS - 1)))
    commands.retire_option(tags().id, option=1, at=SINCE, by=None)
    token = staff_commands.issue_key("Test", owner=ann.pk, scopes=SCOPES, at=SINCE, by=None)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    items = [
        {"name": name, "fields": {"tags": [tag]}} for name, tag in (("A", "one"), ("B", "two"), ("C", "ONE"))
    ]
    answer = client.post("/api/batches/companies", {"items": items}, "application/json")
    assert [one["outcome"] for one in answer.json()["results"]] == ["new", "refused", "new"]
    answer = client.post("/api/companies", items[1], "application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "fields.tags")


def brought(folder: Path, text: str) -> Report:
    """What comes of a file of companies."""
    file = folder / "companies.csv"
    file.write_text(text, encoding="utf-8")
    table = opened(file)
    columns = guessed(table.header, own_fields(COMPANIES), COMPANIES)
    return import_records(table, columns, at=SINCE, by=None)[0]


def test_files_put_tags_beside_those_that_are_worn_and_take_them_back(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    staff.company()
    firm = company("Huta").pk
    wear(firm, "Fair")
    report = brought(tmp_path, 'Name,Tags\nHuta,New\nHuta,"Second, fair"\n')
    assert (worn(firm), report.rejected) == ([["Fair", "New", "Second"]], [])
    assert brought(tmp_path, "Name,Tags\nHuta,New\n").of("companies").changed == 0
    assert report.run is not None
    undo_import(report.run, at=SINCE, by=None)
    assert worn(firm) == [["Fair"]]


def test_persons_get_tags_of_a_field_beside_those_they_wear() -> None:
    commands.add_field(FieldDraft("person", "Topics", Kind.TAGS), at=SINCE, by=None)
    draft = PersonDraft(name="Ada", emails=("ada@example.com",))
    told = [draft.but(fields={"topics": topics}) for topics in (["a"], ["b"], ["B", "c"])]
    one = add_persons(told, at=SINCE, by=None, source="hand")[0].person_id
    assert queries.values_of("person", [one]) == {one: {"topics": ["a", "b", "c"]}}


def test_a_row_that_is_handed_back_brings_no_tag(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    staff.company()
    wear(company("Odlewnia").pk, *(f"t{number}" for number in range(MOST_OPTIONS - 1)))
    report = brought(tmp_path, "Name,Tags,Employees\nHuta,Bad,many\nStal,Good,5\n")
    assert [each.row for each in report.rejected] == [2]
    assert offered()[-1] == "Good"


def test_files_bring_them_and_the_row_with_one_too_many_comes_back(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    staff.company()
    wear(company("Odlewnia").pk, *(f"t{number}" for number in range(MOST_OPTIONS - 1)))
    report = brought(tmp_path, "Name,Tags\nHuta,New; T1\nStal,One more\nKopalnia,new\n")
    assert [(each.row, each.fields[0].code) for each in report.rejected] == [(3, "own_too_many_tags")]
    ids = dict(Company.objects.values_list("name", "pk"))
    assert worn(ids["Huta"], ids["Kopalnia"]) == [["t1", "New"], ["New"]]
