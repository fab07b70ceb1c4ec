"""Finding: the palette's lines, and the person a new touch is logged with."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treaty.desk import queries
from treaty.desk.queries import Option
from treaty.desk.views.today import user_of
from treaty.handovers.queries import accepted_of
from treaty.kit import shell
from treaty.kit.web import page
from treaty.people import queries as people
from treaty.people.queries.standing import refusals_of
from treaty.staff.access import needs
from treaty.staff.rules import LOG_CONVERSATIONS, SEE_PEOPLE

LONGEST = 100
FOUND = 20


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """Lines that fit `q`: the lines alone for the palette, a page for whoever has no script."""
    text = request.GET.get("q", "")[:LONGEST]
    pages = shell.entries(request, (*shell.registered.nav, *shell.registered.settings))
    options = [Option(str(one.label), "", one.url, one.icon) for one in pages]
    told = {"groups": queries.groups(user_of(request), text, options), "q": text}
    return page(request, "desk/palette.html", told, partial="groups")


@require_safe
@needs(SEE_PEOPLE)
def search(request: HttpRequest) -> HttpResponse:
    """All that fits `q`, kind by kind; with `in`, a `page` of one kind."""
    text, kind = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST], request.GET.get("in", "")
    number = request.GET.get("page", "")
    asked = int(number) if number.isascii() and number.isdecimal() else 1
    found = queries.everything(user_of(request), text, kind, asked)
    whole = "?" + urlencode({"q": text})
    told = {
        "q": text,
        "found": found,
        "whole": whole,
        "previous": f"{whole}&in={kind}&page={found.page - 1}" if found.page > 1 else "",
        "next": f"{whole}&in={kind}&page={found.page + 1}" if found.has_next else "",
    }
    return page(request, "desk/search.html", told, partial="found")


@require_safe
@needs(LOG_CONVERSATIONS)
def new_touch(request: HttpRequest) -> HttpResponse:
    """Find the person one spoke with; without a search, those one looks after, the newest first."""
    user, text = user_of(request), request.GET.get("q", "").strip()[:LONGEST]
    if text:
        hits = [hit for hit in people.found(user, text, FOUND) if hit.kind == "person"]
        persons = [(hit.id, hit.title, hit.subtitle) for hit in hits]
    else:
        rows = (
            people.visible_persons(user)
            .filter(owner=user.pk)
            .select_related("company")
            .order_by("-created_at", "-id")
        )
        persons = [(row.pk, row.name, row.company.name if row.company else "") for row in rows[:FOUND]]
    ids = [id_ for id_, _name, _line in persons]
    refused, handovers = refusals_of(ids), accepted_of(user, ids) if ids else {}
    shown = [(*person, refused[person[0]], of_handover(handovers.get(person[0]))) for person in persons]
    return render(request, "desk/new_touch.html", {"persons": shown, "q": text})


def of_handover(handover: int | None) -> str:
    """What the links that may lead to a deal add: the accepted handover it would come of."""
    return f"?handover={handover}" if handover else ""
