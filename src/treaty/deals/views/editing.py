"""Deals begin and are changed: a form as a page of its own."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from treaty.deals import commands, queries, wording
from treaty.deals.forms import DealForm, NewDealForm, blame
from treaty.deals.rules import DealDraft, Refused
from treaty.deals.views.records import page_of, user_of
from treaty.fields.commands import WrongValue
from treaty.kit.web import toast
from treaty.people import queries as people
from treaty.staff.access import actor, needs
from treaty.staff.rules import EDIT_DEALS


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_DEALS)
def new(request: HttpRequest) -> HttpResponse:
    """Open a deal. `?person=`, `?company=`, `?name=` and `?handover=` fill the form in."""
    known = known_subject(request)
    form = NewDealForm(
        request.POST or None, user=user_of(request), known=known, initial=prefilled(request, known)
    )
    if form.is_valid():
        try:
            deal = commands.open_deal(
                draft_of(request, form.cleaned_data, form.told_fields()), at=timezone.now(), by=actor(request)
            )
        except Refused as error:
            blame(form, error.field, wording.refusal(error))
        except WrongValue as wrong:
            form.blame_field(wrong)
        else:
            toast(request, _("The deal is open. Say what happens next."))
            return redirect("deals:deal", deal)
    status = 422 if request.method == "POST" else 200
    title = known[1] if known else ""
    return render(request, "deals/new.html", {"form": form, "subject": title}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_DEALS)
def edit(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Change what is said of a deal."""
    deal = page_of(request, deal_id).deal
    is_sent, user = request.method == "POST", user_of(request)
    form = DealForm.of(deal, user, *((request.POST, request.FILES) if is_sent else ()))
    at, by = timezone.now(), actor(request)
    if form.is_valid() and form.take_in(at=at, by=by):
        told = ("name", "value", "close_on", "owner", "product")
        changes: Any = {name: form.cleaned_data[name] for name in told} | {"fields": form.told_fields()}
        try:
            if commands.change_deal(deal_id, at=at, by=by, **changes):
                toast(request, _("%(deal)s is changed.") % {"deal": changes["name"]})
            return redirect("deals:deal", deal_id)
        except WrongValue as wrong:
            form.blame_field(wrong)
    status = 422 if is_sent else 200
    return render(request, "deals/edit.html", {"form": form, "deal": deal}, status=status)


def known_subject(request: HttpRequest) -> tuple[str, str] | None:
    """Whom the link that led here named, if the user sees them: ("person:7", the name)."""
    user = user_of(request)
    for kind, rows in (("person", people.visible_persons(user)), ("company", people.visible_companies(user))):
        number = request.GET.get(kind, "")
        if number.isdecimal() and len(number) < 19:
            name = rows.filter(pk=int(number)).values_list("name", flat=True).first()
            if name is not None:
                return f"{kind}:{number}", name
    return None


def prefilled(request: HttpRequest, known: tuple[str, str] | None) -> dict[str, Any]:
    """What the link said, the user as owner, and as product what the person is interested in."""
    name = request.GET.get("name") or (known[1] if known else "")
    wanted = {"product": interest_of(request, known), "handover": handover_asked(request, known)}
    return {"name": name, "owner": actor(request)} | wanted


def interest_of(request: HttpRequest, known: tuple[str, str] | None) -> str:
    """What the person is interested in."""
    kind, _colon, number = known[0].partition(":") if known else ("", "", "")
    if kind != "person":
        return ""
    rows = people.visible_persons(user_of(request)).filter(pk=number)
    return rows.values_list("interest", flat=True).first() or ""


def handover_asked(request: HttpRequest, known: tuple[str, str] | None) -> str | None:
    """The handover that the link named, if it is the person's and the user sees it.

    None, too, where its deal was opened already: another deal is one of its own.
    """
    number = request.GET.get("handover", "")
    kind, _colon, person = known[0].partition(":") if known else ("", "", "")
    if kind != "person" or not number.isdecimal() or len(number) > 18:
        return None
    is_free = queries.deal_of_key(f"deal-of-handover:{number}") is None
    return number if is_free and queries.is_lead(user_of(request), int(person), int(number)) else None


def draft_of(request: HttpRequest, told: dict[str, Any], own: Mapping[str, object]) -> DealDraft:
    """The deal as the form tells it; a person brings the company."""
    kind, _colon, number = (told.get("about") or "").partition(":")
    person = int(number) if kind == "person" else None
    company = int(number) if kind == "company" else None
    if person is not None:
        rows = people.visible_persons(user_of(request)).filter(pk=person)
        company = rows.values_list("company_id", flat=True).first()
    return DealDraft(
        name=told["name"],
        person=person,
        company=company,
        owner=told["owner"],
        handover=told.get("handover"),
        value=told["value"],
        close_on=told["close_on"],
        product=told["product"],
        fields=own,
    )


def new_deal_address(person: int, handover: str = "") -> str:
    """Where a deal with a person begins, and of which handover."""
    query = {"person": str(person)} | ({"handover": handover} if handover else {})
    return f"{reverse('deals:new')}?{urlencode(query)}"
