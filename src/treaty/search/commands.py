"""The one verb of the index: records came, changed or went, so their words are written anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from operator import itemgetter

from django.db import connection, transaction

from treaty.kit import sql
from treaty.search.models import Line, Posting, Word
from treaty.search.queries import entries, words_of
from treaty.search.rules import Entry, Found, Kind, is_known, kept, line, postings

POSTING, LINE, WORD = (table._meta.db_table for table in (Posting, Line, Word))
Words = Mapping[int, Mapping[str, int]]
"""The words of each record, with their places."""
Fit = tuple[str, int, int]
"""A word, its place and the number of its record, in the order of the key."""


def follow(kind: Kind, records: Collection[int]) -> None:
    """Write the words of records anew as their noun tells them, within its transaction; who is gone has none."""
    if not records:
        return
    wanted = sorted(set(records))
    write(kind, wanted, entries(kind, wanted))


def write(kind: Kind, records: Collection[int], told: Iterable[Entry]) -> None:
    """Write the words of records as they were told; those of records that nobody told of go."""
    had = words_of(kind, records)
    has = {entry.record: postings(entry) for entry in told}
    changed = [record for record in records if had.get(record, {}) != has.get(record, {})]
    if not changed:
        return
    old, new = set(_fits(kind, had, changed)), _fits(kind, has, changed)
    come, gone = [fit for fit in new if fit not in old] if old else new, old.difference(new)
    few = len(come) + len(gone) + len(changed) <= sql.FEW  # more go by COPY, which has to be waited for
    with transaction.atomic(savepoint=False), sql.at_once() if few else nullcontext():
        _drop(kind, gone)
        _add([(kind.value, *fit) for fit in come])
        _draw(kind, changed, had, has)
        _forget({word for word, _place, _record in gone if is_known(word)})


def add(kind: Kind, told: Sequence[tuple[int, Found]]) -> None:
    """Write the words of records that are new, worked out ahead."""
    own = kind.value
    numbered = [(kept(kind, record), found) for record, found in told]
    with transaction.atomic(savepoint=False), sql.at_once():
        _add([(own, *fit, number) for number, found in numbered for fit in found.words.items()])
        rows = ((own, number, found.line) for number, found in numbered if found.words)
        sql.write_rows(LINE, ("kind", "record", "words"), rows)


def erase(kind: Kind, records: Collection[int]) -> None:
    """Take away whatever the index holds of records, by reading all of it: for what its lines do not tell."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in (POSTING, LINE):
            cursor.execute(
                f"DELETE FROM {table} WHERE kind = %s AND {sql.one_of('record')}",
                [kind.value, sql.listed([kept(kind, record) for record in records])],
            )


def _fits(kind: Kind, words: Words, records: Iterable[int]) -> list[Fit]:
    numbers = ((record, kept(kind, record)) for record in records)
    return [
        (word, place, number) for record, number in numbers for word, place in words.get(record, {}).items()
    ]


def _drop(kind: Kind, gone: Collection[Fit]) -> None:
    if gone:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {POSTING} WHERE kind = %s AND word = %s AND place = %s AND record = %s",
                [(kind.value, *fit) for fit in sorted(gone)],
            )


def _add(rows: list[tuple[int, str, int, int]]) -> None:
    """Write words: kind, word, place, record."""
    # Sorted, so that pages of the index are written one after the other.
    rows.sort(key=itemgetter(1))
    sql.write_rows(POSTING, ("kind", "word", "place", "record"), rows)
    if known := sorted(filter(is_known, {word for _kind, word, place, _record in rows if place < 2})):
        texts = ((word, word[::-1]) for word in known)
        sql.write_rows(WORD, ("text", "reversed"), texts, tail="ON CONFLICT (text) DO NOTHING")


def _draw(kind: Kind, records: Collection[int], had: Words, has: Words) -> None:
    """Write the lines of records; those without words have none."""
    lines = {record: line(has[record]) for record in records if has.get(record)}
    columns = ("kind", "record", "words")
    come = [(kind.value, kept(kind, record), words) for record, words in lines.items() if record not in had]
    sql.write_rows(LINE, columns, come)
    changed = [(kind.value, kept(kind, record), words) for record, words in lines.items() if record in had]
    tail = "ON CONFLICT (kind, record) DO UPDATE SET words = excluded.words"
    sql.write_rows(LINE, columns, changed, tail=tail)
    gone = [kept(kind, record) for record in records if record in had and record not in lines]
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {LINE} WHERE kind = %s AND {sql.one_of('record')}",
                [kind.value, sql.listed(gone)],
            )


def _forget(known: Collection[str]) -> None:
    """Words that stand in no record any more are kept nowhere."""
    if not known:
        return
    kinds = ", ".join(str(kind.value) for kind in Kind)
    anywhere = f"SELECT 1 FROM {POSTING} p WHERE p.kind IN ({kinds}) AND p.word = {WORD}.text"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {WORD} WHERE {sql.one_of_texts('text')} AND NOT EXISTS ({anywhere})",
            [sql.listed(sorted(known))],
        )
