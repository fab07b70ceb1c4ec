"""Calls, messages, meetings and notes: a form logs what was and asks what comes next with the open deal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from treaty.conversations import commands as conversations
from treaty.conversations import rules as spoken
from treaty.conversations.queries import refusal
from treaty.deals import commands, queries, wording
from treaty.deals.forms import (
    CallForm,
    ConversationForm,
    MeetingForm,
    MessageForm,
    NextStepForm,
    NoteForm,
    blame,
)
from treaty.deals.rules import Refused
from treaty.deals.views.editing import new_deal_address
from treaty.deals.views.records import may_edit, user_of
from treaty.kit.web import redirect_back, toast
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.staff.access import actor, needs
from treaty.staff.rules import LOG_CONVERSATIONS

Log = Callable[..., Recorded]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LOG_CONVERSATIONS)
def calls(request: HttpRequest, person_id: int) -> HttpResponse:
    """Log a call."""
    return _log(request, person_id, CallForm, conversations.log_call, "deals/log_call.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LOG_CONVERSATIONS)
def messages(request: HttpRequest, person_id: int) -> HttpResponse:
    """Log a message written by hand."""
    return _log(request, person_id, MessageForm, conversations.log_message, "deals/log_message.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LOG_CONVERSATIONS)
def meetings(request: HttpRequest, person_id: int) -> HttpResponse:
    """Log a meeting."""
    return _log(request, person_id, MeetingForm, conversations.log_meeting, "deals/log_meeting.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LOG_CONVERSATIONS)
def notes(request: HttpRequest, person_id: int) -> HttpResponse:
    """Write a note about a person."""
    return _log(request, person_id, NoteForm, _write_note, "deals/log_note.html")


def _write_note(person: int, *, text: str, goes_on: bool, at: datetime, by: int | None) -> Recorded:
    """Keep a note; `goes_on` says where the page leads afterwards."""
    return conversations.write_note(person, text=text, at=at, by=by)


def _log(
    request: HttpRequest, person_id: int, form_of: type[ConversationForm], log: Log, template: str
) -> HttpResponse:
    user = user_of(request)
    person = people.visible_persons(user).filter(pk=person_id).first()
    if person is None:
        raise Http404
    deal = queries.open_deal_of(user, person_id) if may_edit(request) else None
    form = form_of(request.POST or None)
    step = NextStepForm(request.POST or None, prefix="next", is_asked=False) if deal else None
    # Both are asked, so that all that is wrong is told at once.
    is_valid = form.is_valid() & (step is None or step.is_valid())

    lines: list[int] = []

    def log_it(**told: Any) -> None:
        lines.append(log(person_id, **told).id)
        if deal and step and step.cleaned_data["kind"]:
            commands.set_next_step(deal.id, **step.cleaned_data, at=timezone.now(), by=actor(request))

    if is_valid and _write(request, form, step, log_it):
        toast(request, form.done % {"person": person.name})
        if form.cleaned_data.get("goes_on"):
            return redirect("documents:of_note", lines[0])
        return _afterwards(request, person_id)
    shown = {"person": person, "form": form, "step": step, "deal": deal, "next": _back(request, person_id)}
    shown["may_open"] = deal is None and may_edit(request)
    return render(request, template, shown, status=422 if request.method == "POST" else 200)


def _write(
    request: HttpRequest, form: ConversationForm, step: NextStepForm | None, log_it: Callable[..., None]
) -> bool:
    """Log it and set the next step, both or neither; False puts the reason into the form."""
    now, by = timezone.now(), actor(request)
    told: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if name != "at"}
    if "minutes" in told:
        told["minutes"] = told["minutes"] or 0
    try:
        with transaction.atomic():
            log_it(**told, **form.moments(now), by=by)
    except spoken.Refused as error:
        blame(form, error.field, refusal(error))
        return False
    except Refused as error:
        blame(step or form, error.field, wording.refusal(error))
        return False
    return True


def _afterwards(request: HttpRequest, person: int) -> HttpResponse:
    if request.POST.get("then") == "deal":
        return redirect(new_deal_address(person, request.GET.get("handover", "")))
    return redirect_back(request, f"/people/{person}/")


def _back(request: HttpRequest, person: int) -> str:
    return request.POST.get("next") or request.headers.get("Referer") or f"/people/{person}/"
