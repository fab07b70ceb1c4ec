"""The API's door to handovers: list and read them, accept, undo, return, hand on."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from treaty.handovers import commands, queries, wording
from treaty.handovers.commands import Refused, Why
from treaty.handovers.queries import TableRow
from treaty.kit.keyset import Order
from treaty.kit.rest import ACTS, LISTS, READS, WRITES, Asked, Asks, Id, Moment, Names, Part, part
from treaty.kit.routes import tells_row
from treaty.people import queries as people
from treaty.staff.access import Key, actor, caller
from treaty.staff.rules import DECIDE_HANDOVERS, SEE_PEOPLE

router = Router(tags=["handovers"])
READ = Key("handovers:read", SEE_PEOPLE)
WRITE = Key("handovers:write", DECIDE_HANDOVERS)


class HandoverOut(Schema):
    """One lead passing from marketing to sales."""

    id: int
    person_id: int
    person: str
    company: str
    grade: str
    state: str = Field(description="offered, accepted, returned or withdrawn.")
    owner_id: int | None
    owner: str
    version: int = Field(description="The version of the agreement that judges it.")
    qualified_at: datetime
    offered_at: datetime
    decided_at: datetime | None
    first_touch_at: datetime | None = Field(
        description="The buyer's reading: when somebody first reached out."
    )
    touch_seconds: int | None = Field(
        description="From qualifying to first touch, in the company's business time."
    )
    next_due_at: datetime | None
    return_reason: str
    hold_until: datetime | None = Field(
        description="Until when the person of a returned lead is left in peace; null without such a day."
    )


class Handovers(Schema):
    """A part of the handovers; `next` goes into `after` of the next call, and is null at the end."""

    items: list[HandoverOut]
    next: str | None


class HandoverQuery(Asked):
    """Which handovers a call asks for."""

    sort: Literal["qualified_at", "-qualified_at"] = "-qualified_at"
    state: Literal["offered", "accepted", "working", "returned", "done", "withdrawn"] | None = Field(
        None, description="A column of the board, or withdrawn: the person asked to be forgotten."
    )
    owner_id: Asks | None = None
    person_id: Asks | None = None


class ReturnIn(Schema):
    """Why a lead is returned: one of the agreed reasons, and what that reason demands."""

    model_config = {"extra": "forbid"}
    reason: str = Field(max_length=40)
    note: str = Field("", max_length=4000)
    hold_until: Moment | None = Field(
        None,
        description="When to try again, with a time zone; for a reason that recycles or finds no fit only.",
    )
    identity_id: Names | None = Field(None, description="The wrong address or number.")


class OwnerIn(Schema):
    """To whom a lead is handed on, and why."""

    model_config = {"extra": "forbid"}
    owner_id: Names
    cause: str = Field(description="declined, absent, wrong_team or head.")


STATUS = {Why.UNKNOWN: 404, Why.NOT_YOURS: 403}
CONFLICTS = {Why.DECIDED, Why.TOO_LATE, Why.TOUCHED, Why.HAS_DEAL, Why.SAME_OWNER}


@router.get("/handovers", response={200: Handovers, **LISTS}, auth=READ, summary="List handovers")
def list_handovers(request: HttpRequest, asked: Query[HandoverQuery]) -> Part[HandoverOut]:
    """The handovers that the key's owner sees, newest first."""
    rows = queries.table(caller(request), asked.state or "")
    if asked.owner_id:
        rows = rows.filter(owner=asked.owner_id)
    if asked.person_id:
        rows = rows.filter(person=people.known_as(asked.person_id))
    order = Order("qualified_at", is_descending=asked.sort.startswith("-"))
    return part(rows, asked, lambda row: _out(queries.table_rows([row])[0]), order=order)


@router.get(
    "/handovers/{handover}", response={200: HandoverOut, **READS}, auth=READ, summary="Read a handover"
)
@tells_row(queries.table)
def read_handover(request: HttpRequest, handover: Id) -> HandoverOut:
    """One handover that the key's owner sees."""
    return _one(request, handover)


@router.post(
    "/handovers/{handover}/acceptance",
    response={200: HandoverOut, **ACTS},
    auth=WRITE,
    summary="Accept a lead",
)
def accept(request: HttpRequest, handover: Id) -> HandoverOut:
    """Accept a lead."""
    return _done(request, handover, commands.accept)


@router.delete(
    "/handovers/{handover}/acceptance",
    response={200: HandoverOut, **ACTS},
    auth=WRITE,
    summary="Take an acceptance back",
)
def undo_acceptance(request: HttpRequest, handover: Id) -> HandoverOut:
    """Take an acceptance back: within ten seconds, and before the buyer was reached."""
    return _done(request, handover, commands.undo_acceptance)


@router.post(
    "/handovers/{handover}/return", response={200: HandoverOut, **WRITES}, auth=WRITE, summary="Return a lead"
)
def return_lead(request: HttpRequest, handover: Id, body: ReturnIn) -> HandoverOut:
    """Give a lead back to marketing with a coded reason."""
    return _done(
        request,
        handover,
        partial(
            commands.return_lead,
            reason=body.reason,
            note=body.note,
            hold_until=body.hold_until,
            identity=body.identity_id,
        ),
    )


@router.post(
    "/handovers/{handover}/owner", response={200: HandoverOut, **WRITES}, auth=WRITE, summary="Hand a lead on"
)
def hand_on(request: HttpRequest, handover: Id, body: OwnerIn) -> HandoverOut:
    """Hand an offered lead on to a colleague."""
    return _done(request, handover, partial(commands.hand_on, to=body.owner_id, cause=body.cause))


def _done(request: HttpRequest, handover: int, verb: Callable[..., None]) -> HandoverOut:
    """Let a verb act on what the key's owner sees; a refusal is an answer."""
    _one(request, handover)
    try:
        verb(handover, at=timezone.now(), by=actor(request))
    except Refused as error:
        status = STATUS.get(error.why, 409 if error.why in CONFLICTS else 422)
        raise HttpError(status, str(wording.said(wording.REFUSALS, error.why))) from None
    return _out(queries.table_row(handover))


def _one(request: HttpRequest, handover: int) -> HandoverOut:
    rows = queries.table_rows(queries.table(caller(request)).filter(pk=handover))
    if not rows:
        raise Http404
    return _out(rows[0])


def _out(row: TableRow) -> HandoverOut:
    return HandoverOut(**{name: getattr(row, name) for name in HandoverOut.model_fields})
