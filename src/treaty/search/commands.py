"""The one verb of the index: records came, changed or went, so their words are written anew."""

from collections.abc import Collection, Iterable, Mapping

from django.db import connection, transaction

from treaty.kit import sql
from treaty.search.models import Posting, Word
from treaty.search.queries import entries, words_of
from treaty.search.rules import Entry, Kind, is_known, postings

POSTING, WORD = Posting._meta.db_table, Word._meta.db_table


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
    changed = {record for record in records if had.get(record, {}) != has.get(record, {})}
    if not changed:
        return
    with transaction.atomic():
        _drop(kind, changed & had.keys())
        _add(kind, {record: has[record] for record in has.keys() & changed})
        gone = {word for record in changed & had.keys() for word in had[record]}
        _forget({word for word in gone if is_known(word)})


def _drop(kind: Kind, records: Collection[int]) -> None:
    if records:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {POSTING} WHERE kind = %s AND {sql.one_of('record')}",
                [kind.value, sql.listed(sorted(records))],
            )


def _add(kind: Kind, told: Mapping[int, Mapping[str, int]]) -> None:
    # Sorted, so that pages of the index are written one after the other.
    rows = sorted(
        (kind.value, word, place, record) for record, found in told.items() for word, place in found.items()
    )
    sql.write_rows(POSTING, ("kind", "word", "place", "record"), rows)
    known = sorted({word for _kind, word, place, _record in rows if place < 2 and is_known(word)})
    if known:
        texts = ((word, word[::-1]) for word in known)
        sql.write_rows(WORD, ("text", "reversed"), texts, tail="ON CONFLICT (text) DO NOTHING")


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
