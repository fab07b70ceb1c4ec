"""The API's door for touches, up to 1,000 a call: good ones are kept, bad ones handed back with their reason; and the forms."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from treaty.capture import queries
from treaty.capture.commands import receive
from treaty.capture.rules import PERSON_FIELDS, BadTouch, checked_time, draft_of
from treaty.capture.touches import Touch, fact_of
from treaty.capture.wording import problem
from treaty.kit.rest import ADDS, LISTS, READS, Asked, Body, Id, Part, Shape, part, written
from treaty.staff.access import Key
from treaty.staff.rules import EDIT_PEOPLE, MANAGE_CAPTURE

router = Router(tags=["touchpoints and forms"])
MOST = 1_000


class BuyerIn(Body):
    """Who did it: at least one of email, phone or external; the rest enriches the person."""

    email: str = Field("", max_length=320, examples=["pia@example.com"])
    phone: str = Field("", max_length=40, examples=["+48321234567"])
    external: str = Field("", max_length=320, description="The key in another system, as source:key.")
    name: str = Field("", max_length=200)
    given_name: str = Field("", max_length=100)
    family_name: str = Field("", max_length=100)
    company: str = Field("", max_length=200)
    title: str = Field("", max_length=120)
    country: str = Field("", max_length=2, description="Two letters, ISO 3166.")
    city: str = Field("", max_length=120)
    interest: str = Field("", max_length=120)


class TouchIn(Body):
    """One touch of one buyer."""

    kind: str = Field(
        description="FormSubmitted, PageSeen, FileDownloaded, MailOpened, MailAnswered, EventAttended or AdClicked."
    )
    person: BuyerIn
    occurred_at: Annotated[datetime, BeforeValidator(written)] | None = Field(
        None, description="With a time zone; now where it is left out."
    )
    values: dict[str, Any] = Field(
        default_factory=dict, description="What the kind holds, such as form, page, channel."
    )
    source_key: str | None = Field(
        None, max_length=200, description="The same key again is not recorded twice."
    )
    text: str = Field("", max_length=5000, description="What the buyer wrote.")


class Batch(Body):
    """Touches to record."""

    touchpoints: list[TouchIn] = Field(min_length=1, max_length=MOST)


class BadItem(Schema):
    """One problem of one touch: its place in the call from 0, the field, and what would be right."""

    item: int
    field: str
    problem: str


class Recorded(Schema):
    """How many touches were new, how many were known already, and which were not recorded and why."""

    new: int
    known: int
    bad: list[BadItem]


@router.post(
    "/touchpoints",
    response={200: Recorded, **ADDS},
    auth=Key("touchpoints:write", EDIT_PEOPLE),
    summary="Record touches",
)
def record_touchpoints(request: HttpRequest, batch: Batch) -> Recorded:
    """Record what buyers did. Whoever is unknown becomes a person; a touch with a known source_key is a no-op."""
    at = timezone.now()
    touches, bad = [], []
    for place, item in enumerate(batch.touchpoints):
        try:
            touches.append(_touch(item, at))
        except BadTouch as error:
            bad += [
                BadItem(item=place, field=each.field, problem=problem(each.code)) for each in error.problems
            ]
    outcome = receive(touches, at=at, by=request.user.pk, source="api") if touches else None
    return Recorded(new=outcome.new if outcome else 0, known=outcome.known if outcome else 0, bad=bad)


def _touch(item: TouchIn, now: datetime) -> Touch:
    fact = fact_of(item.kind, item.values)
    told = item.person.model_dump()
    draft = draft_of(
        {name: told[name] for name in (*PERSON_FIELDS, "external")},
        channel=str(item.values.get("channel", "")),
        page=str(item.values.get("page", "")),
    )
    key = None if item.source_key is None else f"api:{item.source_key}"
    return Touch(fact, draft, checked_time(item.occurred_at or now, now=now), key, item.text)


class FormFieldOut(Shape):
    """A field of a form."""

    name: str
    label: str
    kind: str
    required: bool = Field(description="Whether it has to be filled.")


class FormOut(Shape):
    """A form that can stand on any web page; it is served at /f/ and its key."""

    id: int
    key: str
    name: str
    fields: list[FormFieldOut]
    thanks: str
    redirect_to: str
    origins: list[str]
    consents: list[int] = Field(description="The purposes of consent it asks for.")
    channel: str
    is_active: bool
    created_at: datetime


class Forms(Schema):
    """A part of the forms; `next` goes into `after` of the next call, and is null at the end."""

    items: list[FormOut]
    next: str | None


FORMS = Key("capture:read", MANAGE_CAPTURE)


@router.get("/forms", response={200: Forms, **LISTS}, auth=FORMS, summary="List forms")
def list_forms(request: HttpRequest, asked: Query[Asked]) -> Part[Any]:
    """The forms, the newest first."""
    return part(queries.all_forms(), asked, lambda row: row)


@router.get("/forms/{form}", response={200: FormOut, **READS}, auth=FORMS, summary="Read a form")
def read_form(request: HttpRequest, form: Id) -> Any:
    """One form."""
    row = queries.form_by_id(form)
    if row is None:
        raise Http404
    return row
