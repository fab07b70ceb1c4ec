"""Readings of the ledger: histories in order, and the newest touches with their texts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from treaty.kit import sql
from treaty.ledger.facts import Fact, Subject, SubjectKind, decoded
from treaty.ledger.models import HiddenLine, Touchpoint


@dataclass(frozen=True, slots=True)
class Recorded:
    """A touchpoint: a fact with when it happened, when it was written down, and by whom (a staff id)."""

    id: int
    kind: str
    fact: Fact
    about: Subject
    occurred_at: datetime
    recorded_at: datetime
    known_at: datetime
    by: int | None = None
    batch: int | None = None
    text: str = ""


COLUMNS = "t.id, t.kind, t.subject_kind, t.subject_id, t.occurred_at, t.recorded_at, t.known_at, t.by, t.batch, t.payload"
ABOUT_AT_ONCE = 20_000
"""Subjects asked for in one statement."""
HIDDEN = "EXISTS (SELECT 1 FROM ledger_hiddenline h WHERE h.touchpoint_id = t.id)"
SHOWN = f"NOT {HIDDEN}"
"""The condition that a line is shown, for what people read; folds and figures read all."""


def history(
    subjects: Collection[Subject], kinds: Collection[str] | None = None, since: datetime | None = None
) -> list[Recorded]:
    """All touchpoints about some subjects, oldest first; texts are left out."""
    found = [line for kind, ids in _by_kind(subjects) for line in _lines(kind, ids, kinds, since)]
    return sorted(found, key=lambda line: (line.occurred_at, line.id))


def histories(identities: Collection[int], kinds: Collection[str] | None = None) -> dict[int, list[Recorded]]:
    """The history of each identity, oldest first; identities without one are left out."""
    found: dict[int, list[Recorded]] = defaultdict(list)
    for line in _lines(SubjectKind.IDENTITY, list(identities), kinds, None):
        found[line.about.id].append(line)
    for lines in found.values():
        lines.sort(key=lambda line: (line.occurred_at, line.id))
    return found


def newest_of_each(
    identities: Collection[int], kinds: Collection[str], count: int
) -> dict[int, list[Recorded]]:
    """The newest `count` touchpoints of some kinds about each identity, in no order; most of a history stays unread."""
    ranked = (
        "SELECT t.*, row_number() OVER (PARTITION BY t.subject_id ORDER BY t.occurred_at DESC, t.id DESC) AS place"
        f" FROM ledger_touchpoint t WHERE t.subject_kind = %s AND {sql.one_of('t.subject_id')}"
        f" AND {sql.one_of_texts('t.kind')}"
    )
    statement = f"SELECT {COLUMNS}, NULL FROM ({ranked}) t WHERE t.place <= %s"
    values = [SubjectKind.IDENTITY.value, sql.listed(list(identities)), sql.listed(sorted(kinds)), count]
    found: dict[int, list[Recorded]] = defaultdict(list)
    for line in _read(statement, values) if identities else ():
        found[line.about.id].append(line)
    return found


def bare_lines(
    identities: Collection[int], kinds: Collection[str], *, after: datetime | None = None
) -> list[tuple[int, str, datetime, str]]:
    """(identity, kind, occurred at, payload as JSON) of some kinds, unordered: what scores are folded from.

    Those `after` an instant where one is given. Seven times as fast as `histories`, which matters where every fact
    lets a whole history be read.
    """
    # On SQLite the concatenation hides the column's type, and with it a slower conversion; and it names the zone.
    occurred = "t.occurred_at" if sql.is_postgresql() else "t.occurred_at || '+00:00'"
    statement = (
        f"SELECT t.subject_id, t.kind, {occurred}, t.payload FROM ledger_touchpoint t WHERE t.subject_kind = %s"
        f" AND {sql.one_of('t.subject_id')} AND {sql.one_of_texts('t.kind')}"
        f"{'' if after is None else ' AND t.occurred_at > %s'}"
    )
    ids, wanted, found = list(identities), sql.listed(sorted(kinds)), []
    since = [] if after is None else [sql.stamp(after)]
    for start in range(0, len(ids), ABOUT_AT_ONCE):
        asked = ids[start : start + ABOUT_AT_ONCE]
        values = [SubjectKind.IDENTITY.value, sql.listed(asked), wanted, *since]
        rows = sql.ask(statement, values, often=len(asked) <= sql.FEW)
        found += [(row[0], row[1], sql.moment(row[2]), row[3]) for row in rows]
    return found


def recent(
    subjects: Collection[Subject],
    limit: int,
    *,
    before: tuple[datetime, int] | None = None,
    kinds: Collection[str] | None = None,
    said: tuple[str, str] | None = None,
    hidden_too: bool = False,
) -> list[Recorded]:
    """The newest touchpoints about some subjects with their texts, newest first; `before` is the last one's (time, id).

    `said` is a field of the facts and the text it must hold.
    """
    about, values = _about(subjects)
    more = "" if hidden_too else f" AND {SHOWN}"
    if kinds is not None:
        more += f" AND {sql.one_of_texts('t.kind')}"
        values.append(sql.listed(sorted(kinds)))
    if said:
        more += f" AND {sql.said('t.payload', said[0])} = %s"
        values.append(said[1])
    if before:
        more += " AND (t.occurred_at, t.id) < (%s, %s)"
        values += [sql.stamp(before[0]), before[1]]
    statement = (
        f"SELECT {COLUMNS}, x.body FROM ledger_touchpoint t LEFT JOIN ledger_touchpointtext x ON x.touchpoint_id = t.id"
        f" WHERE ({about}){more} ORDER BY t.occurred_at DESC, t.id DESC LIMIT %s"
    )
    return _read(statement, [*values, limit]) if about else []


def all_said(subjects: Collection[Subject], field: str, kinds: Collection[str]) -> list[str]:
    """What facts of some kinds about some subjects say in a field, each text once, sorted; empty ones are left out."""
    about, values = _about(subjects)
    statement = (
        f"SELECT DISTINCT {sql.said('t.payload', field)} FROM ledger_touchpoint t"
        f" WHERE ({about}) AND {SHOWN} AND {sql.one_of_texts('t.kind')}"
    )
    rows = sql.ask(statement, [*values, sql.listed(sorted(kinds))]) if about else []
    return sorted(text for (text,) in rows if text)


def _about(subjects: Collection[Subject]) -> tuple[str, list[Any]]:
    """The condition that a line is about one of them, and its values; there are none where there are no subjects."""
    pairs = list(_by_kind(subjects))
    about = " OR ".join(f"(t.subject_kind = %s AND {sql.one_of('t.subject_id')})" for _ in pairs)
    return about, [value for kind, ids in pairs for value in (str(kind), sql.listed(ids))]


def texts(lines: Collection[int], kinds: Collection[str], *, hidden: bool = False) -> list[Recorded]:
    """Touchpoints of some kinds by their ids, oldest first, with their texts; those without a text are left out.

    Either those that are shown, or those that are hidden.
    """
    statement = (
        f"SELECT {COLUMNS}, x.body FROM ledger_touchpoint t JOIN ledger_touchpointtext x ON x.touchpoint_id = t.id"
        f" WHERE {sql.one_of('t.id')} AND {sql.one_of_texts('t.kind')} AND {HIDDEN if hidden else SHOWN} ORDER BY t.id"
    )
    return _read(statement, [sql.listed(list(lines)), sql.listed(sorted(kinds))])


def text_lines(kinds: Collection[str], *, after: int = 0, limit: int = 5_000) -> list[int]:
    """The ids of touchpoints of some kinds that have a text, from behind an id on."""
    statement = (
        "SELECT t.id FROM ledger_touchpointtext x JOIN ledger_touchpoint t ON t.id = x.touchpoint_id"
        f" WHERE x.touchpoint_id > %s AND {sql.one_of_texts('t.kind')} ORDER BY x.touchpoint_id LIMIT %s"
    )
    return [line for (line,) in sql.ask(statement, [after, sql.listed(sorted(kinds)), limit])]


def old_texts(*, before: datetime, after: int = 0, limit: int) -> list[int]:
    """The ids of touchpoints about persons, companies and deals that happened before a time and still have a text."""
    statement = (
        "SELECT t.id FROM ledger_touchpointtext x JOIN ledger_touchpoint t ON t.id = x.touchpoint_id"
        f" WHERE x.touchpoint_id > %s AND t.occurred_at < %s AND {sql.one_of_texts('t.subject_kind')}"
        " ORDER BY x.touchpoint_id LIMIT %s"
    )
    about = sql.listed([SubjectKind.IDENTITY.value, SubjectKind.COMPANY.value, SubjectKind.DEAL.value])
    return [line for (line,) in sql.ask(statement, [after, sql.stamp(before), about, limit], often=False)]


def hidden_lines(kind: str) -> "QuerySet[HiddenLine]":
    """Lines of a kind that are hidden and still have a text, each with it."""
    rows = HiddenLine.objects.filter(touchpoint__kind=kind, touchpoint__text__isnull=False)
    return rows.select_related("touchpoint__text")


def lines_about(condition: Q) -> QuerySet[Touchpoint]:
    """Touchpoints whose subject meets a condition: for who asks of single lines whether they are among them."""
    return Touchpoint.objects.filter(condition)


def lines_of_kinds(kinds: Collection[str], *, after: int = 0, limit: int = 50_000) -> list[Recorded]:
    """Touchpoints of some kinds in the order they were recorded, from behind an id on: how a rebuild walks the ledger."""
    statement = (
        f"SELECT {COLUMNS}, NULL FROM ledger_touchpoint t WHERE {sql.one_of_texts('t.kind')} AND t.id > %s"
        " ORDER BY t.id LIMIT %s"
    )
    return _read(statement, [sql.listed(sorted(kinds)), after, limit])


def newest_line() -> int:
    """The id of the line recorded last, 0 in an empty ledger: while it stands, nothing has happened."""
    ((newest,),) = sql.ask("SELECT MAX(id) FROM ledger_touchpoint")
    return int(newest or 0)


def settled_line() -> int | None:
    """The newest line before which none can appear any more; None while it is not known.

    On PostgreSQL a line may become visible after lines with higher ids, until all who were writing then are done.
    """
    newest = newest_line()
    return newest if sql.are_done("ledger_touchpoint") else None


def portion_end(after: int, until: int, most: int) -> int:
    """The last of at most so many lines behind one and up to another; the first one where there are none."""
    statement = (
        "SELECT COALESCE(MAX(id), %s) FROM"
        " (SELECT id FROM ledger_touchpoint WHERE id > %s AND id <= %s ORDER BY id LIMIT %s) portion"
    )
    [(last,)] = sql.ask(statement, [after, after, until, most], often=False)
    return int(last)


def recorded_behind(line: int) -> datetime | None:
    """When the first line behind one was recorded; None where that one is the newest."""
    found = sql.ask("SELECT recorded_at FROM ledger_touchpoint WHERE id > %s ORDER BY id LIMIT 1", [line])
    return sql.moment(found[0][0]) if found else None


def line_key(line: int) -> str | None:
    """The key of a line, by which one can tell later whether it is the same ledger; None where there is no such line."""
    found = sql.ask("SELECT source_key FROM ledger_touchpoint WHERE id = %s", [line])
    return str(found[0][0]) if found else None


def last_line_before(at: datetime) -> int:
    """The newest line recorded before a time, 0 where there is none; found from the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_touchpoint WHERE recorded_at < %s ORDER BY id DESC LIMIT 1",
            [sql.stamp(at)],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _by_kind(subjects: Iterable[Subject]) -> list[tuple[SubjectKind, list[int]]]:
    ids: dict[SubjectKind, list[int]] = defaultdict(list)
    for subject in dict.fromkeys(subjects):
        ids[subject.kind].append(subject.id)
    return list(ids.items())


