"""The audit in words: what was done, to what, and each field before and after. Nouns above tell a record's history by it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from treaty.kit.spreadsheet import spreadsheet
from treaty.staff import naming, queries, wording
from treaty.staff.naming import Thing

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A day as changes keep it."""
AT_ONCE = 50
PORTION = 1_000
"""Lines of a file that are read and worded together."""

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
    **dict.fromkeys(("identity", "email", "phone", "external"), "identity"),
    "purpose": "purpose",
    "role_id": "role",
    "team_id": "team",
}
"""The kind of thing that a field's number stands for."""

UNTOLD = frozenset({"fact", "merged", "other", "merge"})
"""Fields for machines: the verb says the same in words."""


class Words:
    """What verbs, kinds and fields are called: staff's own, and those of the nouns above."""

    def __init__(self) -> None:
        self.verbs, self.kinds = dict(wording.VERBS), dict(wording.KINDS)
        self.fields: dict[str, Any] = dict(wording.FIELDS)
        for one in naming.audited():
            self.verbs |= one.verbs
            self.kinds[one.kind] = one.label
            self.fields |= {**one.fields, **(one.own() if one.own else {})}


def drawn(
    user: queries.User,
    lines: Sequence[queries.AuditLine],
    words: Words,
    people: Sequence[queries.StaffRow] | None = None,
) -> list[dict[str, Any]]:
    """The lines in words; what they are about is looked up for all of them together."""
    found = naming.things(
        user, naming.referred(lines, REFERS), own_things(queries.staff() if people is None else people)
    )
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


def before(request: HttpRequest) -> int | None:
    """The line that an address wants what is older than."""
    value = request.GET.get("before", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


@dataclass(frozen=True, slots=True)
class History:
    """What was changed of a record, newest first; `next` is the line behind which there is more."""

    rows: list[dict[str, Any]]
    next: int | None


def history(user: queries.User, kind: str, ids: Collection[int], *, before: int | None = None) -> History:
    """The changes of a record under all ids that it had. Whoever asks has made sure that the user sees it."""
    lines = queries.audit_lines(about=(kind, ids), before=before, limit=AT_ONCE + 1)
    more = lines[AT_ONCE - 1].id if len(lines) > AT_ONCE else None
    return History(drawn(user, lines[:AT_ONCE], Words()), more)


def sheet(
    request: HttpRequest, user: queries.User, kind: str, ids: Collection[int]
) -> StreamingHttpResponse | None:
    """All changes of a record as CSV where the address of its page asks for them, else nothing."""
    heads = [_("When"), _("Who"), _("What"), _("Before and after")]
    return spreadsheet(request, "history", heads, map(flat, whole(user, about=(kind, ids))))


def whole(user: queries.User, *, before: int | None = None, **asked: Any) -> Iterator[dict[str, Any]]:
    """Every line that matches in words, read portion by portion from behind the last one's id."""
    words, people = Words(), queries.staff()
    while lines := queries.audit_lines(**asked, before=before, limit=PORTION):
        yield from drawn(user, lines, words, people)
        before = lines[-1].id


def flat(row: dict[str, Any]) -> list[object]:
    """A line of a record's history as a spreadsheet has it."""
    return [row["line"].at, row["line"].by, row["verb"], before_and_after(row)]


def before_and_after(row: dict[str, Any]) -> str:
    """The changes of a line as one text."""
    return "; ".join(
        f"{field}: {was} → {became}" if was else f"{field}: {became}" for field, was, became in row["changes"]
    )


def changes(line: queries.AuditLine, found: Things, words: Words) -> Iterator[tuple[str, str, str]]:
    """Field, value before and after, each in words; what was empty and stayed empty is left out."""
    for field, (before, after) in line.changes.items():
        was, became = text(field, before, found), text(field, after, found)
        was = "" if was == became else was
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
    if field in WORDS:
        return wording.word(WORDS[field], str(value))
    if isinstance(value, str) and DAY.fullmatch(value):
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return str(value)


def own_things(people: Sequence[queries.StaffRow]) -> dict[naming.Key, Thing]:
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
