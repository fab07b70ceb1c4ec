"""One hand for the REST API of every noun: bodies and queries as text a database keeps, lists with a cursor, problems."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from django.core.signing import BadSignature, Signer
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Field, Path, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationInfo, model_validator

from treaty.kit.keyset import Order, slice_of

Row = TypeVar("Row", bound=Model)
Listed = TypeVar("Listed")
Item = TypeVar("Item")

LARGEST_ID = 2**63 - 1
MOST = 200
"""The longest part of a list that one call hands out."""

OF_EVERY_READING = "fields"
"""What any call that reads may ask besides: only some fields."""

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""The id in an address; one that no row can have is answered like one that none has: 404."""

Asks = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""The id by which a query narrows."""

Names = Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True)]
"""The id of another thing in a body."""


class Body(BaseModel):
    """What a call tells. A field that nobody knows is refused.

    Pydantic's own model: Ninja's looks at every value in Python, and twice where unknown fields are refused.
    """

    model_config = ConfigDict(extra="forbid")


class Shape(BaseModel):
    """What a call is answered, read from the attributes of a row or object."""

    model_config = ConfigDict(from_attributes=True)


class FieldProblem(Schema):
    """One field that is not as it should be; its place, such as `emails.0`, is empty for the whole."""

    field: str
    problem: str


class Problem(Schema):
    """Why nothing was done, as RFC 9457 writes it; `request_id` and `errors` are ours."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str = Field(description="Also in the header X-Request-ID and in the log.")
    errors: list[FieldProblem]


def _problems(*codes: int) -> dict[int, Any]:
    return dict.fromkeys(codes, Problem)


LISTS = _problems(401, 403, 422)
"""What a call for a list may be answered besides the list."""
READS = _problems(401, 403, 404, 422)
"""... and a call for one thing."""
ACTS = _problems(401, 403, 404, 409, 422)
"""... and a verb without a body."""
WRITES = _problems(400, 401, 403, 404, 409, 413, 415, 422)
"""... and one with a body."""
ADDS = _problems(400, 401, 403, 409, 413, 415, 422)
"""... and adding to a list."""


def wrong(field: str, problem: str) -> ValidationError:
    """To raise where the form of a body is right and what it says is not: 422 with the field."""
    return ValidationError([{"type": "value_error", "loc": ("body", "", field), "msg": problem}])


LONGEST_BATCH = 1_000
"""As many things one call may tell at once."""


class ItemOut(Schema):
    """What came of one item of a batch; `id` is null and `errors` say why where it was refused."""

    outcome: Literal["new", "changed", "unchanged", "refused"]
    id: int | None = None
    errors: list[FieldProblem] = []


class BatchOut(Schema):
    """How many items were new, changed, unchanged or refused, and what came of each, in the order of the call."""

    new: int
    changed: int
    unchanged: int
    refused: int
    results: list[ItemOut]


def batch_out(results: Mapping[int, ItemOut]) -> BatchOut:
    """The answer to a batch whose items, by place, came to this."""
    told = [result for _place, result in sorted(results.items())]
    counts = Counter(result.outcome for result in told)
    return BatchOut(
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=counts["refused"],
        results=told,
    )


def taken(outcome: str, number: int) -> ItemOut:
    """An item that is, or already was, as it was told: new, changed or unchanged."""
    return ItemOut.model_validate({"outcome": outcome, "id": number})


def refused(field: str, problem: str) -> ItemOut:
    """An item that was not taken."""
    return ItemOut(outcome="refused", errors=[FieldProblem(field=field, problem=problem)])


def refused_for(mistake: ValidationError) -> ItemOut:
    """An item that was not taken, with every field at fault."""
    return ItemOut(outcome="refused", errors=[FieldProblem(**one) for one in field_problems(mistake)])


def _otherwise(value: Any) -> Any:
    """What JSON has no words for: a model as its fields, everything else as its text."""
    return value.model_dump() if isinstance(value, BaseModel) else str(value)


