"""Lines of CSV hold what rows hold, whatever the texts are; read back by Python's own reader."""

import csv
import io

import pytest

from treaty.kit.lines import Cell, Form, write_lines
from treaty.kit.models import Tick

pytestmark = pytest.mark.django_db

TEXTS = (
    "plain",
    "",
    'a "quoted", text',
    "a line\nand another",
    "Łódź 営業 ёлка",
    "%s %d 100 %",
    "back\\slash",
)


def read(cells: list[Cell], rows: str, values: tuple[object, ...] = ()) -> list[list[str]]:
    file = io.BytesIO()
    write_lines(file, cells, rows, values)
    return sorted(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back(text: str) -> None:
    Tick.objects.create(name="one", error=text, seconds=2, due_at="2026-11-19T09:30:00.000125Z")
    cells = [
        Cell("t.seconds", Form.WHOLE),
        Cell("t.error", Form.TEXT),
        Cell("t.due_at", Form.MOMENT),
        Cell("t.ran_at", Form.MOMENT),
    ]
    [[number, error, due, ran]] = read(cells, "kit_tick t WHERE t.name = %s", ("one",))
    assert (float(number), error, due, ran) == (2, text, "2026-11-19 09:30:00.000125", "")


def test_no_rows_are_no_lines() -> None:
    assert read([Cell("t.seconds", Form.WHOLE)], "kit_tick t WHERE t.name = %s", ("nobody",)) == []


def test_a_text_that_is_not_there_is_an_empty_one_and_quoted() -> None:
    Tick.objects.create(name="one", due_at="2026-11-19T09:30:00Z")
    file = io.BytesIO()
    write_lines(file, [Cell("t.seconds", Form.WHOLE), Cell("NULL", Form.TEXT)], "kit_tick t")
    assert file.getvalue() == b',""\n'
