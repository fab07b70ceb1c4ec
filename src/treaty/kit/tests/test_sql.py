"""Rows written few or many, whichever way each engine takes them, are the same rows."""

from collections.abc import Collection

import pytest
from django.db import connection

from treaty.kit import sql

pytestmark = pytest.mark.django_db

AT = "2026-11-19 09:30:00+00:00"
TABLE = "people_company"
COLUMNS = (
    "name",
    "folded",
    "domain",
    "sector",
    "revenue_currency",
    "city",
    "country",
    "created_at",
    "changed_at",
)
"""Some table with texts and moments; nothing here depends on which."""


def companies(number: int, city: str = "Łódź") -> list[tuple[object, ...]]:
    """Rows of the table, told apart by their place."""
    return [(f"Plant {n}", f"plant {n}", "", "", "", city, "PL", AT, AT) for n in range(number)]


def stored(columns: str = "name, city") -> list[tuple[object, ...]]:
    """What the table holds, in the order it came."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {TABLE} ORDER BY id")
        return list(cursor.fetchall())


@pytest.mark.parametrize("number", [0, 1, sql.FEW, sql.FEW + 1])
def test_a_row_is_written_for_each_value(number: int) -> None:
    others = dict.fromkeys(("folded", "domain", "sector", "revenue_currency", "city", "country"), "x")
    sql.write_each(TABLE, "employees", range(number), name="Plant", created_at=AT, changed_at=AT, **others)
    assert stored("employees, name, city") == [(n, "Plant", "x") for n in range(number)]


@pytest.mark.parametrize("number", [0, 1, sql.FEW, sql.FEW + 1, 3 * sql.FEW])
@pytest.mark.parametrize("tail", ["", "ON CONFLICT (id) DO NOTHING"])
def test_every_row_is_written_and_counted(number: int, tail: str) -> None:
    columns = ("id", *COLUMNS)
    rows = [(10 + n, *row) for n, row in enumerate(companies(number))]
    assert sql.write_rows(TABLE, columns, iter(rows), tail=tail) == number
    assert stored() == [(f"Plant {n}", "Łódź") for n in range(number)]
    if tail:
        assert sql.write_rows(TABLE, columns, rows, tail=tail) == 0


@pytest.mark.parametrize("number", [1, sql.FEW, 3 * sql.FEW])
def test_of_rows_said_to_be_mostly_new_those_that_are_there_stay_as_they_are(number: int) -> None:
    columns, tail = ("id", *COLUMNS), "ON CONFLICT (id) DO NOTHING"
    sql.write_rows(TABLE, columns, [(10, *companies(1, city="Kraków")[0])])
    rows = [(10 + n, *row) for n, row in enumerate(companies(number))]
    assert sql.write_rows(TABLE, columns, rows, tail=tail, mostly_new=True) == number - 1
    assert stored() == [("Plant 0", "Kraków"), *((f"Plant {n}", "Łódź") for n in range(1, number))]


@pytest.mark.parametrize("number", [1, sql.FEW, sql.FEW + 1, 3 * sql.FEW])
def test_each_row_gets_its_own_values_and_the_others_stay(number: int) -> None:
    sql.write_rows(TABLE, COLUMNS, companies(number + 1))
    ids = [identity for (identity,) in stored("id")]
    sql.update_rows(
        TABLE, ("city", "country"), ((f"City {n}", "DE", ids[n]) for n in reversed(range(number)))
    )
    changed = [(f"Plant {n}", f"City {n}", "DE") for n in range(number)]
    assert stored("name, city, country") == [*changed, (f"Plant {number}", "Łódź", "PL")]


NASTY = (
    "",
    "\t",
    "a\tb",
    "a\nb",
    "\r",
    "\\",
    "\\N",
    "\\.",
    "None",
    "a None b",
    "NULL",
    "\N{SNOWMAN}",
    "%s",
    "'\"",
)
"""Texts that mean something else where they are put together carelessly."""


@pytest.mark.parametrize("beside", ["None", "x"])
@pytest.mark.parametrize("number", [sql.FEW, 1_100])
def test_texts_come_back_as_they_were_and_what_is_nothing_too(number: int, beside: str) -> None:
    cities = [NASTY[n % len(NASTY)] if n % 3 == 0 else beside for n in range(number)]
    rows = [
        (f"Plant {n}", f"plant {n}", "", "", "", city, "PL", AT, AT, None if n % 7 == 6 else n)
        for n, city in enumerate(cities)
    ]
    assert sql.write_rows(TABLE, (*COLUMNS, "employees"), rows) == number
    assert stored("city, employees") == [(row[5], row[9]) for row in rows]


def test_writing_nothing_asks_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        sql.write_rows(TABLE, COLUMNS, [])
        sql.update_rows(TABLE, ("city",), [])


AWKWARD = (
    "plain",
    "",
    "NULL",
    "null",
    'say "hi"',
    "back\\slash",
    "a,b",
    "{x}",
    "it's",
    "line\nbreak",
    " Łódź ",
    "さくら",
    "%s",
)


@pytest.mark.parametrize("text", AWKWARD)
def test_a_list_as_one_parameter_finds_each_text_as_it_is(text: str) -> None:
    sql.write_rows(TABLE, COLUMNS, [*companies(1, city=text), *companies(1, city=f"not {text}")])
    for wanted in ([text], list(AWKWARD)):
        with connection.cursor() as cursor:
            condition = sql.one_of_texts("city")
            cursor.execute(f"SELECT city FROM {TABLE} WHERE {condition}", [sql.listed(wanted)])
            assert cursor.fetchall() == [(text,)]


@pytest.mark.parametrize("wanted", [[], [1], [3, 1, 2], {-1, 2**62}])
def test_a_list_as_one_parameter_finds_each_number(wanted: Collection[int]) -> None:
    columns = ("id", *COLUMNS)
    ids = (1, 2, 4, 2**62)
    sql.write_rows(TABLE, columns, [(n, *row) for n, row in zip(ids, companies(4), strict=True)])
    with connection.cursor() as cursor:
        condition = sql.one_of("id")
        cursor.execute(f"SELECT id FROM {TABLE} WHERE {condition} ORDER BY id", [sql.listed(wanted)])
        assert [identity for (identity,) in cursor.fetchall()] == [one for one in ids if one in wanted]


def test_what_is_gathered_comes_sorted_and_may_be_nothing() -> None:
    sql.write_rows(TABLE, COLUMNS, companies(3, 'Łódź, "Polesie"'))
    cities, none = (sql.gathered("c.city", f"{TABLE} c WHERE c.name {sign} o.name") for sign in ("<=", "<"))
    [(first, below)] = sql.ask(f"SELECT {cities}, {none} FROM {TABLE} o WHERE o.name = %s", ["Plant 0"])
    assert (sql.values_of(first), sql.values_of(below)) == (['Łódź, "Polesie"'], [])
    names = sql.gathered("c.name", f"{TABLE} c WHERE c.city = o.city")
    [(row,)] = sql.ask(f"SELECT {names} FROM {TABLE} o WHERE o.name = %s", ["Plant 2"])
    assert sql.values_of(row) == ["Plant 0", "Plant 1", "Plant 2"]


def test_a_statement_put_often_answers_for_the_values_of_each_time() -> None:
    sql.write_rows(TABLE, COLUMNS, companies(12))
    found = [
        sql.ask(f"SELECT name FROM {TABLE} WHERE name = %s AND created_at <= %s", [f"Plant {n}", AT])
        for n in range(12)
    ]
    assert found == [[(f"Plant {n}",)] for n in range(12)]


def test_what_is_written_through_is_not_mapped_meanwhile() -> None:
    if sql.is_postgresql():
        with sql.unmapped():
            assert sql.ask("SELECT 1") == [(1,)]
        return
    before = sql.ask("PRAGMA mmap_size")
    with sql.unmapped():
        assert sql.ask("PRAGMA mmap_size") in ([(0,)], [])
    assert sql.ask("PRAGMA mmap_size") == before