class JsonRenderer(BaseRenderer):
    """Writes answers as JSON; a moment with all its digits, in UTC as `Z`."""

    media_type = "application/json"
    encode = msgspec.json.Encoder(enc_hook=_otherwise, decimal_format="string").encode

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body of an answer."""
        return self.encode(data)


class Unreadable(HttpError):
    """A body that is not JSON, or not said to be."""


class JsonParser(Parser):
    """Reads JSON; refuses text that one of the databases cannot keep (NUL, half a surrogate pair), wherever it stands."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; raises Unreadable, ValidationError."""
        if request.content_type != "application/json":
            raise Unreadable(415, "The body has to be JSON, with Content-Type: application/json.")
        try:
            words = request.body.decode(json.detect_encoding(request.body), "surrogatepass")
            told = _read(words)
        except (ValueError, RecursionError):
            raise Unreadable(400, "The body is not JSON.") from None
        if DOUBTFUL.search(words):
            texts = (("body", "", *place) for place, text in _texts(told) if not is_storable(text))
            _refuse(texts, UNSTORABLE)
        return told

    def parse_querydict(
        self, data: "MultiValueDict[str, Any]", list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query, or the files of a form; raises ValidationError."""
        pairs = ((name, text) for name, texts in data.lists() for text in texts if isinstance(text, str))
        _refuse((("query", name) for name, text in pairs if not is_storable(text)), UNSTORABLE)
        return super().parse_querydict(data, list_fields, request)


UNSTORED = re.compile("[\0\ud800-\udfff]")
DOUBTFUL = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|[\ud800-\udfff]")
"""How JSON writes what is in UNSTORED, and halves that make a whole one; between signs that need no other spelling."""
UNSTORABLE = "Text holds neither NUL nor half a character."


def is_storable(text: str) -> bool:
    """Whether both databases can keep the text: no NUL, no half of a surrogate pair."""
    return UNSTORED.search(text) is None


def _no_number(name: str) -> None:
    raise ValueError(name)


_read = json.JSONDecoder(parse_constant=_no_number).decode


def _texts(told: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a document with its place, names of fields included."""
    if isinstance(told, str):
        yield place, told
    elif isinstance(told, list):
        for number, one in enumerate(told):
            yield from _texts(one, (*place, str(number)))
    elif isinstance(told, dict):
        for name, one in told.items():
            yield place, name
            yield from _texts(one, (*place, name if is_storable(name) else "?"))


def _refuse(places: Iterable[tuple[str, ...]], problem: str) -> None:
    if found := [{"type": "value_error", "loc": place, "msg": problem} for place in places]:
        raise ValidationError(found)


def written(value: Any) -> Any:
    """Only a text is a date: a number would be read as seconds since 1970."""
    if value is not None and not isinstance(value, str):
        raise ValueError("Write it as ISO 8601.")
    return value


Day = Annotated[date, BeforeValidator(written), Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A date of business."""
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(written),
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC)),
]
"""An instant of business, with its time zone."""


class Asked(Schema):
    """What part of a list a call asks for; what the list does not know to narrow by is refused, not overlooked."""

    after: str = Field("", max_length=600, description="`next` of the part before.")
    limit: int = Field(50, ge=1, le=MOST)

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> "Asked":
        request = (info.context or {}).get("request")
        known = {*type(self).model_fields, OF_EVERY_READING}
        unknown = sorted(set(request.GET) - known) if request else []
        _refuse((("query", name) for name in unknown), "This list does not know it.")
        return self


@dataclass(frozen=True)
class Part(Generic[Item]):
    """A part of a list as every list of the API has it; `next` is the cursor of the part behind, None at the end."""

    items: list[Item]
    next: str | None


def part(
    rows: "QuerySet[Row]",
    asked: Asked,
    told: Callable[[Row], Item],
    *,
    order: Order = Order("id", is_descending=True),  # noqa: B008 - frozen
) -> Part[Item]:
    """The part of the rows that a call asks for, each as `told`; 422 where the cursor is none of this order."""
    cursor = Cursor(f"{rows.model.__name__}:{order.field}:{order.is_descending}")
    cut = slice_of(rows, order, {"after": cursor.read(asked)}, asked.limit)
    return Part([told(row) for row in cut.rows], cursor.written(cut.after))


def part_of_few(
    rows: Iterable[Listed], asked: Asked, told: Callable[[Listed], Item], *, number: Callable[[Listed], int]
) -> Part[Item]:
    """The same of rows that are at hand, in the order of falling numbers."""
    cursor = Cursor("few")
    after = cursor.read(asked)
    found = [row for row in rows if not after or number(row) < int(after)]
    more = str(number(found[asked.limit - 1])) if len(found) > asked.limit else ""
    return Part([told(row) for row in found[: asked.limit]], cursor.written(more))


class Cursor:
    """Where a list is read on: signed, so that nobody asks with a cursor of another list or of their own."""

    def __init__(self, of: str) -> None:
        self.signer = Signer(salt=f"rest:{of}")

    def read(self, asked: Asked) -> str:
        """The place that a call names, empty for the beginning; 422 where it is none of this list and order."""
        try:
            return self.signer.unsign(asked.after) if asked.after else ""
        except BadSignature:
            problem = "Not a cursor of this list in this order."
            raise ValidationError(
                [{"type": "value_error", "loc": ("query", "after"), "msg": problem}]
            ) from None

    def written(self, place: str) -> str | None:
        """The cursor of a place; None at the end."""
        return self.signer.sign(place) if place else None


def field_problems(error: ValidationError) -> list[dict[str, str]]:
    """The mistakes of a call, each with the place as the caller wrote it."""
    found = []
    for one in error.errors:
        place = one["loc"]
        inner = place[2:] if place[0] == "body" else place[1:]
        found.append({"field": ".".join(map(str, inner)), "problem": str(one["msg"])})
    return found
