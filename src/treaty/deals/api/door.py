"""What all calls about deals share: the router, the keys they ask for, how a deal is told, why something was refused."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Router
from ninja.errors import HttpError

from treaty.deals import queries, wording
from treaty.deals.rules import Refused
from treaty.fields.queries import values_alone
from treaty.fields.rest import OwnOut
from treaty.kit.rest import Body, Shape, wrong
from treaty.kit.rules.money import Money
from treaty.people import queries as people
from treaty.staff.access import Key, caller
from treaty.staff.queries import User, colleagues

router = Router(tags=["deals"])
READ = Key("deals:read", "see_people")
WRITE = Key("deals:write", "edit_deals")
MOST_MINOR = 2**53
"""Beyond it not every reader of JSON keeps whole numbers exact."""

StageKey = Literal["new", "qualified", "proposal", "negotiation", "won", "lost"]
OpenStage = Literal["new", "qualified", "proposal", "negotiation"]


class ValueIn(Body):
    """An amount in minor units (cents) and its ISO 4217 currency."""

    minor: int = Field(ge=0, le=MOST_MINOR, strict=True)
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])


class ValueOut(Shape):
    """An amount: exact in minor units, and as a number people read."""

    minor: int
    currency: str
    amount: Decimal


class StepOut(Shape):
    """What happens next."""

    kind: str
    text: str
    due_at: datetime | None


class DealOut(Shape):
    """A deal. A value of null is unknown, which is not 0."""

    id: int
    name: str
    stage: str
    stage_since: datetime
    person_id: int | None
    company_id: int | None
    owner_id: int | None
    handover_id: int | None
    value: ValueOut | None
    close_on: date | None
    opened_at: datetime
    closed_at: datetime | None
    reason: str
    product: str
    flags: list[str]
    next_step: StepOut | None
    fields: OwnOut


def told(row: queries.DealRow, own: Mapping[str, Any] | None = None) -> DealOut:
    """A deal as the API tells it; what its own fields hold is asked for where it was not read with it."""
    value = row.value
    step = (
        StepOut(kind=row.next_step_kind, text=row.next_step, due_at=row.next_step_at)
        if row.next_step_kind
        else None
    )
    return DealOut(
        id=row.id,
        name=row.name,
        stage=row.stage.key,
        stage_since=row.stage_since,
        person_id=row.person_id,
        company_id=row.company_id,
        owner_id=row.owner_id,
        handover_id=row.handover,
        value=ValueOut(minor=value.minor, currency=value.currency, amount=value.amount)
        if value is not None
        else None,
        close_on=row.close_on,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        reason=row.reason,
        product=row.product,
        flags=list(row.flags),
        next_step=step,
        fields=dict(values_alone("deal", row.id) if own is None else own),
    )


def answered(deal: int) -> DealOut:
    """The deal after a verb."""
    return told(queries.deal_row_by_id(deal))


def row_of(request: HttpRequest, deal: int) -> DealOut:
    """A deal the key's owner sees; 404 for all others."""
    row = queries.deal_row_of(caller(request), deal)
    if row is None:
        raise Http404
    return told(row)


def money(value: ValueIn | None) -> Money | None:
    """The money of a value; 422 where there is no such currency."""
    if value is None:
        return None
    try:
        return Money(value.minor, value.currency)
    except ValueError as error:
        raise wrong("value.currency", str(error)) from error


UNFIT = frozenset({"nameless", "reason_missing"})


def doing(act: Callable[[], object]) -> Any:
    """What the act gives; 422 with the field or 409 where it was refused."""
    try:
        return act()
    except Refused as refused:
        if refused.code in UNFIT:
            raise wrong(refused.field, wording.refusal(refused)) from refused
        raise HttpError(409, wording.refusal(refused)) from refused


def seen(user: User, person: int | None, company: int | None, owner: int | None) -> None:
    """422 where a deal would point to somebody the user does not see."""
    if person is not None and not people.visible_persons(user).filter(pk=person).exists():
        raise wrong("person_id", "There is no such person.")
    if company is not None and not people.visible_companies(user).filter(pk=company).exists():
        raise wrong("company_id", "There is no such company.")
    if owner is not None and owner not in {one.id for one in colleagues()}:
        raise wrong("owner_id", "There is no such member of the staff.")
