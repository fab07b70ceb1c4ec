"""Documents follow their records: they go with who is forgotten, over to who survives a merge, and back."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from treaty.documents.commands.bytes import let_go
from treaty.documents.models import Document
from treaty.fields.commands import forget_pointed
from treaty.fields.rules import Kind as FieldKind
from treaty.search.commands import follow
from treaty.search.rules import Kind


def erase_documents(record: str, ids: Collection[int]) -> int:
    """Take all documents of records away for good, removed ones among them, with their bytes; how many they were.

    Bytes that a document of another record has as well stay. Within the transaction of whoever forgets.
    """
    return erase_rows(Document.objects.filter(record=record, record_id__in=sorted(ids)))


def erase_old(documents: Collection[int]) -> int:
    """Take documents away for good by their ids; how many they were."""
    return erase_rows(Document.objects.filter(pk__in=sorted(documents)))


def erase_rows(rows: "QuerySet[Document]") -> int:
    """The same of some documents."""
    with transaction.atomic():
        contents = dict(rows.order_by("pk").values_list("pk", "content_id"))
        Document.objects.filter(pk__in=list(contents)).delete()
        if contents:
            follow(Kind.DOCUMENT, list(contents))
            forget_pointed(FieldKind.FILE, list(contents))
            let_go(set(contents.values()))
    return len(contents)


def move_documents(record: str, *, survivor: int, merged: int) -> list[int]:
    """The documents of a merged record are the survivor's; their ids, by which they come back."""
    theirs = Document.objects.filter(record=record, record_id=merged)
    ids = list(theirs.order_by("pk").values_list("pk", flat=True))
    theirs.update(record_id=survivor)
    return ids


def return_documents(record: str, ids: Collection[int], *, survivor: int, merged: int) -> None:
    """A merge is undone: the documents that came with the merged record are its own again."""
    Document.objects.filter(pk__in=list(ids), record=record, record_id=survivor).update(record_id=merged)
