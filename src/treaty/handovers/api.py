"""The API's door to handovers: list and read them, accept, undo, return, hand on."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from treaty.handovers import commands, queries, wording
from treaty.handovers.commands import Refused, Why
from treaty.handovers.queries import TableRow
from treaty.staff.access import Key
from treaty.staff.queries import User
from treaty.staff.rules import DECIDE_HANDOVERS, SEE_PEOPLE

router = Router(tags=["handovers"])
READ = Key("handovers:read", SEE_PEOPLE)
WRITE = Key("handovers:write", DECIDE_HANDOVERS)
MOST = 200
LARGEST_ID = 2**63 - 1


class HandoverOut(Schema):
    """One lead passing from marketing to sales."""

    id: int
    person_id: int
    person: str
    company: str
    grade: str
    state: str = Field(description="offered, accepted or returned.")
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


class Handovers(Schema):
    """A part of the handovers, newest first, and where the next part begins."""

    handovers: list[HandoverOut]
    before: int | None = Field(description="Ask with this id for the next part; null at the end.")


class Part(Schema):
    """Which handovers: of a state, and from before an id on."""

    state: str = Field("", description="A column of the board: offered, accepted, working, returned, done.")
    before: int | None = Field(None, ge=1, le=LARGEST_ID)
    limit: int = Field(50, ge=1, le=MOST)


class ReturnIn(Schema):
    """Why a lead is returned: one of the agreed reasons, and what that reason demands."""

    model_config = {"extra": "forbid"}
    reason: str = Field(max_length=40)
    note: str = Field("", max_length=4000)
    hold_until: AwareDatetime | None = Field(None, description="When to try again, with a time zone.")
    identity: int | None = Field(None, ge=1, le=LARGEST_ID, description="The wrong address or number.")


class OwnerIn(Schema):
    """To whom a lead is handed on, and why."""

    model_config = {"extra": "forbid"}
    to: int = Field(ge=1, le=LARGEST_ID)
    cause: str = Field(description="declined, absent, wrong_team or head.")


class Problem(Schema):
    """Why nothing was done."""

    detail: str
    code: str = ""
    request_id: str = ""


ANSWERS = {200: HandoverOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
STATUS = {Why.UNKNOWN: 404, Why.NOT_YOURS: 403}
CONFLICTS = {Why.DECIDED, Why.TOO_LATE, Why.TOUCHED, Why.HAS_DEAL, Why.SAME_OWNER}


Answer = tuple[int, HandoverOut | Problem]


@router.get("/handovers", response=Handovers, auth=READ, summary="List handovers")
def list_handovers(request: HttpRequest, part: Query[Part]) -> Handovers:
    """The handovers that the key's owner sees, newest first."""
    rows = queries.table(_user(request), part.state).order_by("-pk")
    if part.before is not None:
        rows = rows.filter(pk__lt=part.before)
    found = queries.table_rows(rows[: part.limit + 1])
    more = found[part.limit - 1].id if len(found) > part.limit else None
    return Handovers(handovers=[_out(row) for row in found[: part.limit]], before=more)


@router.get("/handovers/{int:handover_id}", response={200: HandoverOut, 404: Problem}, auth=READ)
def get_handover(request: HttpRequest, handover_id: int) -> HandoverOut:
    """One handover."""
    return _one(request, handover_id)


@router.post("/handovers/{int:handover_id}/acceptance", response=ANSWERS, auth=WRITE)
def accept(request: HttpRequest, handover_id: int) -> Answer:
    """Accept a lead."""
    return _done(request, handover_id, commands.accept)


@router.delete("/handovers/{int:handover_id}/acceptance", response=ANSWERS, auth=WRITE)
def undo_acceptance(request: HttpRequest, handover_id: int) -> Answer:
    """Take an acceptance back: within ten seconds, and before the buyer was reached."""
    return _done(request, handover_id, commands.undo_acceptance)


@router.post("/handovers/{int:handover_id}/return", response=ANSWERS, auth=WRITE)
def return_lead(request: HttpRequest, handover_id: int, body: ReturnIn) -> Answer:
    """Give a lead back to marketing with a coded reason."""
    return _done(request, handover_id, partial(commands.return_lead, **body.dict()))


@router.post("/handovers/{int:handover_id}/owner", response=ANSWERS, auth=WRITE)
def hand_on(request: HttpRequest, handover_id: int, body: OwnerIn) -> Answer:
    """Hand an offered lead on to a colleague."""
    return _done(request, handover_id, partial(commands.hand_on, to=body.to, cause=body.cause))


def _done(request: HttpRequest, handover_id: int, verb: Callable[..., None]) -> Answer:
    """Let a verb act on what the key's owner sees; a refusal is an answer."""
    _one(request, handover_id)
    try:
        verb(handover_id, at=timezone.now(), by=request.user.pk)
    except Refused as error:
        status = STATUS.get(error.why, 409 if error.why in CONFLICTS else 422)
        return status, Problem(detail=wording.said(wording.REFUSALS, error.why), code=error.why.value)
    return 200, _one(request, handover_id)


def _one(request: HttpRequest, handover_id: int) -> HandoverOut:
    if handover_id > LARGEST_ID:
        raise Http404
    rows = queries.table_rows(queries.table(_user(request)).filter(pk=handover_id))
    if not rows:
        raise Http404
    return _out(rows[0])


def _out(row: TableRow) -> HandoverOut:
    return HandoverOut(**{name: getattr(row, name) for name in HandoverOut.model_fields})


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
