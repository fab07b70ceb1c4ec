"""Deals over REST: find, open, change, move, win, lose, and say what comes next."""

from functools import partial
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.errors import HttpError

from treaty.deals import commands, queries
from treaty.deals.api.door import (
    READ,
    WRITE,
    DealOut,
    OpenStage,
    StageKey,
    ValueIn,
    answered,
    doing,
    money,
    router,
    row_of,
    seen,
    told,
)
from treaty.deals.rules import DealDraft, Step
from treaty.fields.queries import own_of, with_own
from treaty.fields.rest import OwnIn, checked, writing
from treaty.kit.keyset import Order
from treaty.kit.rest import (
    ACTS,
    ADDS,
    LISTS,
    READS,
    WRITES,
    Asked,
    Asks,
    Body,
    Day,
    Id,
    Moment,
    Names,
    Part,
    part,
)
from treaty.kit.routes import short, tells_row
from treaty.kit.together import at_the_end
from treaty.people import queries as people
from treaty.staff.access import actor, caller


class Deals(Schema):
    """A part of the deals; `next` goes into `after` of the next call, and is null at the end."""

    items: list[DealOut]
    next: str | None


class DealQuery(Asked):
    """Which deals a call asks for."""

    sort: Literal["opened_at", "-opened_at", "close_on", "-close_on"] = "-opened_at"
    stage: StageKey | None = None
    owner_id: Asks | None = None
    person_id: Asks | None = None
    company_id: Asks | None = None


class DealIn(Body):
    """A deal to open."""

    name: str = Field(min_length=1, max_length=200)
    person_id: Names | None = None
    company_id: Names | None = None
    owner_id: Names | None = Field(None, description="A member of the staff; the key's owner where left out.")
    stage: OpenStage = "new"
    value: ValueIn | None = None
    close_on: Day | None = None
    product: str = Field("", max_length=120)
    fields: OwnIn | None = None
    source_key: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="The same key again opens no second deal.",
    )


class DealPatch(Body):
    """What to change; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=200)
    owner_id: Names | None = None
    value: ValueIn | None = None
    close_on: Day | None = None
    product: str | None = Field(None, max_length=120)
    fields: OwnIn | None = None


class Moving(Body):
    """Where the deal goes; to be lost it needs a reason."""

    stage: StageKey
    reason: str = Field("", max_length=200)


class Winning(Body):
    """At which value it was won, where that differs from the deal's own, and why."""

    value: ValueIn | None = None
    reason: str = Field("", max_length=200)


class Losing(Body):
    """Why it was lost."""

    reason: str = Field(min_length=1, max_length=200)


class StepIn(Body):
    """What happens next."""

    kind: Step
    text: str = Field("", max_length=200)
    due_at: Moment | None = None


@router.get("/deals", response={200: Deals, **LISTS}, auth=READ, summary="List deals")
def list_deals(request: HttpRequest, asked: Query[DealQuery]) -> Part[DealOut]:
    """Deals the key's owner sees, narrowed and ordered, page by page."""
    wanted = {
        "stage__key": asked.stage,
        "owner": asked.owner_id,
        "person": asked.person_id and people.known_as(asked.person_id),
        "company": asked.company_id,
    }
    rows = queries.with_names(queries.visible_deals(caller(request)))
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    order = Order(asked.sort.removeprefix("-"), is_descending=asked.sort.startswith("-"))
    rows = with_own("deal", rows)
    return part(rows, asked, lambda deal: told(queries.deal_row(deal), own_of("deal", deal)), order=order)


@router.post("/deals", response={200: DealOut, 201: DealOut, **ADDS}, auth=WRITE, summary="Open a deal")
@short
def open_deal(request: HttpRequest, deal: DealIn) -> Status[DealOut]:
    """201 where the deal is new, 200 where its source_key was known; then nothing changes."""
    user = caller(request)
    seen(user, deal.person_id, deal.company_id, deal.owner_id)
    checked(request, "deal", deal.fields)
    draft = DealDraft(
        name=deal.name,
        person=deal.person_id,
        company=deal.company_id,
        owner=deal.owner_id or user.pk,
        stage=deal.stage,
        value=money(deal.value),
        close_on=deal.close_on,
        product=deal.product,
        fields=deal.fields,
    )
    key = f"api:{deal.source_key}" if deal.source_key else None
    known = queries.deal_of_key(key) if key else None
    if known and queries.deal_row_of(user, known) is None:
        raise HttpError(409, "A deal has this source_key, which this key may not see, or lies in the bin.")
    new: list[int] = []
    act = partial(commands.open_deal, draft, source_key=key, follow=new.append)
    with at_the_end(lambda: [asked for one in new for asked in queries.asked_told(one)]):
        made = doing(lambda: act(at=timezone.now(), by=user.pk))
        return Status(200 if made == known else 201, answered(made))


