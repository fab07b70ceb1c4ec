"""Deals on their road: each move is posted, answered with a toast that takes it back, and leads back to where one was."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from treaty.deals import commands, wording
from treaty.deals.forms import LossForm, NextStepForm, WinForm, blame
from treaty.deals.queries import DealRow
from treaty.deals.rules import Refused
from treaty.deals.views.records import page_of
from treaty.kit.web import redirect_back, toast
from treaty.ledger.queries import Recorded
from treaty.staff.access import actor, needs
from treaty.staff.rules import EDIT_DEALS


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_DEALS)
def stage(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Put a deal into the stage posted; DELETE takes the move `?was=` back."""
    if request.method == "DELETE":
        return undo(request, deal_id)
    deal = page_of(request, deal_id).deal
    to, reason = request.POST.get("stage", ""), request.POST.get("reason", "")
    if to not in wording.STAGES:
        return refused(request, deal, _("There is no such stage."))

    def move() -> Recorded | None:
        return commands.move_deal(deal_id, stage=to, at=timezone.now(), by=actor(request), reason=reason)

    names = {"deal": deal.name, "stage": wording.stage_name(to)}
    return moved(request, deal, move, _("%(deal)s moved to %(stage)s.") % names)


@require_POST
@needs(EDIT_DEALS)
def undo(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Take a move back, unless the deal moved on since."""
    deal, was = page_of(request, deal_id).deal, request.GET.get("was", "")
    try:
        commands.undo_move(
            deal_id, was=int(was) if was.isdecimal() else 0, at=timezone.now(), by=actor(request)
        )
    except Refused as error:
        return refused(request, deal, wording.refusal(error))
    toast(request, _("%(deal)s stands where it stood before.") % {"deal": deal.name})
    return redirect_back(request, address(deal))


@require_POST
@needs(EDIT_DEALS)
def reopening(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Take the end of a deal back."""
    deal = page_of(request, deal_id).deal

    def reopen() -> Recorded:
        return commands.reopen(deal_id, at=timezone.now(), by=actor(request))

    return moved(request, deal, reopen, _("%(deal)s is open again.") % {"deal": deal.name})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_DEALS)
def win(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Win a deal: at which value, and why they bought."""
    deal = page_of(request, deal_id).deal
    known = {"amount": deal.value.amount, "currency": deal.value.currency} if deal.value is not None else {}
    form = WinForm(request.POST or None, initial=known)
    if form.is_valid():
        value, reason = form.cleaned_data["value"], form.cleaned_data["reason"]

        def close() -> Recorded:
            return commands.win(deal_id, at=timezone.now(), by=actor(request), value=value, reason=reason)

        return moved(request, deal, close, _("%(deal)s is won.") % {"deal": deal.name})
    return ask(request, "deals/win.html", deal, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_DEALS)
def loss(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Lose a deal: why."""
    deal = page_of(request, deal_id).deal
    form = LossForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]

        def close() -> Recorded:
            return commands.lose(deal_id, reason=reason, at=timezone.now(), by=actor(request))

        return moved(request, deal, close, _("%(deal)s is lost.") % {"deal": deal.name})
    return ask(request, "deals/loss.html", deal, form)


@require_POST
@needs(EDIT_DEALS)
def next_step(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say what happens next; a wrong answer shows the form again."""
    deal = page_of(request, deal_id).deal
    form = NextStepForm(request.POST, auto_id="step_%s")
    if form.is_valid():
        try:
            commands.set_next_step(deal_id, **form.cleaned_data, at=timezone.now(), by=actor(request))
        except Refused as error:
            blame(form, error.field, wording.refusal(error))
    if form.errors:
        return ask(request, "deals/next_step.html", deal, form)
    toast(request, _("The next step with %(deal)s is set.") % {"deal": deal.name})
    return redirect_back(request, address(deal))


@require_POST
@needs(EDIT_DEALS)
def next_step_done(request: HttpRequest, deal_id: int) -> HttpResponse:
    """The next step is done; the page then asks for the one after."""
    deal = page_of(request, deal_id).deal
    if commands.finish_next_step(deal_id, at=timezone.now(), by=actor(request)):
        toast(request, _("Done. What happens next with %(deal)s?") % {"deal": deal.name})
    return redirect_back(request, address(deal))


def moved(
    request: HttpRequest, deal: DealRow, move: Callable[[], Recorded | None], text: str
) -> HttpResponse:
    """Make the move and offer to take it back; or say why it was refused."""
    try:
        with transaction.atomic():
            line = move()
    except Refused as error:
        return refused(request, deal, wording.refusal(error))
    if line is not None:
        toast(request, text, undo_url=f"{reverse('deals:undo', args=[deal.id])}?was={line.id}")
    return redirect_back(request, address(deal))


def refused(request: HttpRequest, deal: DealRow, text: str) -> HttpResponse:
    """Say why, where one was."""
    toast(request, text, bad=True)
    return redirect_back(request, address(deal))


def ask(request: HttpRequest, template: str, deal: DealRow, form: object) -> HttpResponse:
    """A form as a page of its own that afterwards leads back to where one came from."""
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"deal": deal, "form": form, "next": back(request, deal)}, status=status)


def back(request: HttpRequest, deal: DealRow) -> str:
    """Where one came from, as the form carries it along; checked when it is used."""
    return request.POST.get("next") or request.headers.get("Referer") or address(deal)


def address(deal: DealRow) -> str:
    """The deal's own page."""
    return reverse("deals:deal", args=[deal.id])
