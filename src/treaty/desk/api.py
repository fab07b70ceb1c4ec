"""Search over REST: persons, companies, deals, notes and documents by a few letters, as the palette finds them."""

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from treaty.desk import queries
from treaty.kit.rest import LISTS
from treaty.people.queries import Hit
from treaty.staff.access import Key, caller
from treaty.staff.rules import SEE_PEOPLE

router = Router(tags=["search"])


class HitOut(Schema):
    """A record that was found; `url` is its page."""

    kind: str = Field(description="person, company, deal, note or document.")
    id: int
    title: str
    subtitle: str
    url: str


class Hits(Schema):
    """What was found: persons, companies, deals, notes, documents, the best of each first."""

    items: list[HitOut]


class Searched(Schema):
    """What is looked for, and how many of each kind are wanted."""

    q: str = Field(min_length=1, max_length=200, description="A few letters, in any case, accent or script.")
    limit: int = Field(8, ge=1, le=50)


@router.get("/search", response={200: Hits, **LISTS}, auth=Key("people:read", SEE_PEOPLE), summary="Search")
def search(request: HttpRequest, asked: Query[Searched]) -> dict[str, list[Hit]]:
    """What fits the letters, of all that the key's owner sees."""
    return {"items": queries.hits(caller(request), asked.q, asked.limit)}
