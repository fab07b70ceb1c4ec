"""Where a person works and worked, by hand; and what its addresses and numbers are."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit.web import toast
from treaty.people import commands, queries
from treaty.people.forms import JobForm, LabelForm
from treaty.people.views.persons import COMPANY_BINNED, back, company_id, seen
from treaty.staff.access import actor, needs, verb
from treaty.staff.rules import EDIT_PEOPLE

WRONG = {
    "order": gettext_lazy("Nothing was changed: the work ends before it begins."),
    "future": gettext_lazy("Nothing was changed: the day lies in the future."),
    "known": gettext_lazy("Nothing was changed: they work there already."),
}
UNREAD = gettext_lazy("Nothing was changed: tell the company, and days like 2026-11-19.")


@require_POST
@needs(EDIT_PEOPLE)
def work(request: HttpRequest, person: int) -> HttpResponse:
    """A person works, or worked, for a company."""
    row, form = seen(request, person), JobForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["company"]:
        toast(request, str(UNREAD), bad=True)
        return back(request, person)
    told: dict[str, Any] = {name: form.cleaned_data[name] for name in ("title", "since", "until")}
    main = not form.cleaned_data["is_beside"]
    try:
        company = company_id(request, row, form.cleaned_data["company"])
        commands.add_job(person, company=company, **told, is_main=main, at=timezone.now(), by=actor(request))
        toast(request, _("Added."))
    except commands.CompanyInBin:
        toast(request, str(COMPANY_BINNED), bad=True)
    except commands.BadWork as mistake:
        toast(request, str(WRONG[mistake.code]), bad=True)
    return back(request, person)


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def job(request: HttpRequest, person: int, job: int) -> HttpResponse:
    """Correct when and as what a person worked somewhere; deleting says that it never did."""
    seen(request, person)
    if queries.job_row(request.user, person, job) is None:
        raise Http404
    at, by, form = timezone.now(), actor(request), JobForm(request.POST)
    if verb(request) == "DELETE":
        commands.remove_job(job, at=at, by=by)
        toast(request, _("Removed."))
        return back(request, person)
    try:
        if not form.is_valid():
            raise commands.BadWork("order")
        told: dict[str, Any] = {name: form.cleaned_data[name] for name in ("title", "since", "until")}
        commands.change_job(job, **told, at=at, by=by)
        toast(request, _("Changed."))
    except commands.BadWork as mistake:
        toast(request, str(WRONG[mistake.code] if form.is_valid() else UNREAD), bad=True)
    return back(request, person)


@require_POST
@needs(EDIT_PEOPLE)
def label(request: HttpRequest, person: int, identity: int) -> HttpResponse:
    """Say what an address or number is."""
    seen(request, person)
    form = LabelForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data["label"]
        commands.label_identity(person, identity=identity, label=told, at=timezone.now(), by=actor(request))
    return back(request, person)
