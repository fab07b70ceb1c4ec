"""The audit as a page: who changed what, newest first."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.staff import naming, queries, wording
from treaty.staff.access import needs
from treaty.staff.naming import Thing
from treaty.staff.rules import MANAGE_STAFF

AT_ONCE = 50
IN_A_FILE = 10_000

Things = Mapping[naming.Key, Thing]

WORDS = {
    "permissions": wording.PERMISSIONS,
    "scopes": wording.SCOPES,
    "visibility": wording.VISIBILITIES,
    "side": wording.SIDES,
}

REFERS = {
    **dict.fromkeys(("user_id", "owner", "owner_id", "manager_id", "head_id"), "user"),
    **dict.fromkeys(("company_id", "parent_id"), "company"),
    "role_id": "role",
    "team_id": "team",
}
"""The kind of thing that a field's number stands for."""

UNTOLD = frozenset({"fact", "identity"})
"""Fields for machines: the verb says the same in words."""


@require_safe
@needs(MANAGE_STAFF)
def audit(request: HttpRequest) -> HttpResponseBase:
    """Changes, filtered by what was changed and who did it; `before` pages on, `format=csv` is all of them as a file."""
    kind, by, before = request.GET.get("kind", ""), number(request, "by"), number(request, "before")
    is_file = request.GET.get("format") == "csv"
    lines = queries.audit_lines(kind=kind, by=by, before=before, limit=IN_A_FILE if is_file else AT_ONCE + 1)
    people, words = queries.staff(), Words()
    rows = drawn(request, lines if is_file else lines[:AT_ONCE], people, words)
    if file := spreadsheet(request, "audit", [str(head) for head in HEADS], map(flat, rows)):
        return file
    told = {
        "rows": rows,
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


class Words:
    """What verbs, kinds and fields are called: staff's own, and those of the nouns above."""

    def __init__(self) -> None:
        self.verbs, self.kinds, self.fields = dict(wording.VERBS), dict(wording.KINDS), dict(wording.FIELDS)
        for one in naming.audited():
            self.verbs |= one.verbs
            self.kinds[one.kind] = one.label
            self.fields |= one.fields


def drawn(
    request: HttpRequest, lines: list[queries.AuditLine], people: list[queries.StaffRow], words: Words
) -> list[dict[str, object]]:
    """The lines in words; what they are about is looked up for all of them together."""
    if not isinstance(request.user, queries.User):
        return []
    found = naming.things(request.user, naming.referred(lines, REFERS), own_things(people))
    return [
        {
            "line": line,
            "verb": wording.word(words.verbs, line.verb),
            "kind": wording.word(words.kinds, line.about_kind),
            "about": found.get((line.about_kind, line.about_id or 0)),
            "changes": list(changes(line, found, words)),
        }
        for line in lines
    ]


def flat(row: dict[str, Any]) -> list[object]:
    """A line as a spreadsheet has it."""
    line, about = row["line"], row["about"]
    told = [
        f"{field}: {was} → {became}" if was else f"{field}: {became}" for field, was, became in row["changes"]
    ]
    return [
        line.at,
        line.by,
        row["verb"],
        row["kind"],
        about.name if about else line.about_id,
        "; ".join(told),
    ]


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; anything else counts as absent."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def changes(line: queries.AuditLine, found: Things, words: Words) -> Iterator[tuple[str, str, str]]:
    """Field, value before and after, each in words; what was empty and stayed empty is left out."""
    for field, (before, after) in line.changes.items():
        was, became = text(field, before, found), text(field, after, found)
        if field not in UNTOLD and (was or became):
            yield wording.word(words.fields, field), was, became


def text(field: str, value: object, found: Things) -> str:
    """A value of the audit as people read it; nothing is empty."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        thing = found.get((REFERS.get(field, ""), value))
        return thing.name if thing else str(value)
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
    if isinstance(value, dict):
        return str(value.get("label", ""))
    if field == "sha256":
        return str(value)[:12]
    return wording.word(WORDS[field], str(value)) if field in WORDS else str(value)


def own_things(people: list[queries.StaffRow]) -> dict[naming.Key, Thing]:
    """Staff's own things by what they are called now, those of hours among them."""
    company = queries.installation().name
    found = {
        ("installation", 1): Thing(company, "/settings/teams/"),
        ("hours_of_company", 0): Thing(company, "/settings/hours/"),
    }
    for one in people:
        found["user", one.id] = Thing(one.name, f"/settings/staff/{one.id}/")
        found["hours_of_user", one.id] = Thing(one.name, f"/settings/hours/user/{one.id}/")
    for role in queries.roles():
        found["role", role.id] = Thing(wording.role_name(role.key, role.name), f"/settings/roles/{role.id}/")
    for team in queries.teams():
        found["team", team.id] = Thing(team.name, f"/settings/teams/{team.id}/")
        found["hours_of_team", team.id] = Thing(team.name, f"/settings/hours/team/{team.id}/")
    return found
