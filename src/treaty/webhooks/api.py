"""The change feed: every fact that the key's owner may see, in the order it was recorded, read on from a cursor."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from treaty.kit.rest import LISTS, Asked, Cursor
from treaty.staff.access import Key, caller
from treaty.staff.rules import SEE_PEOPLE
from treaty.webhooks import queries

router = Router(tags=["changes"])
READ = Key("changes:read", SEE_PEOPLE)


class AboutOut(Schema):
    """To whom or what it happened."""

    kind: str = Field(
        description="person, company, deal, version, installation, or identity where nobody has it."
    )
    id: int


class ChangeOut(Schema):
    """A fact. `by` is the member of the staff who did it, `values` what the fact of this kind holds."""

    id: int
    kind: str
    about: AboutOut
    by: int | None
    occurred_at: datetime
    recorded_at: datetime
    values: dict[str, Any]


class Changes(Schema):
    """A part of the feed; `next` goes into `after` of the next call, at once where there is more, else later."""

    items: list[ChangeOut]
    next: str
    more: bool


class ChangeQuery(Asked):
    """From where on, and which facts."""

    kind: str | None = Field(None, max_length=48, description="Facts of one kind only, such as DealWon.")


@router.get("/changes", response={200: Changes, **LISTS}, auth=READ, summary="Read what changed")
def list_changes(request: HttpRequest, asked: Query[ChangeQuery]) -> dict[str, Any]:
    """Facts in the order of the ledger; none is passed over, and the cursor never ends."""
    cursor = Cursor("changes")
    after = int(cursor.read(asked) or 0)
    kinds = None if asked.kind is None else [asked.kind]
    read = queries.changes(caller(request), after=after, limit=asked.limit, kinds=kinds)
    return {"items": read.items, "next": cursor.written(str(read.position)), "more": read.is_more}
