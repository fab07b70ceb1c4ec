"""The two doors of the ledger, one fact or many at once; and how identities come to be."""

import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from treaty.kit import clock, sql
from treaty.kit.copying import copied
from treaty.kit.rows import among
from treaty.kit.together import ahead, along
from treaty.ledger import listeners
from treaty.ledger.facts import Fact, Subject, SubjectKind, encoded
from treaty.ledger.models import HiddenLine, Pepper
from treaty.ledger.queries import Key, Recorded, identities_of_keys
from treaty.ledger.rules import opaque

CHUNK = 10_000
"""Touchpoints written and told at once."""
IDENTITY, TEXT = ("id", "kind", "key", "created_at"), ("identity_id", "value")
NEW_IDENTITY = "INSERT INTO ledger_identity (kind, key, created_at)"
ONE_IDENTITY = f"{NEW_IDENTITY} VALUES (%s, %s, %s) ON CONFLICT (kind, key) DO NOTHING RETURNING id"
IDENTITY_TOLD = (
    f"WITH made AS ({ONE_IDENTITY}), told AS (INSERT INTO ledger_identitytext (identity_id, value)"
    " SELECT id, %s FROM made) SELECT id FROM made"
)
"""An identity and its readable value at once, where the engine can."""
HANDFUL = 5
"""Facts that come together so often that the statement for as many is kept."""
QUIET_CHUNK = 50_000
"""Touchpoints written at once where nobody listens: on SQLite a third faster than chunks of 10,000."""


class Entry(msgspec.Struct, frozen=True):
    """One fact on its way into the ledger. `source_key` is any text that is the same whenever the same fact comes again;
    `known_at` is the occurred time for imported history, and the recorded time (None) for everything live."""

    fact: Fact
    about: Subject
    at: datetime
    by: int | None = None
    source_key: str | None = None
    known_at: datetime | None = None
    batch: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many facts were new, and how many the ledger knew already."""

    new: int
    known: int


def record(
    fact: Fact,
    *,
    about: Subject,
    at: datetime,
    by: int | None = None,
    source_key: str | None = None,
    recorded_at: datetime | None = None,
    known_at: datetime | None = None,
    batch: int | None = None,
    text: str = "",
) -> Recorded | None:
    """Write one fact and tell its listeners, in one transaction; None where its source_key was there already."""
    entry = Entry(fact, about, at, by, source_key, known_at, batch, text)
    with transaction.atomic(savepoint=False):
        moment = recorded_at or clock.now()
        (row,) = _rows([entry], sql.written(moment), pepper())
        return _record_alone(entry, row, moment)


def record_many(
    entries: Iterable[Entry],
    *,
    recorded_at: datetime | None = None,
    quiet: bool = False,
    notes: Mapping[str, Any] = listeners.NOTHING,
) -> Outcome:
    """Write many facts at once and tell their listeners in batches; facts already there are passed over.

    `quiet` leaves the listeners out: for imports of history that fold what they brought themselves. `notes` tell the
    listeners of few facts what whoever records them knows of their subjects.
    """
    rest, new, total = iter(entries), 0, 0
    while chunk := list(islice(rest, QUIET_CHUNK if quiet else CHUNK)):
        with transaction.atomic(savepoint=False):
            new += _record_chunk(chunk, recorded_at or clock.now(), notes, quiet=quiet)
        total += len(chunk)
    return Outcome(new, total - new)


def identify(kind: str, value: str, *, at: datetime) -> int:
    """The identity of one normalised value; made where it is new."""
    return identify_many([(kind, value)], at=at)[kind, value]


def identify_many(pairs: Collection[tuple[str, str]], *, at: datetime) -> dict[tuple[str, str], int]:
    """The identities of (kind, normalised value) pairs, set at once; those that are new are made."""
    if not pairs:
        return {}
    secret = pepper()
    keys = {(kind, opaque(secret, kind, value)): (kind, value) for kind, value in dict.fromkeys(pairs)}
    with transaction.atomic(savepoint=False):
        found = identities_of_keys(keys.keys())
        found |= make_identities({key: keys[key][1] for key in keys if key not in found}, at=at).ids
    return {keys[key]: identity for key, identity in found.items()}


def erase_readable(subjects: Collection[Subject]) -> int:
    """Empty the readable values of identities among the subjects, and the texts of all touchpoints about them.

    What happened stays, under keys that say nothing; how many values and texts were erased.
    """
    erased = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in dict.fromkeys(subject.kind for subject in subjects):
            ids = sql.listed(sorted({subject.id for subject in subjects if subject.kind is kind}))
            about = f"SELECT id FROM ledger_touchpoint WHERE subject_kind = %s AND {sql.one_of('subject_id')}"
            cursor.execute(
                f"DELETE FROM ledger_touchpointtext WHERE touchpoint_id IN ({about})", [kind.value, ids]
            )
            erased += int(cursor.rowcount)
            if kind is SubjectKind.IDENTITY:
                cursor.execute(f"DELETE FROM ledger_identitytext WHERE {sql.one_of('identity_id')}", [ids])
                erased += int(cursor.rowcount)
    return erased


def erase_texts(lines: Collection[int]) -> int:
    """Empty the texts of touchpoints; what happened stays. How many texts were erased."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM ledger_touchpointtext WHERE {sql.one_of('touchpoint_id')}", [sql.listed(lines)]
        )
        return int(cursor.rowcount)


