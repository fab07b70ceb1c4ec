"""The settings of the company and its teams."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.staff import commands, queries, wording
from treaty.staff.access import actor, needs
from treaty.staff.forms import CompanyForm, TeamForm, blame
from treaty.staff.rules import MANAGE_STAFF


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_STAFF)
def team_list(request: HttpRequest) -> HttpResponseBase:
    """The company and its teams; a new team."""
    heads = [_("Team"), _("Side"), _("Head"), _("Members")]
    if file := spreadsheet(request, "teams", heads, map(flat, queries.teams())):
        return file
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_team(**form.cleaned_data, at=timezone.now(), by=actor(request))
            toast(request, _("The team %(name)s was added.") % form.cleaned_data)
            return redirect("staff:teams")
        except commands.Refused as refused:
            blame(form, refused)
    return teams_with(request, form=form)


def flat(team: queries.TeamRow) -> list[object]:
    """A team as a spreadsheet has it."""
    return [team.name, wording.word(wording.SIDES, team.side), team.head, team.members]


def member(row: queries.StaffRow) -> list[object]:
    """One of a team as a spreadsheet has it."""
    return [row.name, row.email, _("active") if row.is_active else _("deactivated")]


def teams_with(
    request: HttpRequest, *, form: TeamForm | None = None, company_form: CompanyForm | None = None
) -> HttpResponse:
    """The page with both of its forms."""
    row = queries.installation()
    company_form = company_form or CompanyForm(
        initial={"name": row.name, "currency": row.currency}, prefix="company"
    )
    told = {"teams": queries.teams(), "form": form or TeamForm(), "company_form": company_form}
    return render(request, "staff/teams.html", told)


@require_POST
@needs(MANAGE_STAFF)
def company(request: HttpRequest) -> HttpResponse:
    """Name the company and its currency."""
    form = CompanyForm(request.POST, prefix="company")
    if form.is_valid():
        try:
            commands.set_installation(**form.cleaned_data, at=timezone.now(), by=actor(request))
            toast(request, _("Saved."))
            return redirect("staff:teams")
        except commands.Refused as refused:
            blame(form, refused)
    return teams_with(request, company_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_STAFF)
def team_page(request: HttpRequest, team_id: int) -> HttpResponseBase:
    """One team: name, side, head; its members."""
    team = next((one for one in queries.teams() if one.id == team_id), None)
    if team is None:
        raise Http404
    members = queries.staff(team_id=team_id)
    heads = [_("Name"), _("Mail address"), _("State")]
    if file := spreadsheet(request, "team", heads, map(member, members)):
        return file
    now = {"name": team.name, "side": team.side, "head": team.head_id}
    form = TeamForm(request.POST or None, initial=now, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_team(team_id, **form.cleaned_data, at=timezone.now(), by=actor(request))
            toast(request, _("Saved."))
            return redirect("staff:teams")
        except commands.Refused as refused:
            blame(form, refused)
    return render(request, "staff/team.html", {"team": team, "members": members, "form": form})
