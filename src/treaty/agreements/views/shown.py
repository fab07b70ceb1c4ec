"""What the contract's pages show, made ready for the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from treaty.agreements import margins, queries, refusal_wording, wording
from treaty.agreements.margins import Margin
from treaty.agreements.queries import SignatureRow, VersionRow
from treaty.agreements.rules import (
    Change,
    Clause,
    Document,
    State,
    clauses,
    diff,
    examples_passed,
    readable_hash,
)
from treaty.agreements.wording import Names
from treaty.segments.wording import sentence
from treaty.staff import queries as staff


@dataclass(frozen=True, slots=True)
class Said:
    """A clause in words."""

    number: str
    side: str
    section: int
    html: SafeString
    """Its sentence, and below it the rows of a clause that lists something."""


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause as the page sets it."""

    said: Said
    margin: Margin | None


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section of the contract."""

    number: int
    heading: str
    clauses: Sequence[ShownClause]


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature as the page sets it; `signed_at` is in the signer's time zone."""

    row: SignatureRow
    signed_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change of a value, in words."""

    number: str
    side: str
    name: str
    before: str
    after: str


def names_of(*documents: Document) -> Names:
    """The names that documents need: users of their pools, teams, and what their conditions ask for."""
    users = {member.user for document in documents for member in document.pool.members}
    return Names(
        users=staff.user_names(users),
        teams={team.id: team.name for team in staff.teams()},
        language=get_language() or "en",
        asked=queries.asked_by(*documents),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A version's text as somebody reads it; equal to another where hash, names and language are."""

    sha256: str
    users: frozenset[tuple[int, str]]
    teams: frozenset[tuple[int, str]]
    asked: frozenset[tuple[int | str, str]]
    language: str
    document: Document = field(compare=False)
    names: Names = field(compare=False)


def sections(row: VersionRow, names: Names, live: Mapping[str, Margin]) -> list[Section]:
    """The contract, section by section; what is proposed never changes and is put into words once."""
    users, teams = frozenset(names.users.items()), frozenset(names.teams.items())
    asked = frozenset(names.asked.items())
    reading = Reading(row.sha256, users, teams, asked, names.language, row.document, names)
    found: dict[int, list[ShownClause]] = {}
    for said in in_words_once(reading) if row.sha256 else in_words(reading):
        found.setdefault(said.section, []).append(ShownClause(said, live.get(said.number)))
    return [Section(number, wording.heading(number), inner) for number, inner in found.items()]


def in_words(reading: Reading) -> tuple[Said, ...]:
    """Every clause in words."""
    names = reading.names
    return tuple(
        Said(one.number, one.side, one.section, terms(wording.html(one, names), wording.lines(one, names)))
        for one in clauses(reading.document)
    )


def terms(sentence: SafeString, lines: Sequence[tuple[str, str]]) -> SafeString:
    """A clause's sentence, and its rows where it lists something."""
    if not lines:
        return format_html("<p>{}</p>", sentence)
    rows = format_html_join("", "<li><span>{}</span><b><bdi>{}</bdi></b></li>", lines)
    return format_html('<div class="says"><p>{}</p><ul class="terms">{}</ul></div>', sentence, rows)


in_words_once = lru_cache(maxsize=256)(in_words)
"""The same for a text that cannot change."""


def live_margins(row: VersionRow, month: date, at: datetime) -> dict[str, Margin]:
    """What stands beside each clause: live while the version is in force, else what its tests say."""
    passed = examples_passed(row.document, at)
    right = sum(passed.values())
    tests = gettext("%(right)s of %(all)s example persons pass") % {"right": right, "all": len(passed)}
    own = {"2.1": Margin(note=tests, tone="" if right == len(passed) else "bad")}
    if row.state is not State.IN_FORCE:
        return own
    live = margins.of(row.id, month)
    for clause in clauses(row.document):
        if clause.is_promise:
            live.setdefault(clause.number, Margin(url=margins.rows_url(clause.number, month)))
    definition = live.get("2.1")
    if definition is not None:
        own["2.1"] = Margin(text=definition.text, note=tests, url=definition.url, tone=definition.tone)
    return {**live, **own}


def changes(before: Document, after: Document) -> list[ShownChange]:
    """The difference between two documents, in words."""
    names = names_of(before, after)
    return [_change(change, names) for change in diff(before, after)]


def signatures(row: VersionRow) -> list[ShownSignature]:
    """Both signatures, marketing's first, each in its own time zone."""
    return [
        ShownSignature(
            row=one,
            signed_at=one.signed_at.astimezone(ZoneInfo(one.zone)),
            place=one.zone.rpartition("/")[2].replace("_", " "),
        )
        for one in row.signatures
    ]


def problems(document: Document, at: datetime) -> dict[str, list[str]]:
    """What keeps a draft from being proposed, in words, by clause."""
    found: dict[str, list[str]] = {}
    users = names_of(document).users
    for problem in queries.problems(document, at):
        found.setdefault(problem.clause, []).append(refusal_wording.problem(problem, users))
    return found


def definition(document: Document) -> str:
    """The definition as one sentence."""
    return sentence(document.definition, queries.asked_by(document))


def this_month(at: datetime) -> date:
    """The first day of the current month in the installation's time zone."""
    return timezone.localtime(at, timezone.get_default_timezone()).date().replace(day=1)


def hash_in_groups(digest: str) -> str:
    """A hash as people compare it."""
    return readable_hash(digest)


def short_hash(digest: str) -> str:
    """The beginning and the end of a hash."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}" if digest else ""


def _change(change: Change, names: Names) -> ShownChange:
    return ShownChange(
        number=change.number,
        side=change.side,
        name=wording.name(change.code),
        before=_said(change, change.before, names),
        after=_said(change, change.after, names),
    )


def _said(change: Change, clause: Clause | None, names: Names) -> str:
    """One side of a change: the row of a list, a whole clause, or a value."""
    if clause is None:
        return ""
    if change.line:
        values = dict(clause.lines).get(change.line)
        return "" if values is None else gettext("%(what)s: %(becomes)s") % dict(
            zip(("what", "becomes"), wording.line(clause.code, values, names), strict=True)
        )  # fmt: skip
    if not change.key or isinstance(clause.values.get(change.key), bool):
        return wording.text(clause, names)
    return wording.phrase(change.key, clause, names)
