"""CSV downloads: streamed, readable by spreadsheets, and unable to make a spreadsheet run a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from treaty.kit import shell

EXPORT = "export"
"""The permission to take lists away as files."""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so is a formula to some spreadsheet."""


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def cell(value: object) -> object:
    """A value as a spreadsheet may have it: a text that would be a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(" ", "seconds")
    if isinstance(value, list | tuple):
        return cell(", ".join(map(str, value)))
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(STARTS) else text


def lines(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, a byte order mark first, by which spreadsheets know the encoding."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff"
    yield writer.writerow([cell(head) for head in heads])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def spreadsheet(
    request: HttpRequest, name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse | None:
    """The rows of a page as CSV where its address asks for them (`format=csv`) and the user may export, else nothing."""
    if request.GET.get("format") != "csv" or not shell.may(request.user, EXPORT):
        return None
    return download(name, heads, rows)


def download(name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A CSV file to keep; rows are written as they are read."""
    response = StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
