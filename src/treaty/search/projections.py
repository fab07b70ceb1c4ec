"""The whole index anew from the records it points to."""

from datetime import datetime

from django.db import transaction

from treaty.search.commands import erase, write
from treaty.search.queries import entries, torn, walk, words_of
from treaty.search.rules import Kind, postings

CHUNK = 5_000


def rebuild(*, check: bool, at: datetime) -> int:
    """Write every record's words anew; of how many they differed. With `check` nothing is written."""
    return sum(_rebuild(kind, check=check) for kind in Kind)


def _rebuild(kind: Kind, *, check: bool) -> int:
    differing, last = set(torn(kind)), 0
    if differing and not check:
        erase(kind, differing)
    while records := walk(kind, last, CHUNK):
        with transaction.atomic():
            told = list(entries(kind, records))
            had, has = words_of(kind, records), {entry.record: postings(entry) for entry in told}
            differing |= {record for record in records if had.get(record, {}) != has.get(record, {})}
            if not check:
                write(kind, records, told)
        last = records[-1]
    return len(differing)
