"""Putting a company into the bin, the page that shows which lie there, and bringing them back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit import bulk
from treaty.kit.lists import Action, Column, Contains, Empty, ListPage
from treaty.kit.markup import bdi
from treaty.kit.web import toast
from treaty.people import commands, queries
from treaty.people.rules import KEPT_FOR, fold
from treaty.people.views.bin import binners
from treaty.people.views.lists import day_cell
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def company_bin(request: HttpRequest, company: int) -> HttpResponse:
    """Put a company into the bin; deleting that brings the company back."""
    at, by = timezone.now(), actor(request)
    if verb(request) == "DELETE":
        binned = get_object_or_404(queries.company_bin_of(request.user), pk=company)
        commands.restore_companies([binned.pk], at=at, by=by)
        toast(request, _("%(company)s is back.") % {"company": binned.company.name})
        return redirect("people:company", company)
    row = get_object_or_404(queries.visible_companies(request.user), pk=company)
    commands.bin_companies([row.pk], at=at, by=by)
    text = _("%(company)s is in the bin.") % {"company": row.name}
    toast(request, text, reverse("people:company_bin", args=[company]), "DELETE")
    return redirect("people:companies")


def name_cell(row: Any, _value: object) -> SafeString:
    """The name, which leads nowhere: the company has no page now."""
    return bdi(row.company.name)


COLUMNS: list[Column[Any]] = [
    Column("name", gettext_lazy("Name"), lambda row: row.company.name, sort="company__folded", main=True, draw=name_cell),
    Column("sector", gettext_lazy("Sector"), lambda row: row.company.sector),
    Column("binned", gettext_lazy("Put here"), lambda row: row.at, sort="at", align="end", draw=day_cell),
    Column("binner", gettext_lazy("By"), values=binners),
    Column("gone", gettext_lazy("Gone for good"), lambda row: row.at + KEPT_FOR, align="end", draw=day_cell),
]  # fmt: skip


def bin_list(request: HttpRequest) -> ListPage[Any]:
    """The companies in the bin, as far as this user would see them outside of it."""
    may_edit = may(request.user, EDIT_PEOPLE)
    back = Action(gettext_lazy("Bring back"), "/companies/bin/bulk/company_bin.restore")
    return ListPage(
        rows=queries.company_bin_of(request.user),
        columns=COLUMNS,
        order="-binned",
        search=Contains("q", gettext_lazy("Find by name"), ["company__folded"], fold=fold),
        filters=[],
        template="people/company_bin.html",
        name="company_bin",
        caption=gettext_lazy("Companies in the bin"),
        called=lambda row: row.company.name,
        empty=Empty(
            gettext_lazy("No company is in the bin"),
            gettext_lazy(
                "Companies that somebody deletes lie here for 30 days and can be brought back."
                " Their persons and deals stay."
            ),
        ),
        may_export=may(request.user, EXPORT),
        actions=[back] if may_edit else (),
    )


@require_safe
@needs(SEE_PEOPLE)
def company_bin_page(request: HttpRequest) -> HttpResponseBase:
    """The bin of companies."""
    return bin_list(request).response(request)


@require_POST
@needs(EDIT_PEOPLE)
def company_bin_bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked companies of the bin, or to all that match."""
    return bulk.begin(request, bin_list(request), verb)
