"""What can be read in contents comes into the search: file by file, each in a process of its own."""

from datetime import datetime

from django.db import transaction

from treaty.documents import store, texts
from treaty.documents.models import Content, Document
from treaty.search.commands import follow
from treaty.search.rules import Kind


def read_next(*, at: datetime, after: int = 0) -> int | None:
    """Read the next content that waits, from behind an id on; its id, or None where none waits."""
    content = Content.objects.filter(read_at=None, pk__gt=after).order_by("pk").first()
    if content is None:
        return None
    readable = content.type in texts.READABLE
    text = texts.text_of(content.type, store.path_of(content.digest)) if readable else ""
    with transaction.atomic():
        Content.objects.filter(pk=content.pk).update(text=text, read_at=at)
        documents = Document.objects.filter(content=content, removed_at=None)
        follow(Kind.DOCUMENT, list(documents.order_by("pk").values_list("pk", flat=True)))
    return content.pk
