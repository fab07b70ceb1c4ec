"""A document is taken off its record, and for a while it can be brought back."""

from datetime import datetime, timedelta

from django.db import transaction

from treaty.documents.facts import DocumentRemoved, DocumentRestored
from treaty.documents.models import Document
from treaty.documents.queries import holder_of
from treaty.documents.rules import KEPT_DAYS
from treaty.ledger.commands import record as record_fact
from treaty.ledger.facts import Fact
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit

KEPT_FOR = timedelta(days=KEPT_DAYS)


def remove_document(document: int, *, at: datetime, by: int | None) -> bool:
    """Take a document off its record; False where that was done before."""
    with transaction.atomic():
        is_done = Document.objects.filter(pk=document, removed_at=None).update(removed_at=at) == 1
        if is_done:
            row = Document.objects.select_related("content").get(pk=document)
            _tell(row, DocumentRemoved(row.pk, row.content.type), "document_removed", at=at, by=by)
    return is_done


def restore_document(document: int, *, at: datetime, by: int | None) -> bool:
    """Bring back a document; False where it is there already, or gone for good."""
    with transaction.atomic():
        kept = Document.objects.filter(pk=document, removed_at__gt=at - KEPT_FOR)
        row = kept.select_related("content").select_for_update(of=("self",)).first()
        if row is None:
            return False
        Document.objects.filter(pk=document).update(removed_at=None)
        _tell(row, DocumentRestored(row.pk, row.content.type), "document_restored", at=at, by=by)
    return True


def _tell(row: Document, fact: Fact, verb: str, *, at: datetime, by: int | None) -> None:
    follow(Kind.DOCUMENT, [row.pk])
    about = holder_of(row.record).subject(row.record_id)
    record_fact(fact, about=about, at=at, by=by, text=row.name)
    pair: list[object] = [None, row.name] if verb == "document_restored" else [row.name, None]
    audit(verb, about=(row.record, row.record_id), changes={"document": pair}, by=by, at=at)
