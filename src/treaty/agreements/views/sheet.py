"""The list of versions as a spreadsheet."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext

from treaty.agreements.queries import VersionRow
from treaty.kit.spreadsheet import spreadsheet


def sheet(request: HttpRequest, rows: list[VersionRow]) -> StreamingHttpResponse | None:
    """All versions as CSV where the page's address asks for them, else nothing."""
    heads = [
        gettext("Version"),
        gettext("State"),
        gettext("Drafted by"),
        gettext("Drafted"),
        gettext("Proposed"),
        gettext("Signed for marketing by"),
        gettext("Signed for marketing"),
        gettext("Signed for sales by"),
        gettext("Signed for sales"),
        gettext("In force from"),
        gettext("Until"),
        gettext("Reason"),
        "SHA-256",
    ]
    return spreadsheet(request, "agreement-versions", heads, map(flat, rows))


def flat(row: VersionRow) -> list[object]:
    """A version as a spreadsheet has it."""
    signed: list[object] = []
    for side in ("marketing", "sales"):
        one = row.signature(side)
        signed += [one.name, one.signed_at] if one else [None, None]
    drafted = [row.number, state(row.state), row.drafted_by, row.drafted_at, row.proposed_at]
    return [*drafted, *signed, row.in_force_from, row.until, row.reason, row.sha256]


def state(of: str) -> str:
    """Where a version stands, as its tag says it."""
    return {
        "draft": gettext("draft"),
        "proposed": gettext("proposed"),
        "signed_one": gettext("signed by one side"),
        "signed": gettext("signed by both"),
        "in_force": gettext("in force"),
        "superseded": gettext("superseded"),
        "declined": gettext("declined"),
        "withdrawn": gettext("withdrawn"),
    }[of]
