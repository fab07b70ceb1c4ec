"""The pages that show deals: the board, and one deal beside it or as a page of its own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from treaty.deals import queries
from treaty.deals.cards import Drawing
from treaty.deals.forms import NextStepForm
from treaty.documents.queries import card
from treaty.kit.lists import query_text
from treaty.kit.web import is_partial
from treaty.staff import queries as staff
from treaty.staff import telling
from treaty.staff.access import actor, needs
from treaty.staff.rules import EDIT_DEALS, SEE_PEOPLE


@require_safe
@needs(SEE_PEOPLE)
def deals(request: HttpRequest) -> HttpResponse:
    """The board; with `?deal=` a deal beside it. `?view=table` leads to the table."""
    if request.GET.get("view") == "table" or request.GET.get("format") == "csv":
        query = query_text(request.GET, view=None)
        return redirect(f"{reverse('deals:table')}?{query}".rstrip("?"))
    opened = opened_id(request)
    panel = context_of(request, opened) if opened else {}
    if panel and is_partial(request):
        return render(request, "deals/panel.html", panel)
    if "column" in request.GET and is_partial(request):
        return more(request)
    owner, now = owner_asked(request), timezone.now()
    board = queries.board(user_of(request), now, owner=owner)
    drawing = Drawing(tuple(column.stage for column in board.columns), may_edit(request), now, request.GET)
    columns = [
        (column, drawing.cards(column.cards), drawing.more(column.stage, column.after))
        for column in board.columns
    ]
    shown = {"board": board, "columns": columns, "is_own": owner is not None}
    return render(request, "deals/board.html", shown | {"may_edit": drawing.may_edit, "now": now} | panel)


def more(request: HttpRequest) -> HttpResponse:
    """The next cards of a column, which take the place of what asked for them."""
    stage, after, now = request.GET["column"], request.GET.get("after", ""), timezone.now()
    found = queries.more_cards(user_of(request), stage, after, now, owner=owner_asked(request))
    if found is None:
        raise Http404
    drawing = Drawing(found.stages, may_edit(request), now, request.GET)
    return HttpResponse(drawing.cards(found.cards, is_added=True) + drawing.more(found.stage, found.after))


def owner_asked(request: HttpRequest) -> int | None:
    """The user, where only the own deals are asked for."""
    return actor(request) if request.GET.get("owner") == "me" else None


@require_safe
@needs(SEE_PEOPLE)
def deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """One deal as a page of its own. The bin has those it has."""
    try:
        shown = context_of(request, deal_id)
    except Http404:
        if queries.bin_of(user_of(request)).filter(pk=deal_id).exists():
            return redirect("deals:bins")
        raise
    return render(request, "deals/deal.html", shown)


@require_safe
@needs(SEE_PEOPLE)
def history(request: HttpRequest, deal_id: int) -> HttpResponseBase:
    """What was changed of a deal, by whom, from what to what."""
    deal = page_of(request, deal_id).deal
    if file := telling.sheet(request, user_of(request), "deal", [deal_id]):
        return file
    told = telling.history(user_of(request), "deal", [deal_id], before=telling.before(request))
    return render(request, "deals/history.html", {"deal": deal, "history": told})


def user_of(request: HttpRequest) -> staff.User:
    """The signed-in user."""
    if not isinstance(request.user, staff.User):
        raise Http404
    return request.user


def may_edit(request: HttpRequest) -> bool:
    """Whether the user may change deals."""
    return staff.may(request.user, EDIT_DEALS)


def page_of(request: HttpRequest, deal_id: int) -> queries.DealPage:
    """A deal the user sees; 404 for all others."""
    page = queries.deal_page(user_of(request), deal_id)
    if page is None:
        raise Http404
    return page


def context_of(request: HttpRequest, deal_id: int) -> dict[str, Any]:
    """What the deal's page and its panel show."""
    page = page_of(request, deal_id)
    return {
        "page": page,
        "deal": page.deal,
        "reached": reached(page),
        "documents": card(request.user, "deal", deal_id),
        "authors": staff.user_names({line.by for line in page.story}),
        "may_edit": may_edit(request),
        "step_form": NextStepForm(auto_id="step_%s"),
        "now": timezone.now(),
    }


def reached(page: queries.DealPage) -> frozenset[str]:
    """The stages a deal has behind it."""
    here = page.deal.stage
    return frozenset(one.key for one in page.stages if one.type == "open" and one.position < here.position)


def opened_id(request: HttpRequest) -> int | None:
    """The deal that `?deal=` opens beside the others."""
    opened = request.GET.get("deal", "")
    return int(opened) if opened.isdecimal() and len(opened) < 19 else None
