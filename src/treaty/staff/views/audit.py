"""The audit as a page: who changed what, newest first."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.staff import queries, wording
from treaty.staff.access import caller, needs
from treaty.staff.rules import MANAGE_STAFF
from treaty.staff.telling import AT_ONCE, Words, before_and_after, drawn, whole


@require_safe
@needs(MANAGE_STAFF)
def audit(request: HttpRequest) -> HttpResponseBase:
    """Changes, filtered by what was changed and who did it; `before` pages on, `format=csv` is all of them as a file."""
    kind, by, before = request.GET.get("kind", ""), number(request, "by"), number(request, "before")
    rows = whole(caller(request), before=before, kind=kind, by=by)
    if file := spreadsheet(request, "audit", [str(head) for head in HEADS], map(flat, rows)):
        return file
    lines = queries.audit_lines(kind=kind, by=by, before=before, limit=AT_ONCE + 1)
    people, words = queries.staff(), Words()
    told = {
        "rows": drawn(caller(request), lines[:AT_ONCE], words, people),
        "kinds": [(one, wording.word(words.kinds, one)) for one in queries.audit_kinds()],
        "people": people,
        "kind": kind,
        "by": by,
        "before": before,
        "next": lines[AT_ONCE - 1].id if len(lines) > AT_ONCE else None,
    }
    return render(request, "staff/audit.html", told)


HEADS = (
    gettext_lazy("When"),
    gettext_lazy("Who"),
    gettext_lazy("What"),
    gettext_lazy("About"),
    gettext_lazy("Name"),
    gettext_lazy("Before and after"),
)


def flat(row: dict[str, Any]) -> list[object]:
    """A line as a spreadsheet has it."""
    line, about = row["line"], row["about"]
    return [
        line.at,
        line.by,
        row["verb"],
        row["kind"],
        about.name if about else line.about_id,
        before_and_after(row),
    ]


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; anything else counts as absent."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None
