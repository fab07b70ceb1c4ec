"""Opens a file of rows, whatever its form: header and rows with their numbers, as texts."""

from dataclasses import dataclass
from pathlib import Path

from treaty.imports.reading.cards import Cards
from treaty.imports.reading.delimited import Delimited
from treaty.imports.reading.json_lines import ARRAY, JsonLines
from treaty.imports.reading.table import BadFile, Table
from treaty.imports.reading.workbook import Workbook

__all__ = ["SUFFIXES", "BadFile", "Choice", "Table", "opened"]

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".vcf", ".jsonl", ".ndjson", ".json")
"""How the names of files end that can be read."""
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: XLSX and ODS are archives, XLS is a compound file."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody said about a file; what is empty is found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def opened(path: Path, choice: Choice = Choice()) -> Table:
    """The table of a file; its form is told by its first bytes. Raises BadFile."""
    try:
        with path.open("rb") as file:
            first = file.read(1024)
    except OSError as error:
        raise BadFile("unreadable", path, error=str(error.strerror)) from None
    if first.startswith(WORKBOOKS):
        return Workbook.opened(path, sheet=choice.sheet)
    text = first.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if text[:11].upper() == b"BEGIN:VCARD":
        return Cards.opened(path, encoding=choice.encoding)
    if text.startswith(b"{") or ARRAY.match(text):
        return JsonLines.opened(path)
    return Delimited.opened(path, encoding=choice.encoding, delimiter=choice.delimiter)
