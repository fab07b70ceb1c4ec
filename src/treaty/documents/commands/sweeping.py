"""What nobody needs any more goes: removed documents in time, those of records that are gone, bytes without a row."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from treaty.documents import store
from treaty.documents.commands.bytes import drop
from treaty.documents.commands.following import erase_rows
from treaty.documents.commands.removing import KEPT_FOR
from treaty.documents.models import Content, Document
from treaty.documents.queries import holder_of
from treaty.documents.rules import RECORDS

UNFINISHED_FOR = timedelta(days=1)
"""No upload takes so long: bytes that have waited longer for their row will never get one."""
AT_ONCE = 500


def sweep(at: datetime) -> None:
    """Everything of it, some hundreds a turn; what is left waits for the next one."""
    purge(at)
    erase_rows(orphans())
    before = at - UNFINISHED_FOR
    store.drop_unfinished(before=before)
    drop_unknown(store.digests(before=before))


def drop_unknown(digests: Iterable[str]) -> None:
    """Take away the bytes of hashes that have no row."""
    known = set(Content.objects.values_list("digest", flat=True))
    drop([digest for digest in digests if digest not in known])


def after_files() -> None:
    """A backup's files are in place: those of persons who were forgotten since go again, before anybody works."""
    drop_unknown(store.digests())


def purge(at: datetime) -> int:
    """Removed documents that can be brought back no more go for good; how many those were."""
    over = Document.objects.filter(removed_at__lte=at - KEPT_FOR).order_by("pk")
    return erase_rows(Document.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:AT_ONCE])))


def orphans() -> "QuerySet[Document]":
    """Documents whose record is not there any more: an import that was taken back had made it."""
    gone = Q(pk__in=())
    for record in RECORDS:
        there = Exists(holder_of(record).rows(None).filter(pk=OuterRef("record_id")))
        gone |= Q(~there, record=record)
    rows = Document.objects.filter(gone).order_by("pk")
    return Document.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE]))
