"""The agreement as a contract: the version in force, or any other, with its margin, signatures and difference."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from treaty.agreements import queries
from treaty.agreements.queries import VersionRow
from treaty.agreements.rules import State
from treaty.agreements.views import shown
from treaty.agreements.views.sheet import sheet
from treaty.kit.web import page
from treaty.staff import queries as staff
from treaty.staff.access import needs
from treaty.staff.rules import DRAFT_AGREEMENT, SEE_PEOPLE, SIGN_AGREEMENT

SIDES = ("marketing", "sales")


@require_safe
@needs(SEE_PEOPLE)
def agreement(request: HttpRequest) -> HttpResponseBase:
    """The version in force; without one, the newest draft, or how to begin."""
    at = timezone.now()
    rows = queries.versions(at)
    if file := sheet(request, rows):
        return file
    current = next((row for row in rows if row.state is State.IN_FORCE), None)
    if current is None and rows:
        current = rows[0]
    if current is None:
        return page(request, "agreements/none.html", {"may_draft": staff.may(request.user, DRAFT_AGREEMENT)})
    return page(request, "agreements/agreement.html", context(request, current, rows, at))


@require_safe
@needs(SEE_PEOPLE)
def version(request: HttpRequest, number: int) -> HttpResponseBase:
    """One version, beside the one it replaces or another that was asked for (?against=3)."""
    at = timezone.now()
    rows = queries.versions(at)
    row = one_of(rows, number)
    return sheet(request, rows) or page(request, "agreements/agreement.html", context(request, row, rows, at))


def one_of(rows: list[VersionRow], number: int) -> VersionRow:
    """The version of a number, or 404."""
    row = next((row for row in rows if row.number == number), None)
    if row is None:
        raise Http404
    return row


def context(request: HttpRequest, row: VersionRow, rows: list[VersionRow], at: datetime) -> dict[str, Any]:
    """Everything the contract's page shows."""
    names, month = shown.names_of(row.document), shown.this_month(at)
    live = shown.live_margins(row, month, at)
    against = compared(request, row, rows)
    is_open = row.state in {State.DRAFT, State.PROPOSED, State.SIGNED_ONE}
    return {
        "row": row,
        "rows": rows,
        "sections": shown.sections(row, names, live),
        "signatures": shown.signatures(row),
        "hash": shown.hash_in_groups(row.sha256),
        "short_hash": shown.short_hash(row.sha256),
        "sides": [(side, live[side]) for side in SIDES if side in live],
        "month": month,
        "today": timezone.localdate(at),
        "against": against,
        "changes": shown.changes(against.document, row.document) if against else [],
        "problems": shown.problems(row.document, at) if row.state is State.DRAFT else {},
        "may_draft": staff.may(request.user, DRAFT_AGREEMENT),
        "may_withdraw": is_open and staff.may(request.user, DRAFT_AGREEMENT),
        "my_sides": open_sides(request, row),
    }


def compared(request: HttpRequest, row: VersionRow, rows: list[VersionRow]) -> VersionRow | None:
    """What the version is set against: the one asked for, else the one it replaces."""
    asked = request.GET.get("against", "")
    if asked.isdigit():
        return next((other for other in rows if other.number == int(asked) and other is not row), None)
    return queries.predecessor(row, rows)


def open_sides(request: HttpRequest, row: VersionRow) -> list[str]:
    """The sides for which this user may still sign or decline."""
    if row.state not in {State.PROPOSED, State.SIGNED_ONE} or not staff.may(request.user, SIGN_AGREEMENT):
        return []
    if any(one.user_id == request.user.pk for one in row.signatures):
        return []
    mine = staff.side(request.user)  # type: ignore[arg-type]  # whoever may sign is signed in
    return [side for side in SIDES if mine in {side, "both"} and row.signature(side) is None]
