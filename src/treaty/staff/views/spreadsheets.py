"""A list of the settings as a spreadsheet, for those who may export."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from treaty.kit.spreadsheet import download
from treaty.staff import queries
from treaty.staff.rules import EXPORT


def spreadsheet(
    request: HttpRequest, name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponseBase | None:
    """The rows as CSV where the address asks for them (`format=csv`), else nothing."""
    if request.GET.get("format") != "csv" or not queries.may(request.user, EXPORT):
        return None
    return download(name, heads, rows)
