"""The pages of webhooks: endpoints, the log of each, and one message with all its attempts."""

import json
from collections.abc import Callable
from datetime import datetime, time
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import page, redirect_back, toast
from treaty.staff.access import actor, caller, needs
from treaty.staff.rules import ALL, MANAGE_KEYS
from treaty.webhooks import commands, queries, wording
from treaty.webhooks.forms import EndpointForm, SinceForm, blame
from treaty.webhooks.queries import SHOWN, DeliveryRow, EndpointRow

View = Callable[..., HttpResponseBase]


def administers(view: View) -> View:
    """Only for those who manage keys and see all records: an endpoint hears of everybody."""

    @wraps(view)
    @needs(MANAGE_KEYS)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if caller(request).role.visibility != ALL:
            raise PermissionDenied(MANAGE_KEYS)
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@administers
def webhooks(request: HttpRequest) -> HttpResponseBase:
    """All endpoints; adding one shows its secret once, on the answer itself."""
    form, secret = EndpointForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        secret = _added(request, form)
        form = form if form.errors else EndpointForm()
    rows = queries.endpoints(timezone.now())
    heads = [_("Name"), _("Address"), _("Hears of"), _("Waiting"), _("Delivered today"), _("Failed today")]
    if file := spreadsheet(request, "webhooks", heads, map(flat, rows)):
        return file
    context = {"rows": rows, "form": form, "secret": secret}
    return page(request, "webhooks/webhooks.html", context)


def flat(row: EndpointRow) -> list[object]:
    """An endpoint as a spreadsheet has it, without its secret."""
    return [row.name, row.url, [*map(wording.fact, row.kinds)], row.waiting, row.delivered, row.failed]


def sent(row: DeliveryRow) -> list[object]:
    """A message as a spreadsheet has it."""
    outcome = wording.outcome(row.status, row.error)
    told = [wording.fact(row.kind), row.message, str(wording.STATES[row.state]), outcome]
    return [*told, row.attempts, row.milliseconds, row.created_at]


def _added(request: HttpRequest, form: EndpointForm) -> str:
    """The secret of the new endpoint; empty with the reason beside the form."""
    try:
        return commands.add_endpoint(**form.cleaned_data, at=timezone.now(), by=actor(request))[1]
    except commands.Refused as refused:
        blame(form, refused, wording.refusal(refused.code))
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@administers
def endpoint(request: HttpRequest, endpoint_id: int) -> HttpResponseBase:
    """One endpoint with its log; posting changes it."""
    row = _row(endpoint_id)
    form = EndpointForm(request.POST or None, initial={"name": row.name, "url": row.url, "kinds": row.kinds})
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_endpoint(endpoint_id, **form.cleaned_data, at=timezone.now(), by=actor(request))
        except commands.Refused as refused:
            blame(form, refused, wording.refusal(refused.code))
        else:
            toast(request, _("The endpoint is changed."))
            return redirect("webhooks:endpoint", endpoint_id)
    return _shown(request, row, form)


@never_cache
@require_POST
@administers
def secret(request: HttpRequest, endpoint_id: int) -> HttpResponseBase:
    """A new secret, shown once, on the answer itself."""
    _row(endpoint_id)
    new = commands.exchange_secret(endpoint_id, at=timezone.now(), by=actor(request))
    row = _row(endpoint_id)
    form = EndpointForm(initial={"name": row.name, "url": row.url, "kinds": row.kinds})
    return _shown(request, row, form, new)


@require_POST
@administers
def pause(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Nothing more is sent until it is resumed."""
    _row(endpoint_id)
    if commands.pause(endpoint_id, at=timezone.now(), by=actor(request)):
        toast(request, _("The endpoint is paused; what happens meanwhile is kept for it."))
    return redirect("webhooks:endpoint", endpoint_id)


@require_POST
@administers
def resumption(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """What waits is sent."""
    _row(endpoint_id)
    if commands.resume(endpoint_id, at=timezone.now(), by=actor(request)):
        toast(request, _("The endpoint is resumed; what waited is sent now."))
    return redirect("webhooks:endpoint", endpoint_id)


@require_POST
@administers
def removal(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """The endpoint is gone, and its log with it."""
    _row(endpoint_id)
    commands.remove_endpoint(endpoint_id, at=timezone.now(), by=actor(request))
    toast(request, _("The endpoint is removed."))
    return redirect("webhooks:webhooks")


@require_POST
@administers
def test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A message that tells of nothing is sent, to see whether messages arrive."""
    _row(endpoint_id)
    commands.send_test(endpoint_id, at=timezone.now(), by=actor(request))
    toast(request, _("A test message is on its way. The log shows what comes of it."))
    return redirect("webhooks:endpoint", endpoint_id)


@require_POST
@administers
def repetition(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Facts recorded since a time are sent once more."""
    _row(endpoint_id)
    form = SinceForm(request.POST)
    if form.is_valid():
        since = timezone.make_aware(datetime.combine(form.cleaned_data["since"], time()))
        commands.send_again_since(endpoint_id, since=since, at=timezone.now(), by=actor(request))
        toast(request, _("What was recorded since then is sent once more."))
    else:
        toast(request, _("Say from which day on."), bad=True)
    return redirect("webhooks:endpoint", endpoint_id)


@require_safe
@administers
def delivery(request: HttpRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """One message: what was sent, and every attempt."""
    row, found = _row(endpoint_id), queries.delivery(endpoint_id, delivery_id)
    if found is None:
        raise Http404
    message, body, attempts = found
    context = {
        "endpoint": row,
        "row": message,
        "fact": wording.fact(message.kind),
        "state": wording.STATES[message.state],
        "body": json.dumps(json.loads(body), ensure_ascii=False, indent=2),
        "attempts": [(one, wording.outcome(one.status, one.error)) for one in attempts],
    }
    return page(request, "webhooks/delivery.html", context)


@require_POST
@administers
def again(request: HttpRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """One message is sent once more."""
    _row(endpoint_id)
    if commands.send_again(endpoint_id, delivery_id, at=timezone.now(), by=actor(request)):
        toast(request, _("The message is sent once more."))
    return redirect_back(request, f"/settings/webhooks/{endpoint_id}/")


def _row(endpoint_id: int) -> EndpointRow:
    row = queries.endpoint(endpoint_id, timezone.now())
    if row is None:
        raise Http404
    return row


def _shown(
    request: HttpRequest, row: EndpointRow, form: EndpointForm, new_secret: str = ""
) -> HttpResponseBase:
    state = request.GET.get("state", "")
    state = state if state in wording.STATES else ""
    heads = [_("Fact"), _("Message"), _("State"), _("Answer"), _("Attempts"), _("Milliseconds"), _("Queued")]
    if file := spreadsheet(request, "webhook-log", heads, map(sent, queries.every_delivery(row.id, state))):
        return file
    before = request.GET.get("before", "")
    found = queries.deliveries(
        row.id, state=state, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    shown = found[:SHOWN]
    context = {
        "row": row,
        "form": form,
        "since": SinceForm(),
        "secret": new_secret,
        "pause": wording.pause(row.paused_why),
        "state": state,
        "states": wording.STATES.items(),
        "deliveries": [
            (one, wording.fact(one.kind), wording.STATES[one.state], wording.outcome(one.status, one.error))
            for one in shown
        ],
        "more": f"?state={state}&before={shown[-1].id}" if len(found) > SHOWN else "",
        "now": timezone.now(),
    }
    return page(request, "webhooks/endpoint.html", context)
