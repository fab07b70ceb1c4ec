"""Notices over REST: those of the key's owner, and that they were read."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from treaty.kit.rest import ACTS, LISTS, READS, Asked, Cursor, Id, Part
from treaty.notices import commands, queries, wording
from treaty.notices.queries import NoticeView
from treaty.staff.access import Key, actor
from treaty.staff.rules import SEE_PEOPLE

router = Router(tags=["notices"])
READ, WRITE = Key("notices:read", SEE_PEOPLE), Key("notices:write", SEE_PEOPLE)


class NoticeOut(Schema):
    """A notice in words; `url` is the page it leads to."""

    id: int
    kind: str
    headline: str
    sentence: str
    url: str
    created_at: datetime
    is_read: bool = Field(description="Whether its reader has seen it.")


class Notices(Schema):
    """A part of the notices, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[NoticeOut]
    next: str | None


@router.get("/notices", response={200: Notices, **LISTS}, auth=READ, summary="List notices")
def list_notices(request: HttpRequest, asked: Query[Asked]) -> Part[dict[str, Any]]:
    """The notices of the key's owner."""
    cursor = Cursor("notices")
    before = int(cursor.read(asked) or 0)
    found = queries.notices_of(actor(request), asked.limit + 1, before or None)
    shown = found[: asked.limit]
    return Part(
        [told(one) for one in shown], cursor.written(str(shown[-1].id) if found[asked.limit :] else "")
    )


@router.get("/notices/{notice}", response={200: NoticeOut, **READS}, auth=READ, summary="Read a notice")
def read_notice(request: HttpRequest, notice: Id) -> dict[str, Any]:
    """One notice of the key's owner; to read it here does not mark it as read."""
    return told(one_of(request, notice))


@router.post(
    "/notices/{notice}/reading", response={200: NoticeOut, **ACTS}, auth=WRITE, summary="Mark as read"
)
def mark_as_read(request: HttpRequest, notice: Id) -> dict[str, Any]:
    """The key's owner has seen the notice."""
    one_of(request, notice)
    commands.read(actor(request), notice, at=timezone.now())
    return told(one_of(request, notice))


def told(notice: NoticeView) -> dict[str, Any]:
    """A notice as the API tells it."""
    names = ("id", "kind", "url", "created_at", "is_read")
    words = {
        "headline": wording.headline(notice.kind, notice.values),
        "sentence": wording.sentence(notice.kind, notice.values),
    }
    return {name: getattr(notice, name) for name in names} | words


def one_of(request: HttpRequest, notice: int) -> NoticeView:
    """A notice of the key's owner; 404 for all others."""
    found = queries.notice(actor(request), notice)
    if found is None:
        raise Http404
    return found
