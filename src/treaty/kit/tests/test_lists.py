"""The list machine, on a table of its own subject: jobs stand in for the rows of any noun."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from treaty.kit import lists, markup
from treaty.kit.fields import Field
from treaty.kit.keyset import Mark, Order, slice_of
from treaty.kit.lists import Action, Boolean, Choice, Column, Contains, DateRange, Empty, ListPage, counted
from treaty.kit.misread import misreads
from treaty.kit.models import Job
from treaty.kit.spreadsheet import cell, lines

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def job(name: str = "job", **told: Any) -> Job:
    return Job.objects.create(
        **{"name": name, "title": name.title(), "created_at": START, "next_try_at": START} | told
    )


def page(**told: Any) -> ListPage[Job]:
    columns = [
        Column[Job]("name", "Name", sort="name", main=True),
        Column[Job]("done", "Done", sort="done", align="end", total=lambda rows: rows.count()),
        Column[Job]("total", "Total", sort="total"),
        Column[Job]("created", "Made", lambda row: row.created_at, sort="created_at"),
    ]
    filters = [
        Contains("text", "Text", ["name", "title"]),
        Choice("state", "State", lambda: [("waiting", "Waiting"), ("ended", "Ended")]),
        Boolean("by", "By somebody", Q(by__isnull=False), ("By somebody", "By nobody")),
        DateRange("made", "Made", "created_at"),
    ]
    given: dict[str, Any] = {
        "rows": Job.objects.all(),
        "columns": columns,
        "filters": filters,
        "order": "-created",
    }
    return ListPage(**given | {"template": "kit/list.html", "name": "jobs", "caption": "Jobs"} | told)


def asked(query: str = "", **headers: str) -> HttpRequest:
    return RequestFactory().get(f"/jobs/?{query}", headers=headers)


def shown(query: str = "", **told: Any) -> list[str]:
    return [row.name for row in page(**told).shown(asked(query)).rows]


class Walks(TestCase):
    """Walking the pages gives each row once, in order, whatever the ties, the gaps and the size of a page."""

    @given(
        values=st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=9),
        size=st.integers(1, 4),
        is_descending=st.booleans(),
        field=st.sampled_from(["total", "done", "created_at", "name"]),
    )
    def test_there_and_back(
        self, values: list[int | None], size: int, is_descending: bool, field: str
    ) -> None:
        for value in values:
            number = value or 0
            job(str(number), total=value, done=number, created_at=START + timedelta(days=number))
        order, rows = Order(field, is_descending=is_descending), Job.objects.all()
        whole = [row.pk for row in order.sorted(rows)]
        pages, query = [], dict[str, str]()
        while True:
            cut = slice_of(rows, order, query, size)
            pages.append([row.pk for row in cut.rows])
            if not cut.after:
                break
            query = {"after": cut.after}
        assert [key for part in pages for key in part] == whole
        assert all(len(part) == size for part in pages[:-1])
        backwards = [pages[-1]]
        while cut.before:
            cut = slice_of(rows, order, {"before": cut.before}, size)
            backwards.insert(0, [row.pk for row in cut.rows])
        assert [key for part in backwards for key in part] == whole


@pytest.mark.django_db
def test_rows_without_a_value_come_last_both_ways() -> None:
    for name, total in (("b", None), ("a", 1), ("c", 2)):
        job(name, total=total)
    assert shown("sort=total") == ["a", "c", "b"]
    assert shown("sort=-total") == ["c", "a", "b"]


@pytest.mark.django_db
def test_a_row_added_meanwhile_neither_repeats_nor_hides_another() -> None:
    for number in range(4):
        job(f"job {number}", created_at=START + timedelta(hours=number))
    first = page(page=2).shown(asked())
    job("newer", created_at=START + timedelta(days=1))
    second = page(page=2).shown(asked(first.next_url.removeprefix("?")))
    assert [row.name for row in (*first.rows, *second.rows)] == ["job 3", "job 2", "job 1", "job 0"]


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["nonsense", "%00", "W10", "WzEsMl0", "bnVsbA", "eyJhIjoxfQ", "WyJ4IiwgMV0"])
def test_a_mark_that_makes_no_sense_gives_the_first_page(mark: str) -> None:
    job("only")
    assert shown(f"after={mark}") in (["only"], [])
    assert shown(f"sort=created&after={mark}") == ["only"]


def test_a_mark_comes_back_as_it_went() -> None:
    from treaty.kit.keyset import field_of, mark_of

    for name, value in (("created_at", START), ("done", 7), ("total", None), ("name", "ł'\"")):
        mark = Mark(value, 5)
        assert mark_of(mark.text(), field_of(Job, name)) == mark


@pytest.mark.django_db
def test_only_allowed_columns_sort() -> None:
    job("b", error="1")
    job("a", error="2")
    assert shown("sort=name") == ["a", "b"]
    assert shown("sort=error") == shown("sort=nonsense") == shown("")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("text=NO", ["north", "nord"]),
        ("text=n rth", ["north"]),
        ("state=ended", ["nord"]),
        ("state=unheard", ["south", "north", "nord"]),
        ("by=yes", ["south"]),
        ("by=no", ["north", "nord"]),
        ("made_from=2026-11-03", ["south"]),
        ("made_to=2026-11-02", ["north", "nord"]),
        ("made_from=yesterday&made_to=9999-12-31", ["south", "north", "nord"]),
        ("text=%25", []),
    ],
)
def test_a_filter_narrows(query: str, names: list[str]) -> None:
    job("nord", state="ended")
    job("north")
    job("south", by=1, created_at=START + timedelta(days=1))
    assert shown(query) == names


@pytest.mark.django_db
def test_counting_stops_at_the_cap() -> None:
    for _ in range(4):
        job()
    assert (counted(Job.objects.all(), 3).number, counted(Job.objects.all(), 3).more) == (3, True)
    assert (counted(Job.objects.all(), 4).number, counted(Job.objects.all(), 4).more) == (4, False)


@pytest.mark.django_db
def test_the_address_keeps_the_state_and_leaves_the_place_behind() -> None:
    for number in range(3):
        job(f"job {number}")
    listed = page(page=1).shown(asked("text=job&sort=name"))
    assert listed.next_url.startswith("?text=job&sort=name&after=")
    head = listed.heads[0]
    assert (head.url, head.direction) == ("?text=job&sort=-name", "ascending")


@pytest.mark.django_db
def test_an_empty_list_explains_itself_and_a_narrowed_one_offers_all() -> None:
    empty = Empty("No jobs yet", "Long work stands here.")
    assert "No jobs yet" in page(empty=empty).response(asked()).content.decode()  # type: ignore[attr-defined]
    assert "Nothing fits these filters" in page(empty=empty).response(asked("text=x")).content.decode()  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_spreadsheet_has_every_row_that_matches_and_no_formula() -> None:
    for number in range(3):
        job(f"job {number}", title="x")
    job("=1+1")
    listed = page(page=1, may_export=True)
    text = b"".join(listed.response(asked("format=csv&sort=name"))).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["Name", "Done", "Total", "Made"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "job 0", "job 1", "job 2"]


@pytest.mark.django_db
def test_who_may_not_export_gets_the_page() -> None:
    job("only")
    assert page().response(asked("format=csv"))["Content-Type"].startswith("text/html")


# What OWASP's page on CSV injection lists, and the full-width forms that spreadsheets of East Asia take for the same.
@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "＝1", "\n+1"])
def test_a_text_that_would_be_a_formula_is_guarded(text: str) -> None:
    assert str(cell(text)).startswith("'")


@pytest.mark.parametrize(
    ("value", "told"),
    [(-5, -5), (2.5, 2.5), (None, ""), (True, "yes"), ("a-b", "a-b"), (["=x", "y"], "'=x, y")],
)
def test_other_values_are_as_they_are(value: object, told: object) -> None:
    assert cell(value) == told


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=3
        ),
        max_size=4,
    )
)
def test_a_spreadsheet_reads_back_what_was_written(rows: list[list[str]]) -> None:
    text = "".join(lines(["head"], rows)).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[value.removeprefix("'") for value in row] for row in read] == [
        [str(cell(value)).removeprefix("'") for value in row] for row in rows
    ]


@pytest.mark.django_db
def test_a_selection_is_what_was_ticked_among_what_one_may_see() -> None:
    mine, other = job("mine"), job("other")
    listed = page(rows=Job.objects.filter(name="mine"))
    request = RequestFactory().post("/jobs/", {"pick": [mine.pk, other.pk, "x", 2**70]})
    assert [row.pk for row in listed.meant(request)] == [mine.pk]


@pytest.mark.django_db
def test_all_means_what_the_query_asks_for() -> None:
    kept = job("north")
    job("south")
    request = RequestFactory().post("/jobs/", QueryDict("all=1&query=text%3Dnorth").dict())
    assert [row.pk for row in page().meant(request)] == [kept.pk]


@pytest.mark.django_db
def test_totals_are_of_all_rows_that_match() -> None:
    for _ in range(3):
        job()
    assert page(page=1).shown(asked()).totals == ["", 3, "", ""]


HOSTILE = """<script>alert('x')</script>"&"""


