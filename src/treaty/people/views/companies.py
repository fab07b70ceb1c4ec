"""The list of companies, a company's page, and its forms."""

from collections.abc import Sequence
from functools import cache, partial
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.documents.queries import card
from treaty.fields.commands import WrongValue
from treaty.fields.queries import listed
from treaty.kit import bulk, changing
from treaty.kit.lists import Action, Column, Contains, DateRange, Edit, Empty, ListPage
from treaty.kit.markup import text
from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.people import commands, queries
from treaty.people.forms import CompanyEditForm, CompanyForm, owners
from treaty.people.queries.leads import stage_label
from treaty.people.rules import CompanyDraft, Outcome, fold
from treaty.people.templatetags.people import country_name
from treaty.people.views.asking import of_companies
from treaty.people.views.lists import Names, day_cell, owner_edit, owner_filter, owner_names, working
from treaty.people.views.orders import by_number, by_owner, by_text
from treaty.staff.access import actor, needs
from treaty.staff.queries import colleague_names, everybody, may
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE


def country_cell(_row: Any, code: str | None) -> SafeString:
    """What the country is called."""
    return SafeString(text(country_name(code or "")))


COLUMNS: list[Column[Any]] = [
    Column("name", gettext_lazy("Name"), sort="folded", main=True),
    Column("sector", gettext_lazy("Sector"), orders=partial(by_text, "sector"), edit=Edit(attrgetter("sector"))),
    Column("employees", gettext_lazy("Employees"), orders=partial(by_number, "employees"), align="end",
           edit=Edit(attrgetter("employees"), "number")),
    Column("city", gettext_lazy("City"), orders=partial(by_text, "city"), edit=Edit(attrgetter("city"))),
    Column("country", gettext_lazy("Country"), orders=partial(by_text, "country"), draw=country_cell),
    Column("owner", gettext_lazy("Owner"), values=owner_names, orders=by_owner, edit=owner_edit(colleague_names)),
    Column("added", gettext_lazy("Added"), lambda row: row.created_at, sort="created_at", align="end",
           draw=day_cell),
    Column("domain", gettext_lazy("Web domain"), in_table=False, edit=Edit(attrgetter("domain"))),
    Column("founded", gettext_lazy("Founded in"), align="end", in_table=False, edit=Edit(attrgetter("founded"), "number")),
]  # fmt: skip


def company_list(request: HttpRequest) -> ListPage[Any]:
    """The list of companies as this user may see it."""
    known = cache(everybody)
    may_edit, owner = may(request.user, EDIT_PEOPLE), owner_filter(request.user, known)
    empty = Empty(
        gettext_lazy("No company is here yet"),
        gettext_lazy(
            "Companies stand here as soon as a person works for one, an import brings them, or somebody adds one."
        ),
        "/companies/new" if may_edit else "",
        gettext_lazy("Add a company"),
    )
    own = listed("company", request.user)
    shown = [*COLUMNS, *own.columns]
    return ListPage(
        rows=queries.visible_companies(request.user),
        columns=shown,
        order="-added",
        search=Contains("q", gettext_lazy("Find by name"), ["folded"], fold=fold),
        filters=[
            Contains("sector", gettext_lazy("Sector"), ["sector"], fold=str),
            owner,
            DateRange("added", gettext_lazy("Added"), "created_at"),
        ],
        fields=[*of_companies(owner), *own.fields],
        arranges=True,
        cells_url="/companies/bulk/companies.cells" if may_edit else "",
        template="people/companies.html",
        name="companies",
        caption=gettext_lazy("Companies"),
        empty=empty,
        open=lambda row: f"/companies/{row.pk}/",
        may_export=may(request.user, EXPORT),
        context={"may_edit": may_edit},
        actions=actions(partial(working, known), shown) if may_edit else (),
    )


def actions(names: Names, shown: Sequence[Column[Any]]) -> list[Action]:
    """What can be done with the ticked companies."""
    given = {"owners": lambda: owners(names)}
    return [
        Action(
            gettext_lazy("Give to owner"), "/companies/bulk/companies.owner", "people/bulk_owner.html", given
        ),
        changing.action(shown, "/companies/bulk/companies.change"),
        Action(gettext_lazy("Put into the bin"), "/companies/bulk/companies.bin"),
    ]


@require_safe
@needs(SEE_PEOPLE)
def companies(request: HttpRequest) -> HttpResponseBase:
    """The list of companies."""
    return company_list(request).response(request)


@require_POST
@needs(EDIT_PEOPLE)
def companies_bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked companies, or to all that match."""
    return bulk.begin(request, company_list(request), verb)


@require_safe
@needs(SEE_PEOPLE)
def company(request: HttpRequest, company: int) -> HttpResponseBase:
    """One company, with its people."""
    page = queries.company_page(request.user, company)
    if page is None:
        if queries.company_bin_of(request.user).filter(pk=company).exists():
            return redirect("people:company_bins")
        raise Http404
    heads = [_("Name"), _("Job title"), _("Stage")]
    if file := spreadsheet(
        request, "company-people", heads, map(flat, queries.working_at(request.user, company))
    ):
        return file
    context = {
        "page": page,
        "may_edit": may(request.user, EDIT_PEOPLE),
        "documents": card(request.user, "company", company),
    }
    return render(request, "people/company.html", context)


def flat(person: Any) -> list[object]:
    """One of a company's people as a spreadsheet has it."""
    return [person.name, person.title, stage_label(person.stage)]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def company_new(request: HttpRequest) -> HttpResponse:
    """Add a company by hand; one of the same name is met instead."""
    form = CompanyForm(request.POST or None, initial={"owner_id": request.user.pk}, user=request.user)
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.usual().items() if name != "owner_id"}
        draft = CompanyDraft(**told, fields=form.told_fields())
        visible = queries.visible_companies(request.user)
        try:
            added = commands.add_company(
                draft,
                at=timezone.now(),
                by=actor(request),
                owner_if_new=form.cleaned_data["owner_id"],
                may_enrich=lambda known: visible.filter(pk=known).exists(),
            )
            is_new = added.outcome is Outcome.NEW
            new, known = _("The company was added."), _("It was known already; what you told was added.")
            toast(request, new if is_new else known)
            return redirect("people:company", added.company_id)
        except commands.CompanyInBin:
            form.add_error("name", _("A company of this name is in the bin. Bring it back instead."))
        except commands.CompanyTaken:
            form.add_error(
                "name",
                _("A company of this name is looked after by somebody else. Ask the head of your team."),
            )
        except WrongValue as wrong:
            form.blame_field(wrong)
    return render(request, "people/company_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_PEOPLE)
def company_edit(request: HttpRequest, company: int) -> HttpResponse:
    """Correct what a company is."""
    row = get_object_or_404(queries.visible_companies(request.user), pk=company)
    initial = {name: getattr(row, name) for name in CompanyForm.base_fields}
    form = CompanyEditForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        user=request.user,
        one=company,
        parent=row.parent_id,
    )
    at, by = timezone.now(), actor(request)
    if request.method == "POST" and form.is_valid() and form.take_in(at=at, by=by):
        told, own = form.usual(), form.told_fields()
        try:
            commands.change_company(company, changes=told, own=own, at=at, by=by)
            toast(request, _("The company was changed."))
            return redirect("people:company", company)
        except WrongValue as wrong:
            form.blame_field(wrong)
        except commands.BadParent as bad:
            form.blame_parent(bad)
    status = 422 if form.errors else 200
    return render(request, "people/company_form.html", {"form": form, "company": row}, status=status)
