"""The whole index anew from the records it points to."""

from datetime import datetime

from django.db import transaction

from treaty.search.commands import write
from treaty.search.queries import entries, walk, words_of
from treaty.search.rules import Kind, postings

CHUNK = 5_000


def rebuild(*, check: bool, at: datetime) -> int:
    """Write every record's words anew; of how many they differed. With `check` nothing is written."""
    return sum(_rebuild(kind, check=check) for kind in Kind)


def _rebuild(kind: Kind, *, check: bool) -> int:
    differing, last = 0, 0
    while records := walk(kind, last, CHUNK):
        with transaction.atomic():
            told = list(entries(kind, records))
            had, has = words_of(kind, records), {entry.record: postings(entry) for entry in told}
            differing += sum(had.get(record, {}) != has.get(record, {}) for record in records)
            if not check:
                write(kind, records, told)
        last = records[-1]
    return differing