def hide_lines(lines: Collection[int], *, at: datetime, by: int | None) -> list[int]:
    """Show nobody some touchpoints any more, until `show_lines`; those that were shown. They count as before."""
    known = set(among(HiddenLine, "touchpoint_id", lines).values_list("pk", flat=True)) if lines else set()
    hidden = sorted(set(lines) - known)
    rows = [HiddenLine(touchpoint_id=line, at=at, by=by) for line in hidden]
    HiddenLine.objects.bulk_create(rows, ignore_conflicts=True)
    return hidden


def show_lines(lines: Collection[int]) -> list[int]:
    """Show touchpoints again; those that were hidden."""
    rows = among(HiddenLine, "touchpoint_id", lines)
    shown = sorted(rows.values_list("pk", flat=True)) if lines else []
    among(HiddenLine, "touchpoint_id", shown).delete()
    return shown


def new_anchors(number: int, *, at: datetime) -> list[int]:
    """New identities that stand for persons as such: facts about a person, and not one address, are about its anchor."""
    moment = sql.written(at)
    if number == 1 and not sql.is_postgresql():
        values = ["anchor", *_fresh_keys(1), moment]
        return [anchor for (anchor,) in sql.ask(f"{NEW_IDENTITY} VALUES (%s, %s, %s) RETURNING id", values)]
    with transaction.atomic(savepoint=False), sql.at_once():
        ids = sql.new_ids("ledger_identity", number)
        rows = ((new, "anchor", key, moment) for new, key in zip(ids, _fresh_keys(number), strict=True))
        sql.write_rows("ledger_identity", IDENTITY, rows)
    return ids


class Made(NamedTuple):
    """Identities by their keys, and whether nobody was faster with one of them."""

    ids: dict[Key, int]
    are_new: bool


def make_identities(values: Mapping[Key, str], *, at: datetime) -> Made:
    """Make identities that were not there, with their readable values; where somebody was faster, theirs count.

    Within a transaction.
    """
    if not values:
        return Made({}, are_new=True)
    # In the order of their keys, so that pages of the index are written one after the other.
    pairs = sorted(values, key=itemgetter(1))
    if len(pairs) == 1:
        return _make_identity(pairs[0], values[pairs[0]], at=at)
    ids, moment = sql.new_ids("ledger_identity", len(pairs)), repeat(sql.written(at))
    rows = zip(ids, map(itemgetter(0), pairs), map(itemgetter(1), pairs), moment, strict=False)
    written = sql.write_rows(
        "ledger_identity", IDENTITY, rows, tail="ON CONFLICT (kind, key) DO NOTHING", mostly_new=True
    )
    if written == len(pairs):
        sql.write_rows("ledger_identitytext", TEXT, zip(ids, map(values.__getitem__, pairs), strict=True))
        return Made(dict(zip(pairs, ids, strict=True)), are_new=True)
    made = identities_of_keys(values.keys())
    texts = ((identity, values[key]) for key, identity in made.items())
    sql.write_rows("ledger_identitytext", TEXT, texts, tail="ON CONFLICT (identity_id) DO NOTHING")
    return Made(made, are_new=False)


