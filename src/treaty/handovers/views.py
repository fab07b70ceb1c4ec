"""The pages of handovers: board and table, one handover, accepting, returning, handing on."""

from datetime import date, datetime, time

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.deals.queries import open_deal_of
from treaty.handovers import commands, queries, wording
from treaty.handovers.cards import Drawing
from treaty.handovers.forms import HandOnForm, ReturnForm
from treaty.handovers.queries import HandoverPage
from treaty.handovers.tables import handover_table
from treaty.kit.bulk import begin
from treaty.kit.lists import query_text
from treaty.kit.web import is_partial, page, redirect_back, swap_back, toast
from treaty.staff import queries as staff
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import Colleague, User
from treaty.staff.rules import BOTH, DECIDE_HANDOVERS, EDIT_DEALS, SALES, SEE_PEOPLE


def signed_in(request: HttpRequest) -> User:
    """Whoever asks; the middleware lets nobody else come here."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@require_safe
@needs(SEE_PEOPLE)
def handovers(request: HttpRequest) -> HttpResponseBase:
    """All handovers one sees, as a board; `?view=table` leads to the table."""
    if request.GET.get("view") == "table":
        query = query_text(request.GET, view=None)
        return redirect(f"{reverse('handovers:table')}?{query}".rstrip("?"))
    if "column" in request.GET and is_partial(request):
        return more(request, request.GET["column"])
    board, drawing = queries.board(signed_in(request), timezone.now()), Drawing(request)
    columns = [
        (
            wording.said(wording.STATES, column.key),
            column,
            drawing.cards(column.key, column.cards),
            drawing.more(column.key, column.after),
        )
        for column in board.columns
    ]
    return page(request, "handovers/board.html", {"board": board, "columns": columns})


def more(request: HttpRequest, column: str) -> HttpResponse:
    """The next cards of a column, which take the place of what asked for them."""
    found = queries.more_cards(signed_in(request), column, request.GET.get("after", ""), timezone.now())
    if found is None:
        raise Http404
    drawing = Drawing(request)
    return HttpResponse(drawing.cards(column, found.cards, is_added=True) + drawing.more(column, found.after))


@require_safe
@needs(SEE_PEOPLE)
def table(request: HttpRequest) -> HttpResponseBase:
    """The same handovers as a table, with filters, sorting and CSV."""
    return handover_table(signed_in(request)).response(request)


@require_POST
@needs(DECIDE_HANDOVERS)
def bulk(request: HttpRequest, verb: str) -> HttpResponseBase:
    """Do a verb to the ticked handovers, or to all that match."""
    return begin(request, handover_table(signed_in(request)), verb)


@require_safe
@needs(SEE_PEOPLE)
def handover(request: HttpRequest, handover_id: int) -> HttpResponseBase:
    """One handover: a page, or the record beside its list."""
    return shown(request, found(request, handover_id))


@require_http_methods(["POST", "DELETE"])
@needs(DECIDE_HANDOVERS)
def acceptance(request: HttpRequest, handover_id: int) -> HttpResponseBase:
    """Accept a lead; DELETE takes that back."""
    seen = found(request, handover_id)
    if verb(request) == "DELETE":
        return taken_back(request, seen)
    try:
        commands.accept(handover_id, at=timezone.now(), by=actor(request))
    except commands.Refused as refused:
        return refusal(request, seen, refused)
    undo = reverse("handovers:acceptance", args=[handover_id])
    toast(request, _("%(person)s is your lead now.") % {"person": seen.card.person}, undo, "DELETE")
    return swap_back(request, seen.card.url)


def taken_back(request: HttpRequest, seen: HandoverPage) -> HttpResponseBase:
    """The acceptance is undone."""
    try:
        commands.undo_acceptance(seen.card.id, at=timezone.now(), by=actor(request))
    except commands.Refused as refused:
        return refusal(request, seen, refused)
    toast(request, _("%(person)s is offered again, as before.") % {"person": seen.card.person})
    if "X-Undo" in request.headers:
        return HttpResponse(status=204)  # a redirect would be followed by another DELETE
    return redirect_back(request, seen.card.url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DECIDE_HANDOVERS)
def return_page(request: HttpRequest, handover_id: int) -> HttpResponseBase:
    """A small screen: the reason, what it demands, and what becomes of the person."""
    seen = found(request, handover_id)
    form = ReturnForm(request.POST or None, page=seen, initial={"reason": seen.reasons[0].code})
    if request.method == "POST" and form.is_valid():
        try:
            returned(request, handover_id, form)
        except commands.Refused as refused:
            form.add_error(None, wording.said(wording.REFUSALS, refused.why))
        else:
            toast(request, _("%(person)s went back to marketing.") % {"person": seen.card.person})
            return redirect_back(request, reverse("handovers:handovers"))
    came_from = request.POST.get("next") or request.GET.get("next") or request.headers.get("Referer", "")
    told = {
        "seen": seen,
        "form": form,
        "next": came_from,
        "note_needed": wording.needed_for([one.label for one in seen.reasons if one.demands.note]),
        "date_refused": wording.not_with([one.label for one in seen.reasons if not one.demands.date]),
        "identity_needed": wording.needed_for([one.label for one in seen.reasons if one.demands.identity]),
    }
    return render(request, "handovers/return.html", told, status=422 if form.errors else 200)


def returned(request: HttpRequest, handover_id: int, form: ReturnForm) -> None:
    """Give the command what the form holds."""
    values = form.cleaned_data
    commands.return_lead(
        handover_id,
        reason=values["reason"],
        note=values["note"],
        hold_until=morning_of(values["hold_until"]),
        identity=values["identity"],
        at=timezone.now(),
        by=actor(request),
    )


def morning_of(day: date | None) -> datetime | None:
    """The beginning of a day in the zone of the page."""
    return None if day is None else timezone.make_aware(datetime.combine(day, time()))


@require_POST
@needs(DECIDE_HANDOVERS)
def owner(request: HttpRequest, handover_id: int) -> HttpResponseBase:
    """Hand a lead on to a colleague."""
    seen = found(request, handover_id)
    form = HandOnForm(request.POST, colleagues=colleagues(seen))
    if not form.is_valid():
        return refusal(request, seen, commands.Refused(commands.Why.UNKNOWN_COLLEAGUE))
    try:
        commands.hand_on(handover_id, **form.cleaned_data, at=timezone.now(), by=actor(request))
    except commands.Refused as refused:
        return refusal(request, seen, refused)
    names = staff.user_names([form.cleaned_data["to"]])
    toast(request, _("Handed on to %(name)s.") % {"name": names.get(form.cleaned_data["to"], "")})
    return redirect_back(request, reverse("handovers:handovers"))


def colleagues(seen: HandoverPage) -> list[Colleague]:
    """Whom the lead can be handed on to, those of its team first."""
    sellers = [
        one for one in staff.colleagues() if one.side in {SALES, BOTH} and one.id != seen.card.owner_id
    ]
    return sorted(sellers, key=lambda one: (one.team_id != seen.team, one.name))


def found(request: HttpRequest, handover_id: int) -> HandoverPage:
    """The handover, if whoever asks sees it."""
    seen = queries.handover_page(signed_in(request), handover_id, timezone.now())
    if seen is None:
        raise Http404
    return seen


def shown(
    request: HttpRequest, seen: HandoverPage, *, refused: str = "", status: int = 200
) -> HttpResponseBase:
    """The record: beside its list when a script asks, else as a page."""
    user = signed_in(request)
    may_open = staff.may(user, EDIT_DEALS) and seen.card.state == "accepted" and seen.card.may_decide
    told = {
        "seen": seen,
        "card": seen.card,
        "refused": refused,
        "state": wording.said(wording.STATES, seen.column),
        "hand_on": HandOnForm(colleagues=colleagues(seen)) if seen.card.may_decide else None,
        "may_open_deal": may_open,
        "deal": open_deal_of(user, seen.card.person_id) if may_open else None,
    }
    template = "handovers/panel.html" if is_beside(request) else "handovers/handover.html"
    response = page(request, template, told, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def is_beside(request: HttpRequest) -> bool:
    """Whether a script wants the record beside its list: it names the panel, or the link that asked."""
    if request.headers.get("HX-Request") != "true":
        return False
    asked_for = request.headers.get("HX-Target", "")
    return asked_for.rpartition("#")[2] == "panel" or asked_for.partition("#")[0] == "a"


def refusal(request: HttpRequest, seen: HandoverPage, refused: commands.Refused) -> HttpResponseBase:
    """Why nothing was done: as a toast for a script, else on the record."""
    sentence = wording.said(wording.REFUSALS, refused.why)
    status = 403 if refused.why is commands.Why.NOT_YOURS else 409
    if is_partial(request):
        toast(request, sentence, bad=True)
        return swap_back(request, seen.card.url)
    return shown(request, seen, refused=sentence, status=status)
