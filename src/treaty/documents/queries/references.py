"""How fields that hold a file find and name documents; `treaty/wiring.py` registers it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from treaty.documents.models import Document
from treaty.documents.queries.holders import holder_of
from treaty.documents.queries.rows import documents_on, visible_documents
from treaty.fields.queries import Named
from treaty.kit.rules.folding import fold
from treaty.search.queries import records
from treaty.search.rules import Kind


class Files:
    """The documents that fields point to."""

    def named(self, user: Any, ids: Collection[int]) -> Sequence[Named]:
        """The documents of some ids on records that a user sees; all that are there for None."""
        rows = Document.objects.filter(removed_at=None) if user is None else visible_documents(user)
        found = rows.filter(pk__in=list(ids)).order_by("pk").values_list("pk", "name")
        return [_named(pk, name) for pk, name in found]

    def found(self, user: Any, text: str, limit: int) -> Sequence[Named]:
        """The documents on records that a user sees that fit a text, the best first."""
        ids = records(Kind.DOCUMENT, fold(text)[:100], visible_documents(user), limit)
        return self.named(user, ids)


def form_of(record: str, one: int) -> str:
    """Where the form of a record is, which takes files into its fields."""
    return f"{holder_of(record).url(one)}edit"


def on_records(record: str, ids: Collection[int]) -> Mapping[int, Sequence[Named]]:
    """The documents on records of a kind, the newest first; records without one are left out."""
    return {
        one: [_named(row.id, row.name) for row in reversed(rows)]
        for one, rows in documents_on(record, ids).items()
    }


def _named(document: int, name: str) -> Named:
    return Named(document, name, f"/documents/{document}")