def _make_identity(pair: Key, value: str, *, at: datetime) -> Made:
    """As `make_identities`, of one."""
    told = [*pair, sql.written(at)]
    if sql.is_postgresql():
        if made := sql.ask(IDENTITY_TOLD, [*told, value]):
            return Made({pair: int(made[0][0])}, are_new=True)
    else:
        made = sql.ask(ONE_IDENTITY, told)
    known = {pair: int(made[0][0])} if made else identities_of_keys({pair})
    texts = [(known[pair], value)]
    sql.write_rows("ledger_identitytext", TEXT, texts, tail="ON CONFLICT (identity_id) DO NOTHING")
    return Made(known, are_new=bool(made))


@cache
def _pepper_of(_database: str) -> bytes:
    return bytes.fromhex(Pepper.objects.values_list("value", flat=True).get())


def pepper() -> bytes:
    """The installation's own key for opaque hashes, read once a process."""
    return _pepper_of(str(connection.settings_dict["NAME"]))


COLUMNS = (
    "kind",
    "subject_kind",
    "subject_id",
    "occurred_at",
    "recorded_at",
    "known_at",
    "by",
    "batch",
    "source_key",
    "payload",
)
LISTING = ", ".join(COLUMNS)
INSERT = f"INSERT INTO ledger_touchpoint ({LISTING})"
PLACES = ", ".join(["%s"] * len(COLUMNS))
ONCE = "ON CONFLICT (source_key) DO NOTHING"
INSERT_ONE = f"{INSERT} VALUES ({PLACES}) {ONCE} RETURNING id"
INSERT_TOLD = (
    f"WITH line AS ({INSERT_ONE}), told AS (INSERT INTO ledger_touchpointtext (touchpoint_id, body)"
    " SELECT id, %s FROM line) SELECT id FROM line"
)
"""A touchpoint and its text at once, where the engine can."""


def _record_chunk(
    chunk: Sequence[Entry], recorded_at: datetime, notes: Mapping[str, Any], *, quiet: bool
) -> int:
    moment, key = sql.written(recorded_at), pepper()
    rows = _rows(chunk, moment, key)
    heard = not quiet and any(listeners.listens(type(entry.fact).__name__) for entry in chunk)
    if not heard and not any(entry.text for entry in chunk):
        return _insert(rows)
    if heard and len(chunk) == 1:
        return int(_record_alone(chunk[0], rows[0], recorded_at, notes) is not None)
    lines, told = [], [(type(entry.fact).__name__, entry.about) for entry in chunk[: HANDFUL + 1]]
    with along(listeners.asked_about_all(told, recorded_at) if heard and len(chunk) <= HANDFUL else ()):
        new = _insert_and_find(rows)
        for entry, row in zip(chunk, rows, strict=True):
            if (identity := new.pop(str(row[8]), None)) is not None:
                lines.append(_line(entry, identity, recorded_at))
        _write_texts([(line.id, line.text) for line in lines if line.text])
        if not quiet:
            listeners.tell(lines, notes if len(lines) == len(chunk) <= sql.FEW else listeners.NOTHING)
    return len(lines)


def _record_alone(
    entry: Entry, row: tuple[Any, ...], recorded_at: datetime, notes: Mapping[str, Any] = listeners.NOTHING
) -> Recorded | None:
    """Write one fact and tell its listeners; None where it was there already."""
    asked = listeners.asked_about(type(entry.fact).__name__, entry.about, recorded_at)
    at_once = bool(entry.text) and sql.is_postgresql()
    with ahead((INSERT_TOLD, (*row, entry.text)) if at_once else (INSERT_ONE, row), asked) as found:
        if not found:
            return None
        line = _line(entry, int(found[0][0]), recorded_at)
        if line.text and not at_once:
            _write_texts([(line.id, line.text)])
        listeners.tell([line], notes)
    return line