@router.get("/deals/{deal}", response={200: DealOut, **READS}, auth=READ, summary="Read a deal")
@tells_row(queries.visible_deals)
def get_deal(request: HttpRequest, deal: Id) -> DealOut:
    """A deal the key's owner sees."""
    return row_of(request, deal)


@router.patch("/deals/{deal}", response={200: DealOut, **WRITES}, auth=WRITE, summary="Change a deal")
@short
def change_deal(request: HttpRequest, deal: Id, patch: DealPatch) -> DealOut:
    """Change what is told; null takes an owner, a value or a close date away."""
    row_of(request, deal)
    seen(caller(request), None, None, patch.owner_id)
    checked(request, "deal", patch.fields, with_retired=True)
    sent = {"owner": patch.owner_id, "value": money(patch.value), "close_on": patch.close_on}
    texts = {"name": patch.name, "product": patch.product}
    names = {"owner" if name == "owner_id" else name for name in patch.model_fields_set}
    changes: Any = {name: value for name, value in sent.items() if name in names}
    changes |= {name: text for name, text in texts.items() if text is not None}
    changes |= {"fields": patch.fields} if patch.fields else {}
    act = partial(commands.change_deal, deal, at=timezone.now(), by=actor(request), **changes)
    with at_the_end(lambda: queries.asked_told(deal)):
        writing(lambda: doing(act))
        return answered(deal)


@router.post("/deals/{deal}/stage", response={200: DealOut, **WRITES}, auth=WRITE, summary="Move a deal")
@short
def move_deal(request: HttpRequest, deal: Id, moving: Moving) -> DealOut:
    """Put a deal into a stage; from one end to the other it has to be reopened first."""
    row_of(request, deal)
    stage, reason = moving.stage, moving.reason
    doing(lambda: commands.move_deal(deal, stage=stage, reason=reason, at=timezone.now(), by=actor(request)))
    return answered(deal)


@router.post("/deals/{deal}/win", response={200: DealOut, **WRITES}, auth=WRITE, summary="Win a deal")
@short
def win_deal(request: HttpRequest, deal: Id, winning: Winning) -> DealOut:
    """Win an open deal; of two who do so at once one is refused."""
    row_of(request, deal)
    value, reason = money(winning.value), winning.reason
    doing(lambda: commands.win(deal, value=value, reason=reason, at=timezone.now(), by=actor(request)))
    return answered(deal)


@router.post("/deals/{deal}/loss", response={200: DealOut, **WRITES}, auth=WRITE, summary="Lose a deal")
@short
def lose_deal(request: HttpRequest, deal: Id, losing: Losing) -> DealOut:
    """Lose an open deal for a reason."""
    row_of(request, deal)
    doing(lambda: commands.lose(deal, reason=losing.reason, at=timezone.now(), by=actor(request)))
    return answered(deal)


@router.delete(
    "/deals/{deal}/next-step", response={200: DealOut, **ACTS}, auth=WRITE, summary="Finish the next step"
)
def finish_next_step(request: HttpRequest, deal: Id) -> DealOut:
    """The next step is done; where there is none nothing changes."""
    row_of(request, deal)
    commands.finish_next_step(deal, at=timezone.now(), by=actor(request))
    return answered(deal)


@router.put(
    "/deals/{deal}/next-step", response={200: DealOut, **WRITES}, auth=WRITE, summary="Set the next step"
)
@short
def set_next_step(request: HttpRequest, deal: Id, step: StepIn) -> DealOut:
    """Say what happens next with an open deal."""
    row_of(request, deal)
    kind, text, due = step.kind.value, step.text, step.due_at
    doing(
        lambda: commands.set_next_step(
            deal, kind=kind, text=text, due=due, at=timezone.now(), by=actor(request)
        )
    )
    return answered(deal)


@router.delete("/deals/{deal}", response={204: None, **ACTS}, auth=WRITE, summary="Put a deal into the bin")
def bin_deal(request: HttpRequest, deal: Id) -> Status[None]:
    """The deal leaves boards, lists and searches, and its texts go after 30 days unless it is restored before."""
    row_of(request, deal)
    commands.bin_deals([deal], at=timezone.now(), by=actor(request), cause="api")
    return Status(204, None)


@router.post(
    "/deals/{binned_deal}/restoration",
    response={200: DealOut, **ACTS},
    auth=WRITE,
    summary="Bring a deal back from the bin",
)
def restore_deal(request: HttpRequest, binned_deal: Id) -> DealOut:
    """All is as it was; 404 where the deal is not in the bin."""
    get_object_or_404(queries.bin_of(caller(request)), pk=binned_deal)
    commands.restore_deals([binned_deal], at=timezone.now(), by=actor(request), cause="api")
    return answered(binned_deal)
