"""The audit as a page: who changed what, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treaty.staff import queries, wording
from treaty.staff.access import needs
from treaty.staff.rules import MANAGE_STAFF

AT_ONCE = 50


@require_safe
@needs(MANAGE_STAFF)
def audit(request: HttpRequest) -> HttpResponse:
    """Changes, filtered by what was changed and who did it; `before` pages on."""
    kind, by, before = request.GET.get("kind", ""), number(request, "by"), number(request, "before")
    lines = queries.audit_lines(kind=kind, by=by, before=before, limit=AT_ONCE + 1)
    shown = lines[:AT_ONCE]
    told = {
        "rows": [
            {
                "line": line,
                "verb": wording.word(wording.VERBS, line.verb),
                "kind": wording.word(wording.KINDS, line.about_kind),
                "changes": list(changes(line)),
            }
            for line in shown
        ],
        "kinds": [(one, wording.word(wording.KINDS, one)) for one in queries.audit_kinds()],
        "people": queries.staff(),
        "kind": kind,
        "by": by,
        "before": before,
        "next": shown[-1].id if len(lines) > AT_ONCE else None,
    }
    return render(request, "staff/audit.html", told)


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; anything else counts as absent."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def changes(line: queries.AuditLine) -> list[tuple[str, str, str]]:
    """Field, value before and after, each as text."""
    return [(field, text(pair[0]), text(pair[1])) for field, pair in line.changes.items()]


def text(value: object) -> str:
    """A value of the audit as people read it; nothing is a dash."""
    if isinstance(value, list):
        return ", ".join(text(one) for one in value) or "–"
    return "–" if value is None or value == "" else str(value)
