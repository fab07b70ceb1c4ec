"""The settings of retention: the rules, and what each would take before it is turned on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.retention import commands, queries, wording
from treaty.retention.forms import MonthsForm
from treaty.retention.rules import Kind
from treaty.staff.access import actor, caller, needs
from treaty.staff.rules import ALL, FORGET_PEOPLE

View = Callable[..., HttpResponseBase]
USUAL = {Kind.TEXTS: 36, Kind.PERSONS: 24, Kind.FILES: 120}
"""Months that the forms begin with."""


def forgets(view: View) -> View:
    """Only for those who may forget persons and see all records: a rule takes whoever is due."""

    @wraps(view)
    @needs(FORGET_PEOPLE)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if caller(request).role.visibility != ALL:
            raise PermissionDenied(FORGET_PEOPLE)
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@forgets
def retention(request: HttpRequest) -> HttpResponseBase:
    """All rules, on and off, and what was taken lately."""
    heads = [_("When"), _("Rule"), _("Months"), _("Taken")]
    if file := spreadsheet(request, "retention", heads, map(flat, queries.every_run())):
        return file
    on = queries.rules()
    rows = [
        {
            "kind": kind.value,
            "name": wording.NAMES[kind],
            "does": wording.DOES[kind],
            "keeps": wording.keeps(kind, on[kind].months) if kind in on else "",
            "since": on[kind].since if kind in on else None,
            "form": MonthsForm(
                kind=kind.value, initial={"months": on[kind].months if kind in on else USUAL[kind]}
            ),
        }
        for kind in Kind
    ]
    runs = [(run, wording.NAMES[Kind(run.kind)]) for run in queries.runs()]
    return render(request, "retention/retention.html", {"rows": rows, "runs": runs})


def flat(run: queries.RunRow) -> list[object]:
    """What a rule took as a spreadsheet has it."""
    return [run.at, wording.NAMES[Kind(run.kind)], run.months, run.taken]


@require_http_methods(["GET", "HEAD", "POST"])
@forgets
def rule(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What a rule with so many months would take now; posting turns it on."""
    found, on = _kind(kind), queries.rules()
    usual = on[found].months if found in on else USUAL[found]
    asked = request.POST if request.method == "POST" else {"months": str(usual)} | request.GET.dict()
    form = MonthsForm(asked, kind=kind)
    if not form.is_valid():
        told = {"kind": kind, "name": wording.NAMES[found], "form": form}
        return render(request, "retention/rule.html", told, status=422)
    months = form.cleaned_data["months"]
    if request.method == "POST":
        commands.set_rule(found, months=months, at=timezone.now(), by=actor(request))
        toast(request, _("The rule is on; it is kept every night."))
        return redirect("retention:retention")
    if file := taken_sheet(request, found, months):
        return file
    now = queries.preview(found, months, at=timezone.now())
    context = {
        "kind": kind,
        "name": wording.NAMES[found],
        "does": wording.DOES[found],
        "form": form,
        "months": months,
        "says": wording.would_take(found, now.count, is_more=now.is_more),
        "is_on": found in on and on[found].months == months,
        "persons": queries.persons_listed(now.first) if found is Kind.PERSONS else [],
        "texts": queries.texts_listed(now.first) if found is Kind.TEXTS else [],
        "documents": queries.documents_listed(now.first) if found is Kind.FILES else [],
        "is_cut": now.count > len(now.first),
        "listed": len(now.first),
    }
    return render(request, "retention/rule.html", context)


def taken_sheet(request: HttpRequest, kind: Kind, months: int) -> StreamingHttpResponse | None:
    """All that a rule would take as CSV where the page's address asks for it, else nothing."""
    if kind is Kind.PERSONS:
        heads = [_("Name"), _("Mail"), _("Added")]
    else:
        heads = [_("About"), _("When"), _("Document") if kind is Kind.FILES else _("Text")]
    portions = queries.everything(kind, months, at=timezone.now())
    rows = (row for ids in portions for row in flat_portion(kind, ids))
    return spreadsheet(request, f"retention-{kind}", heads, rows)


def flat_portion(kind: Kind, ids: list[int]) -> list[list[object]]:
    """What a rule would take of these ids, as a spreadsheet has it."""
    if kind is Kind.PERSONS:
        return [[one.name, one.email, one.created_at] for one in queries.persons_listed(ids)]
    listed = queries.texts_listed if kind is Kind.TEXTS else queries.documents_listed
    return [[one.name, one.at, one.text] for one in listed(ids)]


@require_POST
@forgets
def ending(request: HttpRequest, kind: str) -> HttpResponse:
    """The rule is off from now on; what it took does not come back."""
    if commands.end_rule(_kind(kind), at=timezone.now(), by=actor(request)):
        toast(request, _("The rule is off."))
    return redirect("retention:retention")


def _kind(kind: str) -> Kind:
    if kind not in {one.value for one in Kind}:
        raise Http404
    return Kind(kind)
