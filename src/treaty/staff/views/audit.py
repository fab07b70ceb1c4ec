"""The audit as a page: who changed what, newest first."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from treaty.staff import queries, wording
from treaty.staff.access import needs
from treaty.staff.rules import MANAGE_STAFF

AT_ONCE = 50

Names = Mapping[str, Mapping[int, str]]

WORDS = {
    "permissions": wording.PERMISSIONS,
    "scopes": wording.SCOPES,
    "visibility": wording.VISIBILITIES,
    "side": wording.SIDES,
}


@require_safe
@needs(MANAGE_STAFF)
def audit(request: HttpRequest) -> HttpResponse:
    """Changes, filtered by what was changed and who did it; `before` pages on."""
    kind, by, before = request.GET.get("kind", ""), number(request, "by"), number(request, "before")
    lines = queries.audit_lines(kind=kind, by=by, before=before, limit=AT_ONCE + 1)
    shown, people = lines[:AT_ONCE], queries.staff()
    names = names_of(people)
    told = {
        "rows": [
            {
                "line": line,
                "verb": wording.word(wording.VERBS, line.verb),
                "kind": wording.word(wording.KINDS, line.about_kind),
                "changes": list(changes(line, names)),
            }
            for line in shown
        ],
        "kinds": [(one, wording.word(wording.KINDS, one)) for one in queries.audit_kinds()],
        "people": people,
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


def changes(line: queries.AuditLine, names: Names) -> Iterator[tuple[str, str, str]]:
    """Field, value before and after, each in words; what was empty and stayed empty is left out."""
    for field, (before, after) in line.changes.items():
        was, became = text(field, before, names), text(field, after, names)
        if was or became:
            yield wording.word(wording.FIELDS, field), was, became


def text(field: str, value: object, names: Names) -> str:
    """A value of the audit as people read it; nothing is empty."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return names.get(field, {}).get(value, str(value))
    if field == "shifts" and isinstance(value, list):
        return wording.hours_in_words(tuple((day, start, end) for day, start, end in value))
    if field.endswith("_at"):
        return formats.date_format(
            timezone.localtime(datetime.fromisoformat(str(value))), "SHORT_DATETIME_FORMAT"
        )
    if isinstance(value, list):
        return ", ".join(spoken(field, one) for one in value)
    return spoken(field, value)


def spoken(field: str, value: object) -> str:
    """One value of a field that has words of its own."""
    return wording.word(WORDS[field], str(value)) if field in WORDS else str(value)


def names_of(people: list[queries.StaffRow]) -> Names:
    """By field the names of the rows that ids stand for."""
    users = {one.id: one.name for one in people}
    roles = {one.id: wording.role_name(one.key, one.name) for one in queries.roles()}
    teams = {one.id: one.name for one in queries.teams()}
    of_users = dict.fromkeys(("user_id", "owner", "manager_id", "head_id"), users)
    return {**of_users, "role_id": roles, "team_id": teams}
