"""What the API of persons and that of companies share: the router, the keys they ask for, texts, narrowing."""

from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import Http404
from ninja import Field, Router
from ninja.errors import ValidationError
from pydantic import AfterValidator, StringConstraints

from treaty.kit.keyset import Order
from treaty.kit.rest import Asked, Asks, Part, part, wrong
from treaty.people.rules import BadIdentity, fold, is_country, zones
from treaty.staff.access import Key
from treaty.staff.rules import EDIT_PEOPLE, SEE_PEOPLE

router = Router(tags=["people"])
READ, WRITE = Key("people:read", SEE_PEOPLE), Key("people:write", EDIT_PEOPLE)

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Text20 = Annotated[str, StringConstraints(max_length=12, pattern=PRINTABLE)]
Text120 = Annotated[str, StringConstraints(max_length=120, pattern=PRINTABLE)]
Text200 = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)]
Identity = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=PRINTABLE)]


def _country(code: str) -> str:
    if code and not is_country(code):
        raise ValueError("there is no such country; write its two letters, such as PL")
    return code


def _zone(name: str) -> str:
    if name and name not in zones():
        raise ValueError("there is no such time zone; write it as Europe/Warsaw")
    return name


Zone = Annotated[str, StringConstraints(max_length=40, pattern=PRINTABLE), AfterValidator(_zone)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Za-z]{2})?$"), AfterValidator(_country)]
Number = Annotated[int, Field(ge=0, le=2_147_483_647, strict=True)]


IDENTITY_PROBLEMS = {
    "bad_email": "is not a mail address. It looks like pia@example.com.",
    "bad_phone": "is not a phone number. Begin it with + and the country code, or tell the country.",
    "bad_external": "is not a key. It looks like source:key, such as shop:4711.",
}


def unfit(field: str, mistake: BadIdentity, text: str) -> ValidationError:
    """To raise where an address, number or key is none: 422 with what would be right."""
    return wrong(field, f"“{text[:100]}” {IDENTITY_PROBLEMS[mistake.code]}")


class Narrowed(Asked):
    """By what persons and companies alike are narrowed."""

    q: str = Field(
        "", max_length=200, description="Words of the name, folded: case and accents do not matter."
    )
    owner_id: Asks | None = None


def one(rows: "QuerySet[Any]", identity: int) -> Any:
    """The row of that id; 404 where there is none."""
    if (row := rows.filter(pk=identity).first()) is None:
        raise Http404
    return row


def narrowed(rows: "QuerySet[Any]", asked: Narrowed) -> "QuerySet[Any]":
    """The rows whose names hold the words, of the owner asked for."""
    holds = Q()
    for word in fold(asked.q).split():
        holds &= Q(folded__contains=word)
    rows = rows.filter(holds)
    return rows.filter(owner=asked.owner_id) if asked.owner_id else rows


def part_of(rows: "QuerySet[Any]", asked: Any) -> Part[Any]:
    """The part of the rows that is asked for, in its order."""
    field = {"name": "folded"}.get(asked.sort.removeprefix("-"), "created_at")
    return part(rows, asked, lambda row: row, order=Order(field, is_descending=asked.sort.startswith("-")))
