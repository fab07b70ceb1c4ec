"""A file comes onto a record: its bytes are safe on the disk before the row that names them is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from treaty.documents import store, wording
from treaty.documents.commands.bytes import alone
from treaty.documents.facts import DocumentAdded
from treaty.documents.models import Content, Document
from treaty.documents.queries import holder_of
from treaty.documents.rules import Refused, named
from treaty.documents.store import Incoming
from treaty.fields.queries import NotTaken
from treaty.ledger.commands import record as record_fact
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit


class NoRecord(LookupError):
    """The record is not there, or nothing is kept of it any more."""


@dataclass(frozen=True, slots=True)
class Added:
    """A document on a record; `is_new` unless the same file of the same name was there."""

    id: int
    is_new: bool


def add_document(
    record: str, one: int, *, name: str, chunks: Iterable[bytes], at: datetime, by: int | None
) -> Added:
    """Put a file onto a record. Raises Refused where it is not taken, NoRecord where there is nothing to put it onto."""
    incoming = store.receive(chunks)
    try:
        with transaction.atomic():
            return _add(record, one, named(name, incoming.type), incoming, at=at, by=by)
    finally:
        incoming.path.unlink(missing_ok=True)


def take_into_field(
    record: str, one: int, *, name: str, chunks: Iterable[bytes], at: datetime, by: int | None
) -> int:
    """Put a file onto a record for a field of it; the document's id. Raises fields.queries.NotTaken."""
    try:
        return add_document(record, one, name=name, chunks=chunks, at=at, by=by).id
    except Refused as refused:
        raise NotTaken(wording.refusal(refused.code)) from None
    except NoRecord:
        raise NotTaken(gettext("Nothing is kept of this record any more.")) from None


def _add(record: str, one: int, name: str, incoming: Incoming, *, at: datetime, by: int | None) -> Added:
    holder = holder_of(record)
    # Held until the end, so that a person who is being forgotten gets no document behind its back.
    if not list(holder.takes().select_for_update().filter(pk=one).values_list("pk")):
        raise NoRecord(record, one)
    alone()
    store.place(incoming)
    content, _is_new = Content.objects.get_or_create(
        digest=incoming.digest, defaults={"size": incoming.size, "type": incoming.type.key}
    )
    known = Document.objects.filter(
        record=record, record_id=one, content=content, name=name, removed_at=None
    ).first()
    if known is not None:
        return Added(known.pk, False)
    row = Document.objects.create(
        content=content, record=record, record_id=one, name=name, added_at=at, by_id=by
    )
    follow(Kind.DOCUMENT, [row.pk])
    fact = DocumentAdded(row.pk, content.type)
    record_fact(fact, about=holder.subject(one), at=at, by=by, text=name)
    audit("document_added", about=(record, one), changes={"document": [None, name]}, by=by, at=at)
    return Added(row.pk, True)
