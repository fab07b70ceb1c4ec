"""Conditions and columns of a list: what the address says, what it means on both engines, what the forms make of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from treaty.kit.conditions import Condition, conditions, edited, editor, read
from treaty.kit.fields import CHOICE, DAY, MOMENT, NUMBER, Field, days_of, number_of, span
from treaty.kit.lists import Column, ListPage
from treaty.kit.models import Job

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
STATES = (("waiting", "Waiting"), ("done", "Done"), ("a|b%", "Odd"))
FIELDS = (
    Field(key="name", label="Name", path="name"),
    Field(key="state", label="State", kind=CHOICE, path="state", choices=lambda: STATES, blank=True),
    Field(key="total", label="Total", kind=NUMBER, path="total"),
    Field(key="cents", label="Cents", kind=NUMBER, path="total", factor=100, besides=Q(state="done")),
    Field(key="started", label="Started", kind=MOMENT, path="started_at"),
    Field(key="odd", label="Odd", kind=CHOICE, choices=lambda: (("yes", "yes"),), means=lambda _: Q(done__gt=0)),
)  # fmt: skip
COLUMNS = (
    Column[Job]("name", "Name", sort="name", main=True),
    Column[Job]("state", "State"),
    Column[Job]("done", "Done", csv_with="total"),
    Column[Job]("total", "Total", in_table=False),
)


def job(name: str, **told: Any) -> Job:
    return Job.objects.create(
        **{"name": name, "title": name, "created_at": NOW, "next_try_at": NOW, "started_at": NOW} | told
    )


def listed(**told: Any) -> ListPage[Job]:
    given: dict[str, Any] = {"rows": Job.objects.all(), "columns": COLUMNS, "order": "name", "fields": FIELDS}
    return ListPage(**given | {"template": "kit/list.html", "name": "jobs", "arranges": True} | told)


def asked(query: str) -> HttpRequest:
    return RequestFactory().get(f"/jobs/?{query}")


def names(query: str) -> list[str]:
    return [row.name for row in listed().shown(asked(query)).rows]


@pytest.fixture
def jobs() -> None:
    job("Łódź", total=1000, state="done", started_at=NOW - timedelta(days=40))
    job("lodz", total=999, done=3)
    job("Nord", state="", started_at=None)
    job("South", total=None, state="done", started_at=NOW - timedelta(days=6, hours=9))


@pytest.mark.django_db
@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("where=1.name.has:łód", ["Łódź"]),
        ("where=1.name.has:NOR", ["Nord"]),
        ("where=1.name.lacks:o", ["Łódź"]),
        ("where=1.name.begins:so", ["South"]),
        ("where=1.name.is:łódź", ["Łódź"]),
        ("where=1.name.not:lodz", ["Nord", "South", "Łódź"]),
        ("where=1.state.is:done|waiting", ["South", "lodz", "Łódź"]),
        ("where=1.state.not:done", ["Nord", "lodz"]),
        ("where=1.state.empty", ["Nord"]),
        ("where=1.total.least:1%20000", ["Nord", "South", "lodz", "Łódź"]),
        ("where=1.total.least:1000", ["Łódź"]),
        ("where=1.total.most:999,5", ["lodz"]),
        ("where=1.total.empty", ["Nord", "South"]),
        ("where=1.total.filled", ["lodz", "Łódź"]),
        ("where=1.cents.is:10", ["Łódź"]),
        ("where=1.started.from:2026-11-13", ["South", "lodz"]),
        ("where=1.started.until:2026-11-13", ["South", "Łódź"]),
        ("where=1.started.is:2026-11-13", ["South"]),
        ("where=1.started.within:7", ["South", "lodz"]),
        ("where=1.started.within:6", ["lodz"]),
        ("where=1.started.ahead:1", ["lodz"]),
        ("where=1.started.empty", ["Nord"]),
        ("where=1.odd.is:yes", ["lodz"]),
        ("where=1.odd.not:yes", ["Nord", "South", "Łódź"]),
        ("where=1.state.is:done&where=1.total.empty", ["South"]),
        ("where=1.state.is:done&where=1.total.empty&where=2.name.has:nord", ["Nord", "South"]),
        ("where=3.name.has:nord&where=7.name.is:south", ["Nord", "South"]),
    ],
)
def test_what_a_condition_means(query: str, found: list[str]) -> None:
    assert sorted(names(query)) == found


@pytest.mark.django_db
@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    "where",
    [
        *("", "1", "1.name", "0.name.has:x", "1.error.has:x", "1.name.from:2026-01-01", "1.name.has:", "1.name.empty:x"),
        *("1.state.is:unheard", "1.state.is:done|unheard", "1.total.least:much", "1.total.least:1e99", "1.total.is:NaN"),
        *("1.started.from:yesterday", "1.started.from:9999-12-31", "1.started.within:0", "1.started.within:99999"),
        *("1.odd.empty", "1.name.has:a%00b", "1.name.has:" + "x" * 201, "1.started.within:1|2"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_narrows_nothing(where: str) -> None:
    assert len(names(f"where={where}")) == 4


@given(
    group=st.integers(1, 9),
    field=st.sampled_from(FIELDS),
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=1, max_size=3),
    data=st.data(),
)  # fmt: skip
def test_a_condition_comes_back_from_its_address_as_it_went(
    group: int, field: Field, texts: list[str], data: st.DataObject
) -> None:
    operator = data.draw(st.sampled_from(field.operators))
    if field.choices:
        texts = data.draw(st.lists(st.sampled_from([key for key, _label in field.choices()]), min_size=1))
    values = () if operator in {"empty", "filled"} else tuple(texts)
    condition = Condition(group, field, operator, values)
    back = read(condition.text(), {field.key: field})
    assert back == (condition if field.accepts(operator, values) else None)


def test_groups_are_numbered_without_a_gap_and_a_condition_counts_once() -> None:
    query = QueryDict("where=7.name.has:b&where=3.name.has:a&where=7.name.has:b&where=7.total.empty")
    assert [one.text() for one in conditions(query, FIELDS)] == [
        "1.name.has:a",
        "2.name.has:b",
        "2.total.empty",
    ]


@pytest.mark.parametrize(
    ("query", "wheres"),
    [
        ("filter=name&o=has&v=a", ["1.name.has:a"]),
        ("where=1.name.has:a&filter=total&o=least&v=5&g=1", ["1.name.has:a", "1.total.least:5"]),
        ("where=1.name.has:a&filter=total&o=least&v=5&g=2", ["1.name.has:a", "2.total.least:5"]),
        ("where=1.name.has:a&filter=1.name.has:a&o=begins&v=b&g=1", ["1.name.begins:b"]),
        ("filter=state&o=is&v=done&v=waiting", ["1.state.is:done|waiting"]),
        ("filter=started&o=within&v=2026-01-01&n=30", ["1.started.within:30"]),
        ("filter=started&o=empty&v=2026-01-01", ["1.started.empty"]),
        ("filter=name&o=has&v=", None),
        ("filter=name&o=least&v=1", None),
        ("filter=error&o=has&v=1", None),
        ("o=has&v=1", None),
    ],
)
def test_what_the_form_of_a_condition_makes_of_the_address(query: str, wheres: list[str] | None) -> None:
    assert edited(QueryDict(query), FIELDS) == wheres


@pytest.mark.django_db
def test_a_form_that_was_sent_leads_to_the_address_that_says_the_same() -> None:
    answer = listed().response(asked("sort=-name&after=x&filter=name&g=1&o=has&v=a%26b&n="))
    assert answer.status_code == 302
    assert answer["Location"] == "/jobs/?sort=-name&where=1.name.has%3Aa%26b"


@pytest.mark.django_db
def test_a_form_without_a_value_comes_back_and_says_so() -> None:
    text = listed().response(asked("filter=total&o=least&v=much")).content.decode()  # type: ignore[attr-defined]
    assert 'value="much"' in text
    assert "This does not say what to look for" in text


@pytest.mark.django_db
@pytest.mark.usefixtures("jobs")
def test_a_chip_says_its_condition_and_takes_it_away() -> None:
    shown = listed().shown(asked("where=1.state.is:done|waiting&where=2.started.within:7&sort=name"))
    assert [[chip.words for chip in group] for group in shown.groups] == [
        ["State is Done or Waiting"],
        ["Started: in the last 7 days"],
    ]
    assert shown.groups[1][0].removal_url == "?sort=name&where=1.state.is%3Adone%7Cwaiting"


def test_a_form_offers_to_join_a_standing_condition_or_to_stand_beside_it() -> None:
    query = QueryDict("where=1.name.has:a&filter=total")
    form = editor(query, FIELDS, conditions(query, FIELDS))
    assert form is not None
    assert form.joins == [(1, "and"), (2, "or")]
    alone = editor(QueryDict("filter=total"), FIELDS, [])
    assert alone is not None
    assert (alone.joins, alone.is_refused) == ([], False)


@pytest.mark.parametrize(
    ("operator", "value", "days"),
    [
        ("within", "1", (date(2026, 11, 19), date(2026, 11, 20))),
        ("ahead", "1", (date(2026, 11, 19), date(2026, 11, 20))),
        ("within", "30", (date(2026, 10, 21), date(2026, 11, 20))),
        ("until", "2026-11-18", (None, date(2026, 11, 19))),
    ],
)
def test_days_count_today(operator: str, value: str, days: tuple[date | None, date]) -> None:
    assert span(operator, value, date(2026, 11, 19)) == days


@pytest.mark.parametrize(
    ("text", "number"), [("1,5", "1.5"), (" 7 ", "7"), ("1e3", "1000"), ("", None), ("inf", None)]
)
def test_numbers_are_read_as_people_write_them(text: str, number: str | None) -> None:
    found = number_of(text)
    assert (None if found is None else f"{found:f}") == number
    assert days_of(text) == (None if text != "7" else 7)


def heads(query: str) -> list[str]:
    return [str(head.column.label) for head in listed().shown(asked(query)).heads]


@pytest.mark.django_db
def test_columns_stand_as_the_address_orders_them_and_the_name_is_always_there() -> None:
    assert heads("") == heads("cols=nonsense") == ["Name", "State", "Done"]
    assert heads("cols=total,name,total,x") == ["Total", "Name"]
    assert heads("cols=done") == ["Name", "Done"]
    assert heads("cols=all") == ["Name", "State", "Done", "Total"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("col=name&col=total&sort=name", "/jobs/?sort=name&cols=name%2Ctotal"),
        ("col=name&col=state&col=done&cols=all", "/jobs/?"),
        ("col=name&col=state&col=done&down=name", "/jobs/?cols=state%2Cname%2Cdone"),
        ("col=name&col=state&up=state", "/jobs/?cols=state%2Cname"),
        ("col=name&col=state&up=name&col=x", "/jobs/?cols=name%2Cstate"),
    ],
)
def test_the_form_of_columns_leads_to_the_address_that_says_the_same(query: str, location: str) -> None:
    assert listed().response(asked(query))["Location"] == location


@pytest.mark.django_db
@pytest.mark.usefixtures("jobs")
def test_the_spreadsheet_has_the_columns_rows_and_order_that_are_shown() -> None:
    answer = listed(may_export=True).response(
        asked("format=csv&cols=done,name&where=1.state.is:done&sort=-name")
    )
    lines = b"".join(answer).decode().removeprefix("\ufeff").splitlines()
    assert lines == ["Done,Total,Name", "0,1000,Łódź", "0,,South"]


def test_days_and_moments_are_asked_alike() -> None:
    assert Field(key="day", label="Day", kind=DAY, path="day").operators == FIELDS[4].operators
