"""Readings of notices: always those of one user."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from treaty.kit import sql
from treaty.notices import wording
from treaty.notices.models import Notice


@dataclass(frozen=True)
class NoticeView:
    """A notice of one user."""

    id: int
    kind: str
    values: dict[str, Any]
    url: str
    created_at: datetime
    is_read: bool


UNREAD = """
SELECT COUNT(*) FROM (SELECT 1 FROM notices_notice WHERE user_id = %s AND read_at IS NULL LIMIT 99) unread
"""
"""Written out because every page asks it: the ORM takes ten times as long to say it as the database to answer."""


def unread_count(user_id: int) -> int:
    """How many notices the user has not read; counted to 99."""
    return int(sql.ask(UNREAD, [user_id])[0][0])


def notices_of(user_id: int, limit: int = 50, before: int | None = None) -> list[NoticeView]:
    """The user's notices, the newest first; `before` is the id of the last one already shown."""
    rows = Notice.objects.filter(user=user_id).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [view(row) for row in rows[:limit]]


def every_notice(user_id: int) -> Iterator[NoticeView]:
    """All notices of the user that are kept, the newest first."""
    return map(view, Notice.objects.filter(user=user_id).order_by("-id").iterator(chunk_size=1000))


def view(row: Notice) -> NoticeView:
    """A notice as its reader has it."""
    return NoticeView(row.pk, row.kind, row.values, row.url, row.created_at, row.read_at is not None)


def notice(user_id: int, notice_id: int) -> NoticeView | None:
    """One notice of the user."""
    row = Notice.objects.filter(user=user_id, pk=notice_id).first()
    return None if row is None else view(row)


NEWEST_UNREAD = """
SELECT id, kind, "values", url, created_at FROM notices_notice WHERE user_id = %s AND read_at IS NULL
ORDER BY id DESC LIMIT {limit}
"""


def unread_told(user_id: int, limit: int = 5) -> list[tuple[NoticeView, str]]:
    """The user's newest unread notices, each with its headline in the language of the page."""
    rows = sql.ask(NEWEST_UNREAD.format(limit=limit), [user_id])
    views = [
        NoticeView(key, kind, json.loads(values), url, sql.moment(at), is_read=False)
        for key, kind, values, url, at in rows
    ]
    return [(view, wording.headline(view.kind, view.values)) for view in views]
