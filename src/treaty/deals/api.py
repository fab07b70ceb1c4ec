"""Deals over REST: find, open, change, move, win, lose, and say what comes next."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from treaty.deals import commands, queries, wording
from treaty.deals.rules import DealDraft, Refused, Step
from treaty.kit.rules.money import Money
from treaty.people import queries as people
from treaty.staff.access import Key, actor
from treaty.staff.queries import User, colleagues

router = Router(tags=["deals"])
READ = Key("deals:read", "see_people")
WRITE = Key("deals:write", "edit_deals")
MOST = 2**63 - 1
MOST_MINOR = 2**53
"""Beyond it not every reader of JSON keeps whole numbers exact."""

StageKey = Literal["new", "qualified", "proposal", "negotiation", "won", "lost"]
OpenStage = Literal["new", "qualified", "proposal", "negotiation"]
PLAIN = r"^[^\x00]*$"
"""Text that every database can keep."""


class ValueIn(Schema):
    """An amount in minor units (cents) and its ISO 4217 currency."""

    model_config = {"extra": "forbid"}
    minor: int = Field(ge=0, le=MOST_MINOR)
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])


class ValueOut(Schema):
    """An amount: exact in minor units, and as a number people read."""

    minor: int
    currency: str
    amount: Decimal


class StepOut(Schema):
    """What happens next."""

    kind: str
    text: str
    due_at: datetime | None


class DealOut(Schema):
    """A deal. A value of null is unknown, which is not 0."""

    id: int
    name: str
    stage: str
    stage_since: datetime
    person: int | None
    company: int | None
    owner: int | None
    handover: int | None
    value: ValueOut | None
    close_on: date | None
    opened_at: datetime
    closed_at: datetime | None
    reason: str
    product: str
    flags: list[str]
    next_step: StepOut | None


class Deals(Schema):
    """A page of deals, newest id first; `after` of the next page is null at the end."""

    items: list[DealOut]
    after: int | None


class Find(Schema):
    """What to find; page on with the `after` of the page before."""

    stage: StageKey | None = None
    person: int | None = Field(None, ge=1, le=MOST)
    after: int | None = Field(None, ge=1, le=MOST)
    limit: int = Field(100, ge=1, le=500)


class DealIn(Schema):
    """A deal to open."""

    model_config = {"extra": "forbid"}
    name: str = Field(min_length=1, max_length=200, pattern=PLAIN)
    person: int | None = Field(None, ge=1, le=MOST)
    company: int | None = Field(None, ge=1, le=MOST)
    owner: int | None = Field(
        None, ge=1, le=MOST, description="A member of the staff; the key's owner where left out."
    )
    stage: OpenStage = "new"
    value: ValueIn | None = None
    close_on: date | None = None
    product: str = Field("", max_length=120, pattern=PLAIN)
    source_key: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        pattern=PLAIN,
        description="The same key again opens no second deal.",
    )


class DealPatch(Schema):
    """What to change; what is left out stays."""

    model_config = {"extra": "forbid"}
    name: str | None = Field(None, min_length=1, max_length=200, pattern=PLAIN)
    owner: int | None = Field(None, ge=1, le=MOST)
    value: ValueIn | None = None
    close_on: date | None = None
    product: str | None = Field(None, max_length=120, pattern=PLAIN)


class Moving(Schema):
    """Where the deal goes; to be lost it needs a reason."""

    model_config = {"extra": "forbid"}
    stage: StageKey
    reason: str = Field("", max_length=200, pattern=PLAIN)


class Winning(Schema):
    """At which value it was won, where that differs from the deal's own, and why."""

    model_config = {"extra": "forbid"}
    value: ValueIn | None = None
    reason: str = Field("", max_length=200, pattern=PLAIN)


class Losing(Schema):
    """Why it was lost."""

    model_config = {"extra": "forbid"}
    reason: str = Field(min_length=1, max_length=200, pattern=PLAIN)


class StepIn(Schema):
    """What happens next."""

    model_config = {"extra": "forbid"}
    kind: Step
    text: str = Field("", max_length=200, pattern=PLAIN)
    due_at: datetime | None = None


class Problem(Schema):
    """Why it could not be done."""

    detail: Any
    request_id: str = ""


REFUSED = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get(
    "/deals", response={200: Deals, 401: Problem, 403: Problem, 422: Problem}, auth=READ, summary="List deals"
)
def list_deals(request: HttpRequest, find: Query[Find]) -> Deals:
    """Deals the key's owner sees, the newest id first."""
    rows = queries.deal_rows(
        user_of(request), stage=find.stage, person=find.person, before=find.after, limit=find.limit
    )
    return Deals(items=[told(row) for row in rows], after=rows[-1].id if len(rows) == find.limit else None)


@router.post("/deals", response={201: DealOut, **REFUSED}, auth=WRITE, summary="Open a deal")
def open_deal(request: HttpRequest, deal: DealIn) -> Status[DealOut]:
    """Open a deal; under the same source_key it is opened once."""
    user = user_of(request)
    _seen(user, deal.person, deal.company, deal.owner)
    draft = DealDraft(
        name=deal.name,
        person=deal.person,
        company=deal.company,
        owner=deal.owner or user.pk,
        stage=deal.stage,
        value=money(deal.value),
        close_on=deal.close_on,
        product=deal.product,
    )
    key = deal.source_key and f"api:{deal.source_key}"
    made = doing(lambda: commands.open_deal(draft, at=timezone.now(), by=user.pk, source_key=key))
    return Status(201, row_of(request, made))