def _lines(
    kind: SubjectKind, ids: Sequence[int], kinds: Collection[str] | None, since: datetime | None
) -> list[Recorded]:
    more: str = ""
    values: list[Any] = []
    if kinds is not None:
        more, values = f" AND {sql.one_of_texts('t.kind')}", [sql.listed(sorted(kinds))]
    if since is not None:
        more, values = f"{more} AND t.occurred_at >= %s", [*values, sql.stamp(since)]
    about = f"t.subject_kind = %s AND {sql.one_of('t.subject_id')}"
    statement = f"SELECT {COLUMNS}, NULL FROM ledger_touchpoint t WHERE {about}{more}"
    found: list[Recorded] = []
    for start in range(0, len(ids), ABOUT_AT_ONCE):
        asked = ids[start : start + ABOUT_AT_ONCE]
        found += _read(statement, [str(kind), sql.listed(asked), *values], often=len(asked) <= sql.FEW)
    return found


def _read(statement: str, values: Sequence[Any], *, often: bool = False) -> list[Recorded]:
    return [_recorded(row) for row in sql.ask(statement, values, often=often)]


def _recorded(row: Sequence[Any]) -> Recorded:
    (identity, kind, subject_kind, subject, occurred, recorded, known, by, batch, payload, body) = row
    return Recorded(
        id=identity,
        kind=kind,
        fact=decoded(kind, payload),
        about=Subject(SubjectKind(subject_kind), subject),
        occurred_at=sql.moment(occurred),
        recorded_at=sql.moment(recorded),
        known_at=sql.moment(known),
        by=by,
        batch=batch,
        text=body or "",
    )


