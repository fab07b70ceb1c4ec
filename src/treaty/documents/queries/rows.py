"""Documents as a user may see them: those of a record, one by itself, and what of the disk is not as it should be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from treaty.documents import store
from treaty.documents.models import Content, Document
from treaty.documents.queries.holders import holder_of, may_change
from treaty.documents.rules import KEPT_DAYS, RECORDS, TYPES, Type
from treaty.kit.composed import Composed
from treaty.kit.doctor import BAD, OK, Finding
from treaty.kit.rules.folding import fold
from treaty.search.rules import Entry
from treaty.staff.queries import user_names

AT_ONCE = 500
SHOWN = 8
"""Documents that the page of a record shows; their own page shows all."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its table."""

    id: int
    record: str
    record_id: int
    name: str
    type: Type
    size: int
    added_at: datetime
    by: int | None
    removed_at: datetime | None
    digest: str

    @property
    def path(self) -> Path:
        """Where its bytes lie."""
        return store.path_of(self.digest)


@dataclass(frozen=True, slots=True)
class Card:
    """The newest documents of a record, for its page."""

    record: str
    url: str
    """Where all of them are to be seen."""
    rows: list[DocumentRow]
    has_more: bool
    may_change: bool
    most: int
    """Bytes that one file may have."""


def documents_of(record: str, one: int, *, limit: int | None = None) -> list[DocumentRow]:
    """The documents on a record, the newest first. Whoever asks has made sure that the user sees the record."""
    return [_row(row) for row in _on(record, limit).rows(one)]


@cache
def _on(record: str, limit: int | None) -> Composed[Document]:
    rows = Document.objects.filter(record=record, removed_at=None).select_related("content").order_by("-id")
    return Composed(lambda one: rows.filter(record_id=one)[:limit])


def documents_on(record: str, ids: Collection[int]) -> dict[int, list[DocumentRow]]:
    """The documents of several records of a kind, by the record, the oldest first; records without one are left out."""
    found: dict[int, list[DocumentRow]] = defaultdict(list)
    rows = Document.objects.filter(record=record, record_id__in=list(ids), removed_at=None)
    for row in _rows(rows.order_by("id")) if ids else ():
        found[row.record_id].append(row)
    return found


def removed_of(record: str, one: int, *, at: datetime) -> list[DocumentRow]:
    """The documents of a record that were removed and can be brought back, the last removed first."""
    since = at - timedelta(days=KEPT_DAYS)
    rows = Document.objects.filter(record=record, record_id=one, removed_at__gt=since)
    return _rows(rows.order_by("-removed_at", "-id"))


def card(user: Any, record: str, one: int, *, is_closed: bool = False) -> Card:
    """What the page of a record shows of its documents; onto one that is closed nothing more is put."""
    rows = documents_of(record, one, limit=SHOWN + 1)
    may = may_change(user, record) and not is_closed
    url = f"{holder_of(record).url(one)}documents"
    return Card(record, url, rows[:SHOWN], len(rows) > SHOWN, may, settings.DOCUMENT_BYTES)


def every_document() -> Iterator[DocumentRow]:
    """Every document whose bytes are there, removed ones left out, in the order of their ids."""
    last = 0
    while rows := _rows(Document.objects.filter(pk__gt=last, removed_at=None).order_by("pk")[:AT_ONCE]):
        yield from (row for row in rows if row.path.is_file())
        last = rows[-1].id


def visible_documents(user: Any) -> "QuerySet[Document]":
    """The documents that are on records a user sees."""
    seen = Q(pk__in=())
    for record in RECORDS:
        there = holder_of(record).rows(user).filter(pk=OuterRef("record_id"))
        seen |= Q(record=record) & Q(Exists(there.order_by().values("pk")))
    return Document.objects.filter(seen, removed_at=None)


def document_of(user: Any, document: int, *, removed: bool = False) -> DocumentRow | None:
    """One document on a record that a user sees; None for all others, and for removed ones unless those are meant."""
    rows = Document.objects.filter(pk=document, removed_at__isnull=not removed)
    row = next(iter(_rows(rows)), None)
    if row is None or not holder_of(row.record).rows(user).filter(pk=row.record_id).exists():
        return None
    return row


def known_of(person: int) -> dict[str, Any]:
    """The documents on a person's record, for the person: what they are; the files themselves come beside."""
    return {
        "documents": [
            {"name": row.name, "type": row.type.mime, "bytes": row.size, "added_at": row.added_at}
            for row in documents_of("person", person)
        ]
    }


def files_of(person: int) -> list[DocumentRow]:
    """The documents on a person's record."""
    return documents_of("person", person)


def adders(rows: Collection[DocumentRow]) -> dict[int, str]:
    """Who added some documents, by the id of the user."""
    return user_names({row.by for row in rows})


def unread() -> int:
    """How many contents wait to be read."""
    return Content.objects.filter(read_at=None).count()


def document_entries(documents: Collection[int]) -> Iterator[Entry]:
    """By which words documents are found: their names, and what can be read in them."""
    rows = Document.objects.filter(pk__in=documents, removed_at=None).order_by("pk")
    for pk, name, text in rows.values_list("pk", "name", "content__text"):
        yield Entry(pk, fold(name), text=fold(text))


def documents_behind(after: int, limit: int) -> list[int]:
    """The ids of documents from behind an id on."""
    return list(Document.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def rows_in_order(documents: Sequence[int]) -> list[DocumentRow]:
    """Documents by their ids, in the order of these."""
    rows = {row.id: row for row in _rows(Document.objects.filter(pk__in=documents).order_by("pk"))}
    return [rows[one] for one in documents if one in rows]


def texts_of(documents: Collection[int]) -> dict[int, str]:
    """What can be read in documents."""
    return dict(Document.objects.filter(pk__in=documents).values_list("pk", "content__text"))


def record_names(rows: Iterable[DocumentRow]) -> dict[tuple[str, int], str]:
    """The names of the records that documents are on."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.record].add(row.record_id)
    return {
        (record, pk): name
        for record, ids in wanted.items()
        for pk, name in holder_of(record).rows(None).filter(pk__in=ids).values_list("pk", "name")
    }


def old_documents(*, before: datetime, after: int, limit: int) -> list[int]:
    """The ids of documents that were added before a moment, removed ones among them, from behind an id on."""
    rows = Document.objects.filter(added_at__lt=before, pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def missing() -> int:
    """How many contents have a row and no bytes."""
    digests = Content.objects.order_by("pk").values_list("digest", flat=True)
    return sum(not store.path_of(digest).is_file() for digest in digests.iterator())


def findings() -> Iterator[Finding]:
    """Whether every document's bytes are there."""
    if number := missing():
        advice = "Restore TREATY_HOME/files/documents from a backup."
        yield Finding("documents", BAD, f"the bytes of {number} are not there", advice)
    else:
        yield Finding("documents", OK, "the bytes of all are there")


def _rows(rows: "QuerySet[Document]") -> list[DocumentRow]:
    return [_row(row) for row in rows.select_related("content")]


def _row(row: Document) -> DocumentRow:
    return DocumentRow(
        row.pk,
        row.record,
        row.record_id,
        row.name,
        TYPES[row.content.type],
        row.content.size,
        row.added_at,
        row.by_id,
        row.removed_at,
        row.content.digest,
    )