def _rows(chunk: Sequence[Entry], recorded: Any, key: bytes) -> list[tuple[Any, ...]]:
    """The rows of entries; a fact that many of them share is put into words once."""
    told = {id(entry.fact): entry.fact for entry in chunk}
    words = {number: encoded(fact) for number, fact in told.items()}
    return [
        _row(entry, recorded, spare, key, words[id(entry.fact)])
        for entry, spare in zip(chunk, _fresh_keys(len(chunk)), strict=True)
    ]


def _row(entry: Entry, recorded: Any, spare_key: str, key: bytes, words: str) -> tuple[Any, ...]:
    kind, at = type(entry.fact).__name__, entry.at
    if at.tzinfo is None:
        raise ValueError(f"{kind} occurred at {at}, which names no time zone.")
    return (
        kind,
        entry.about.kind.value,
        entry.about.id,
        sql.written(at),
        recorded,
        recorded if entry.known_at is None else sql.written(entry.known_at),
        entry.by,
        entry.batch,
        spare_key if entry.source_key is None else opaque(key, entry.source_key),
        words,
    )


def _insert(rows: Sequence[tuple[Any, ...]]) -> int:
    """Insert what is new; how many rows were."""
    if len(rows) <= sql.FEW:
        return len(_insert_few(rows))
    if sql.is_postgresql() and (written := sql.copy_new("ledger_touchpoint", COLUMNS, rows)) is not None:
        return written
    if not sql.is_postgresql():
        return sql.write_rows("ledger_touchpoint", COLUMNS, rows, tail=ONCE)
    with connection.cursor() as cursor:
        _stage(cursor, rows)
        cursor.execute(f"{INSERT} SELECT {LISTING} FROM incoming {ONCE}")
        return int(cursor.rowcount)


def _insert_and_find(rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """Insert what is new; the ids of the new rows by their source keys."""
    if len(rows) <= sql.FEW:
        return _insert_few(rows)
    with connection.cursor() as cursor:
        if sql.is_postgresql():
            _stage(cursor, rows)
            cursor.execute(f"{INSERT} SELECT {LISTING} FROM incoming {ONCE} RETURNING source_key, id")
            return dict(cursor.fetchall())
        # One writer at a time: within this transaction every id above the highest is ours.
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM ledger_touchpoint")
        highest = cursor.fetchone()[0]
        sql.write_rows("ledger_touchpoint", COLUMNS, rows, tail=ONCE)
        cursor.execute("SELECT source_key, id FROM ledger_touchpoint WHERE id > %s", [highest])
        return dict(cursor.fetchall())


def _insert_few(rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """As `_insert_and_find`, by one statement."""
    if not rows:
        return {}
    statement = f"{INSERT} VALUES {sql.places(rows)} {ONCE} RETURNING source_key, id"
    return dict(sql.ask(statement, [value for row in rows for value in row], often=len(rows) <= HANDFUL))


def _stage(cursor: CursorWrapper, rows: Sequence[tuple[Any, ...]]) -> None:
    """Copy rows into a table of this connection, from where one statement takes those that are new."""
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE ledger_touchpoint)")
    cursor.execute("TRUNCATE incoming")
    cursor.execute("ALTER TABLE incoming ALTER id DROP NOT NULL")
    with cursor.copy(f"COPY incoming ({LISTING}) FROM STDIN") as copy:
        copied(copy, rows)


def _line(entry: Entry, identity: int, recorded_at: datetime) -> Recorded:
    return Recorded(
        identity,
        type(entry.fact).__name__,
        entry.fact,
        entry.about,
        entry.at,
        recorded_at,
        entry.known_at or recorded_at,
        entry.by,
        entry.batch,
        entry.text,
    )


def _write_texts(texts: Sequence[tuple[int, str]]) -> None:
    if texts:
        sql.write_rows("ledger_touchpointtext", ("touchpoint_id", "body"), texts)


def _fresh_keys(number: int) -> list[str]:
    """Keys for what cannot come twice, ascending from call to call: an index grows at its end, as with UUIDs of
    version 7, instead of everywhere."""
    now, digits = f"{time.time_ns() // 1_000_000:012x}", os.urandom(10 * number).hex()
    return sorted(now + digits[start : start + 20] for start in range(0, len(digits), 20))
