"""Conversations over REST: calls, messages, meetings and notes with a person are written down."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from treaty.conversations import commands, queries
from treaty.conversations.rules import CallOutcome, MeetingOutcome, Refused, Way
from treaty.kit.rest import ACTS, WRITES, Id, Moment, wrong
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.staff.access import Key, actor
from treaty.staff.rules import LOG_CONVERSATIONS

router = Router(tags=["conversations"])
WRITE = Key("conversations:write", LOG_CONVERSATIONS)


class SaidOut(Schema):
    """What was written down."""

    id: int
    kind: str
    person_id: int
    occurred_at: datetime


class Said(Schema):
    """When it was, now where that is left out, and what was said."""

    model_config = {"extra": "forbid"}
    at: Moment | None = Field(None, description="With a time zone; not in the future.")
    note: str = Field("", max_length=20_000)


class CallIn(Said):
    """A call."""

    outcome: CallOutcome
    minutes: int = Field(0, ge=0, le=commands.LONGEST, strict=True)
    answered_callback: bool = Field(False, description="The person had asked to be called back.", strict=True)


class MessageIn(Said):
    """A message written by hand."""

    way: Way
    is_answer: bool = Field(False, description="It answers what the person wrote.", strict=True)


class MeetingIn(Said):
    """A meeting that was held."""

    outcome: MeetingOutcome
    minutes: int = Field(0, ge=0, le=commands.LONGEST, strict=True)


class NoteIn(Schema):
    """Something to remember."""

    model_config = {"extra": "forbid"}
    text: str = Field(min_length=1, max_length=20_000)


DONE = {201: SaidOut, **WRITES}


@router.post("/persons/{person}/calls", response=DONE, auth=WRITE, summary="Log a call")
def log_call(request: HttpRequest, person: Id, call: CallIn) -> Status[SaidOut]:
    """Write down a call to a person the key's owner sees; 409 where the person wants no calls."""
    told = call.dict(exclude={"at"})
    return said(request, person, lambda times: commands.log_call(person, **told, **times), call.at)


@router.post("/persons/{person}/messages", response=DONE, auth=WRITE, summary="Log a message")
def log_message(request: HttpRequest, person: Id, message: MessageIn) -> Status[SaidOut]:
    """Write down a message to a person the key's owner sees; 409 where the person wants none."""
    told = message.dict(exclude={"at"})
    return said(request, person, lambda times: commands.log_message(person, **told, **times), message.at)


@router.post("/persons/{person}/meetings", response=DONE, auth=WRITE, summary="Log a meeting")
def log_meeting(request: HttpRequest, person: Id, meeting: MeetingIn) -> Status[SaidOut]:
    """Write down a meeting with a person the key's owner sees."""
    told = meeting.dict(exclude={"at"})
    return said(request, person, lambda times: commands.log_meeting(person, **told, **times), meeting.at)


@router.post("/persons/{person}/notes", response=DONE, auth=WRITE, summary="Write a note")
def write_note(request: HttpRequest, person: Id, note: NoteIn) -> Status[SaidOut]:
    """Write down something about a person the key's owner sees."""

    def write(times: dict[str, Any]) -> Recorded:
        return commands.write_note(person, text=note.text, at=times["at"], by=times["by"])

    return said(request, person, write, None)


@router.delete("/notes/{note}", response={204: None, **ACTS}, auth=WRITE, summary="Put a note into the bin")
def bin_note(request: HttpRequest, note: Id) -> Status[None]:
    """The note leaves timelines and searches, and its words go after 30 days unless it is restored before."""
    if queries.note_of(request.user, note) is None:
        raise Http404
    commands.bin_notes([note], at=timezone.now(), by=actor(request))
    return Status(204, None)


@router.post(
    "/notes/{binned_note}/restoration",
    response={204: None, **ACTS},
    auth=WRITE,
    summary="Bring a note back from the bin",
)
def restore_note(request: HttpRequest, binned_note: Id) -> Status[None]:
    """It stands where it stood; 404 where the note is not in the bin."""
    row = get_object_or_404(queries.note_bin_of(request.user), pk=binned_note)
    commands.restore_notes([row.pk], at=timezone.now(), by=actor(request))
    return Status(204, None)


def said(
    request: HttpRequest, person: int, write: Callable[[dict[str, Any]], Recorded], at: datetime | None
) -> Status[SaidOut]:
    """What a verb wrote down about somebody the key's owner sees; 422 or 409 where it was refused."""
    if not people.visible_persons(request.user).filter(pk=person).exists():
        raise Http404
    now = timezone.now()
    try:
        line = write({"at": at or now, "by": actor(request), "recorded_at": now})
    except Refused as refused:
        if refused.code.startswith("refuses_"):
            raise HttpError(409, queries.refusal(refused)) from None
        raise wrong(refused.field, queries.refusal(refused)) from None
    return Status(201, SaidOut(id=line.id, kind=line.kind, person_id=person, occurred_at=line.occurred_at))
