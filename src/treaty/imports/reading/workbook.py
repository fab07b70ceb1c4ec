"""Workbooks: XLSX, XLS and ODS, one sheet of them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from treaty.imports.reading.table import BadFile, Table, header_of

Cell = int | float | str | bool | time | date | datetime | timedelta


class Workbook(Table):
    """One sheet of a workbook."""

    __slots__ = ()

    @property
    def form(self) -> str:
        """The form of the file."""
        return "workbook"

    @classmethod
    def opened(cls, path: Path, *, sheet: str = "") -> "Workbook":
        """The table of a sheet, the first one where none is named. Raises BadFile."""
        book = _book(path)
        names = tuple(book.sheet_names)
        if sheet and sheet not in names:
            raise BadFile("no_such_sheet", path, sheet=sheet, sheets=", ".join(names))
        chosen = sheet or next(iter(names), "")
        _number, first = next(_lines(_sheet(book, path, chosen)), (0, []))
        return cls(path, header_of(path, first), sheets=names, sheet=chosen)

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Each row below the names that is not empty, with its number in the sheet."""
        lines = _lines(_sheet(_book(self.path), self.path, self.sheet))
        next(lines, None)
        yield from lines


def _lines(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [text_of(value) for value in values]
        if any(cell.strip() for cell in cells):
            yield number, cells


def _book(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise BadFile("locked", path) from None
    except (CalamineError, OSError) as error:
        raise BadFile("no_workbook", path, error=str(error)) from None


def _sheet(book: CalamineWorkbook, path: Path, name: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (CalamineError, WorksheetNotFound) as error:
        raise BadFile("no_workbook", path, error=str(error)) from None


def text_of(value: Cell) -> str:
    """A cell as text: whole numbers without a point, dates in ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
