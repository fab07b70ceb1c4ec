"""The REST API of one person's timeline: what the person did and what was done, newest first."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import Field, Query, Schema

from treaty.kit.rest import LISTS, READS, Asked, Cursor, Id, Part, Shape
from treaty.ledger.queries import Recorded, recent
from treaty.people import queries
from treaty.people.api.door import READ, one, router


class TouchpointOut(Shape):
    """A fact about the person. `by` is the member of the staff who did it, `values` what the fact of this kind holds."""

    id: int
    kind: str
    by: int | None
    occurred_at: datetime
    recorded_at: datetime
    values: dict[str, Any]
    text: str = Field(description="What was said or written.")


class Touchpoints(Schema):
    """A part of the timeline; `next` goes into `after` of the next call, and is null at the end."""

    items: list[TouchpointOut]
    next: str | None


class TouchpointQuery(Asked):
    """Which facts a call asks for."""

    kind: str | None = Field(
        None, max_length=48, description="Facts of one kind only, such as FormSubmitted."
    )


@router.get(
    "/persons/{person}/touchpoints",
    response={200: Touchpoints, **LISTS, **READS},
    auth=READ,
    summary="Read a person's timeline",
)
def list_touchpoints(request: HttpRequest, person: Id, asked: Query[TouchpointQuery]) -> Part[dict[str, Any]]:
    """The facts about a person the key's owner sees, the newest first, each with what was said."""
    one(queries.visible_persons(request.user), person)
    cursor = Cursor(f"touchpoints:{person}")
    kinds = None if asked.kind is None else [asked.kind]
    found = recent(
        queries.subjects_of(person), asked.limit + 1, before=place_of(cursor.read(asked)), kinds=kinds
    )
    shown = found[: asked.limit]
    return Part(
        [told(line) for line in shown],
        cursor.written(written(shown[-1]) if len(found) > asked.limit else ""),
    )


def written(line: Recorded) -> str:
    """The place of a line in the order of the timeline, of signs that an address may hold."""
    return f"{line.occurred_at.isoformat().replace('+00:00', 'Z')},{line.id}"


def place_of(cursor: str) -> tuple[datetime, int] | None:
    """The time and the number of the line at which the part before ended."""
    if not cursor:
        return None
    at, _comma, number = cursor.partition(",")
    return datetime.fromisoformat(at), int(number)


def told(line: Recorded) -> dict[str, Any]:
    """A fact as the API tells it."""
    names = ("id", "kind", "by", "occurred_at", "recorded_at", "text")
    return {**{name: getattr(line, name) for name in names}, "values": msgspec.to_builtins(line.fact)}