def subjects_elsewhere(
    ids: Collection[int],
    *,
    batches: Collection[int],
    besides: Collection[str] = (),
    kind: SubjectKind = SubjectKind.IDENTITY,
) -> set[int]:
    """Of some identities (or other subjects) those that facts outside of some batches are about; some kinds do not count."""
    statement = (
        f"SELECT DISTINCT subject_id FROM ledger_touchpoint WHERE {sql.each_of('subject_id')}"
        f" AND subject_kind = %s AND (batch IS NULL OR NOT ({sql.one_of('batch')}))"
        f" AND NOT ({sql.one_of_texts('kind')})"
    )
    inside, known = sql.listed(sorted(batches)), sql.listed(sorted(besides))
    values = [sql.listed(sorted(ids)), kind.value, inside, known]
    return {one for (one,) in sql.ask(statement, values, often=False)} if ids else set()


def subjects_of_batch(batch: int, kind: str) -> list[int]:
    """The identities that facts of one kind and one batch are about."""
    statement = (
        "SELECT subject_id FROM ledger_touchpoint WHERE kind = %s AND batch = %s AND subject_kind = %s"
    )
    found = sql.ask(statement, [kind, batch, SubjectKind.IDENTITY.value], often=False)
    return [identity for (identity,) in found]


def number_of_batch(batch: int, kind: str) -> int:
    """How many facts of one kind a batch recorded."""
    statement = "SELECT COUNT(*) FROM ledger_touchpoint WHERE kind = %s AND batch = %s"
    ((found,),) = sql.ask(statement, [kind, batch], often=False)
    return int(found)


def told_of(subjects: Collection[Subject]) -> list[dict[str, Any]]:
    """All touchpoints about some subjects as plain values, oldest first, with their texts: for who asks what we know."""
    lines = recent(subjects, limit=1_000_000, hidden_too=True)
    return [
        {
            "kind": line.kind,
            "occurred_at": line.occurred_at,
            "recorded_at": line.recorded_at,
            "fact": asdict(line.fact),
            "text": line.text,
        }
        for line in reversed(lines)
    ]


def gauges() -> list[tuple[str, str, str, dict[str, int]]]:
    """What /metrics says of the ledger: the number of its last line, which grows with everything that happens."""
    return [("treaty_ledger_last_line", "Number of the line recorded last.", "", {"": newest_line()})]