@router.get("/deals/{deal_id}", response={200: DealOut, **REFUSED}, auth=READ, summary="One deal")
def get_deal(request: HttpRequest, deal_id: int) -> DealOut:
    """A deal the key's owner sees."""
    return row_of(request, deal_id)


@router.patch("/deals/{deal_id}", response={200: DealOut, **REFUSED}, auth=WRITE, summary="Change a deal")
def change_deal(request: HttpRequest, deal_id: int, patch: DealPatch) -> DealOut:
    """Change what is told; null takes an owner, a value or a close date away."""
    row_of(request, deal_id)
    told_fields = patch.model_dump(exclude_unset=True)
    _seen(user_of(request), None, None, patch.owner)
    if "value" in told_fields:
        told_fields["value"] = money(patch.value)
    changes: Any = {
        name: value for name, value in told_fields.items() if value is not None or name not in TEXTS
    }
    doing(lambda: commands.change_deal(deal_id, at=timezone.now(), by=actor(request), **changes))
    return row_of(request, deal_id)


@router.post("/deals/{deal_id}/stage", response={200: DealOut, **REFUSED}, auth=WRITE, summary="Move a deal")
def move_deal(request: HttpRequest, deal_id: int, moving: Moving) -> DealOut:
    """Put a deal into a stage; from one end to the other it has to be reopened first."""
    row_of(request, deal_id)
    stage, reason = moving.stage, moving.reason
    doing(
        lambda: commands.move_deal(deal_id, stage=stage, reason=reason, at=timezone.now(), by=actor(request))
    )
    return row_of(request, deal_id)


@router.post("/deals/{deal_id}/win", response={200: DealOut, **REFUSED}, auth=WRITE, summary="Win a deal")
def win_deal(request: HttpRequest, deal_id: int, winning: Winning) -> DealOut:
    """Win an open deal; of two who do so at once one is refused."""
    row_of(request, deal_id)
    value, reason = money(winning.value), winning.reason
    doing(lambda: commands.win(deal_id, value=value, reason=reason, at=timezone.now(), by=actor(request)))
    return row_of(request, deal_id)


@router.post("/deals/{deal_id}/loss", response={200: DealOut, **REFUSED}, auth=WRITE, summary="Lose a deal")
def lose_deal(request: HttpRequest, deal_id: int, losing: Losing) -> DealOut:
    """Lose an open deal for a reason."""
    row_of(request, deal_id)
    doing(lambda: commands.lose(deal_id, reason=losing.reason, at=timezone.now(), by=actor(request)))
    return row_of(request, deal_id)


@router.put(
    "/deals/{deal_id}/next-step", response={200: DealOut, **REFUSED}, auth=WRITE, summary="Set the next step"
)
def set_next_step(request: HttpRequest, deal_id: int, step: StepIn) -> DealOut:
    """Say what happens next with an open deal."""
    row_of(request, deal_id)
    due = step.due_at
    if due is not None and due.tzinfo is None:
        due = timezone.make_aware(due)
    kind, text = step.kind.value, step.text
    doing(
        lambda: commands.set_next_step(
            deal_id, kind=kind, text=text, due=due, at=timezone.now(), by=actor(request)
        )
    )
    return row_of(request, deal_id)


TEXTS = frozenset({"name", "product"})


def told(row: queries.DealRow) -> DealOut:
    """A deal as the API tells it."""
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
        person=row.person_id,
        company=row.company_id,
        owner=row.owner_id,
        handover=row.handover,
        value=ValueOut(minor=value.minor, currency=value.currency, amount=value.amount) if value else None,
        close_on=row.close_on,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        reason=row.reason,
        product=row.product,
        flags=list(row.flags),
        next_step=step,
    )


def user_of(request: HttpRequest) -> User:
    """Whom the key acts for."""
    if not isinstance(request.user, User):
        raise HttpError(401, "Unauthorized")
    return request.user


def row_of(request: HttpRequest, deal_id: int) -> DealOut:
    """A deal the key's owner sees; 404 for all others."""
    row = queries.deal_row_of(user_of(request), deal_id) if 0 < deal_id <= MOST else None
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
        raise HttpError(422, str(error)) from error


def doing(act: Callable[[], object]) -> Any:
    """What the act gives; 409 with the reason where it was refused."""
    try:
        return act()
    except Refused as refused:
        raise HttpError(409, wording.refusal(refused)) from refused


def _seen(user: User, person: int | None, company: int | None, owner: int | None) -> None:
    """422 where a deal would point to somebody the user does not see."""
    if person is not None and not people.visible_persons(user).filter(pk=person).exists():
        raise HttpError(422, "There is no such person.")
    if company is not None and not people.visible_companies(user).filter(pk=company).exists():
        raise HttpError(422, "There is no such company.")
    if owner is not None and owner not in {one.id for one in colleagues()}:
        raise HttpError(422, "There is no such member of the staff.")