@pytest.mark.django_db
def test_what_a_row_is_called_stays_text_wherever_the_list_says_it() -> None:
    job(HOSTILE, title=HOSTILE, error=HOSTILE)
    columns = [
        Column[Job]("name", HOSTILE, sort="name", main=True),
        Column[Job]("error", "Error"),
        Column[Job]("title", "Title", draw=lambda _row, value: markup.tag(value)),
    ]
    asks = Action("Tick", "/tick")
    drawn = page(columns=columns, order="name", actions=[asks], open=lambda row: f"/{row.name}/").shown(
        asked()
    )
    assert "<script" not in drawn.head + drawn.body
    assert drawn.body.count("&lt;script&gt;") == 5


@pytest.mark.django_db
def test_a_cell_stands_as_its_column_draws_it_and_else_as_text() -> None:
    row = job("one", done=3)
    columns = [
        Column[Job]("name", "Name", sort="name", main=True),
        Column[Job]("done", "Done", align="end"),
        Column[Job]("total", "Total"),
        Column[Job]("by", "By", lambda row: row.by, draw=lambda row, value: markup.tag(value or row.name)),
    ]
    drawn = page(columns=columns, order="name", open=lambda row: f"/jobs/{row.pk}/", beside=True).shown(
        asked()
    )
    assert drawn.body == (
        f'<tr data-item><td class="main"><a href="/jobs/{row.pk}/" data-panel>one</a></td>'
        '<td class="n" data-head="Done">3</td><td data-head="Total"></td>'
        '<td data-head="By"><span class="tag">one</span></td></tr>\n'
    )


