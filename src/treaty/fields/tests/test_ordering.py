"""Lists in the order of a field of one's own, and its cells changed in the list."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treaty.deals.tests.factories import deal
from treaty.fields import commands, queries
from treaty.fields.queries import ordering
from treaty.fields.queries.ordering import ValueOrder
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field, of_each_kind
from treaty.kit.models import Bulk
from treaty.people.models import Person
from treaty.people.tests.factories import company, person
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(name="mia")
def marketer(client: Client) -> Client:
    client.force_login(staff.mia())
    return client


def told() -> dict[str, int]:
    """Five persons; the last two have nothing in any field."""
    of_each_kind()
    found = {name: person(name).pk for name in ("Ada", "Bea", "Cleo", "Dora", "Ewa")}
    euros = {"minor": 500_00, "currency": "EUR"}
    rows: dict[str, dict[str, object]] = {
        "Ada": {"text": "żyje", "number": 5, "money": euros, "date": "2026-11-19", "choice": "silver"},
        "Bea": {"text": "Łódź", "number": 0.1, "money": {**euros, "minor": 10}, "date": "2026-11-18", "choice": "gold"},
        "Cleo": {"text": "masło", "number": -3, "money": {**euros, "minor": 900_00}, "date": "2027-01-01",
                 "choice": "gold"},
    }  # fmt: skip
    commands.set_values("person", {found[name]: row for name, row in rows.items()}, at=AT, by=None)
    return found


def names(client: Client, **asked: str) -> list[str]:
    answer = client.get("/people/", {"cols": "name", "format": "csv", **asked})
    return b"".join(answer).decode("utf-8-sig").split()[1:]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("own_text", "Bea Cleo Ada Dora Ewa"),
        ("-own_text", "Ada Cleo Bea Ewa Dora"),
        ("own_number", "Cleo Bea Ada Dora Ewa"),
        ("own_money", "Bea Ada Cleo Dora Ewa"),
        ("-own_date", "Cleo Ada Bea Ewa Dora"),
        ("own_choice", "Bea Cleo Ada Dora Ewa"),  # as the choices were added: gold, then silver
    ],
)
def test_a_list_stands_in_the_order_of_a_field(mia: Client, sort: str, order: str) -> None:
    told()
    assert names(mia, sort=sort) == order.split()
    page = mia.get("/people/", {"sort": sort, "cols": f"name,{sort.removeprefix('-')}"}).content.decode()
    assert re.findall(r"<bdi>(Ada|Bea|Cleo|Dora|Ewa)</bdi>", page) == order.split()
    assert ('aria-sort="descending"' in page) == sort.startswith("-")


def test_several_choices_and_records_have_no_order(mia: Client) -> None:
    told()
    assert names(mia, sort="own_many") == names(mia)


def test_a_search_and_conditions_narrow_what_stands_in_order(mia: Client) -> None:
    told()
    assert names(mia, sort="own_number", where="1.own_number.least:0") == ["Bea", "Ada"]
    assert names(mia, sort="own_number", q="cleo") == ["Cleo"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_paging_forth_and_back_meets_every_row_once(db: None, data: st.DataObject) -> None:
    """Against a sort in Python: values first, ties by id, what has none behind; descending the whole is turned round."""
    held = data.draw(st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=9))
    is_down, size, few = (
        data.draw(st.booleans()),
        data.draw(st.integers(1, 4)),
        data.draw(st.sampled_from([0, 50])),
    )
    row = field(f"Size {queries.all_fields().__len__()}", Kind.NUMBER)
    marker = row.key
    ids = [person(f"{marker} {place}").pk for place in range(len(held))]
    values = {one: {row.key: value} for one, value in zip(ids, held, strict=True) if value is not None}
    commands.set_values("person", values, at=AT, by=None)
    sign = -1 if is_down else 1
    wanted = sorted(
        ids, key=lambda one: (one not in values, sign * values.get(one, {row.key: 0})[row.key], sign * one)
    )
    order, rows = ValueOrder(row.id, "number", is_down), Person.objects.filter(pk__in=ids)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ordering, "FEW", few)
        assert [one.pk for one in order.walk(rows)] == wanted
        page = order.page(rows, {}, size)
        found = [one.pk for one in page.rows]
        while page.after:
            page = order.page(rows, {"after": page.after}, size)
            found += [one.pk for one in page.rows]
        assert found == wanted
        back = [one.pk for one in page.rows]
        while page.before:
            page = order.page(rows, {"before": page.before}, size)
            back = [one.pk for one in page.rows] + back
        assert back == wanted


@pytest.mark.parametrize(
    ("column", "was", "now", "shown"),
    [
        ("own_text", "żyje", "Kraków", "Kraków"),
        ("own_number", "5", "7,5", "7.5"),
        ("own_money", "500.00 EUR", "12 USD", "$12.00"),
        ("own_date", "2026-11-19", "2026-12-24", "24 December 2026"),
        ("own_choice", "silver", "gold", "Gold"),
        ("own_text", "żyje", "", ""),
    ],
)
def test_a_cell_is_changed_in_the_list_and_goes_back(
    mia: Client, column: str, was: str, now: str, shown: str
) -> None:
    one, key = told()["Ada"], column.removeprefix("own_")
    before = queries.values_of("person", [one])[one]
    page = mia.get("/people/", {"cols": f"name,{column}", "edit": column}).content.decode()
    assert f'name="was-{one}" value="{was}"' in page
    mia.post(
        "/people/bulk/people.cells", {"pick": [one], "field": column, f"was-{one}": was, f"cell-{one}": now}
    )
    assert shown in mia.get("/people/", {"cols": f"name,{column}"}).content.decode()
    assert (key in queries.values_of("person", [one])[one]) == bool(now)
    mia.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert queries.values_of("person", [one])[one] == before


def test_a_cell_that_makes_no_sense_or_was_changed_meanwhile_is_told(mia: Client) -> None:
    one = told()["Ada"]
    form: dict[str, Any] = {"pick": [one], "field": "own_number", f"was-{one}": "5"}
    mia.post("/people/bulk/people.cells", form | {f"cell-{one}": "many"})
    mia.post("/people/bulk/people.cells", form | {f"was-{one}": "6", f"cell-{one}": "7"})
    first, second = Bulk.objects.order_by("pk")
    assert "This is not a number" in mia.get(f"/bulk/{first.pk}/").content.decode()
    assert "it is “5” now" in mia.get(f"/bulk/{second.pk}/").content.decode()
    assert queries.values_of("person", [one])[one]["number"] == 5


def test_cells_of_companies_and_deals_are_changed(mia: Client) -> None:
    field("Meters", Kind.NUMBER, "company")
    field("Tender", Kind.TEXT, "deal")
    firm, one = company().pk, deal(staff.mia())
    mia.force_login(staff.admin())
    mia.post(
        "/companies/bulk/companies.cells",
        {"pick": [firm], "field": "own_meters", f"was-{firm}": "", f"cell-{firm}": "1200"},
    )
    mia.post(
        "/deals/bulk/deals.cells",
        {"pick": [one], "field": "own_tender", f"was-{one}": "", f"cell-{one}": "77"},
    )
    assert queries.values_of("company", [firm])[firm] == {"meters": 1200}
    assert queries.values_of("deal", [one])[one] == {"tender": "77"}
