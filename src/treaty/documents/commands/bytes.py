"""Bytes and their rows stay together: whoever puts a file in its place or takes it away does so alone."""

from collections.abc import Collection

from django.db import connection, transaction

from treaty.documents import store
from treaty.documents.models import Content, Document
from treaty.kit import sql

PLACING = 0x646F_6373
"""The advisory lock under which files take their places and leave them on PostgreSQL."""


def alone() -> None:
    """Until this transaction ends nobody else moves files: looking whether one has a row and acting on it is one step.

    SQLite has one writer anyway.
    """
    if sql.is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLACING])


def let_go(contents: Collection[int]) -> None:
    """Rows of contents that no document has any more go, and once that is certain their bytes."""
    alone()
    held = Document.objects.filter(content__in=contents).order_by("pk").values_list("content_id", flat=True)
    free = Content.objects.filter(pk__in={*contents} - {*held})
    digests = list(free.order_by("pk").values_list("digest", flat=True))
    free.delete()
    if digests:
        transaction.on_commit(lambda: drop(digests))


def drop(digests: Collection[str]) -> int:
    """Take away the bytes of those hashes that have no row; how many files that were."""
    dropped = 0
    for digest in digests:
        with transaction.atomic():
            alone()
            if not Content.objects.filter(digest=digest).exists():
                path = store.path_of(digest)
                dropped += path.exists()
                path.unlink(missing_ok=True)
    return dropped