@pytest.mark.django_db
@pytest.mark.parametrize("few", [0, 2, 1000])
def test_a_search_finds_the_same_in_the_same_order_whether_it_finds_few_or_many(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    for number, name in enumerate(("north", "nord", "south", "northern")):
        job(name, created_at=START + timedelta(hours=number), by=None)
    found = page(search=Contains("q", "Find", ["name"]), page=2).shown(asked("q=nor"))
    assert [row.name for row in found.rows] == ["northern", "nord"]
    assert (found.count.number, found.count.more) == (3, False)
    behind = page(search=Contains("q", "Find", ["name"]), page=2).shown(
        asked(found.next_url.removeprefix("?"))
    )
    assert [row.name for row in behind.rows] == ["north"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_said"),
    [
        ("", False),
        ("state=waiting&by=yes&made_from=2026-11-01&where=1.name.has:north", False),
        ("state=&made_to=", False),
        ("state=gone", True),
        ("by=perhaps", True),
        ("made_from=2026-13-40", True),
        ("where=1.gone.is:gold", True),
        ("where=1.state.is:gone&where=1.name.has:north", True),
        ("&".join(f"where=1.name.has:{number}" for number in range(21)), True),
    ],
)
def test_what_is_out_of_use_is_said_and_never_widens_a_bulk(query: str, is_said: bool) -> None:
    states = [("waiting", "Waiting"), ("ended", "Ended")]
    fields = [
        Field(key="name", label="Name", path="name"),
        Field(key="state", label="State", kind="choice", path="state", choices=lambda: states),
    ]
    listed = page(fields=fields)
    request = asked(query)
    told = render_to_string("kit/list.html", {"list": listed.shown(request)}, request)
    assert ("was left out: more is shown than was meant" in told) is is_said
    assert misreads(listed, request.GET) is is_said
