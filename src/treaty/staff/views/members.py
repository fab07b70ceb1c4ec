"""The settings of staff: who works here, who is invited."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.staff import commands, queries, wording
from treaty.staff.access import actor, needs, verb
from treaty.staff.forms import InviteForm, UserForm, blame
from treaty.staff.rules import MANAGE_STAFF


@require_safe
@needs(MANAGE_STAFF)
def staff_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody who works or worked here, and who is invited."""
    return listed(request, InviteForm())


def listed(
    request: HttpRequest, form: InviteForm, *, invited_now: str = "", link: str = ""
) -> HttpResponseBase:
    """The list with its form; a link is shown this once, to be passed on by hand."""
    rows = [
        {
            "row": row,
            "role": wording.role_name(row.role_key, row.role),
            "sees": wording.word(wording.VISIBILITIES, row.visibility),
        }
        for row in queries.staff()
    ]
    invited = [
        {"offer": offer, "role": wording.role_name(offer.role_key, offer.role)}
        for offer in queries.open_invitations(timezone.now())
    ]
    heads = [
        _("Name"),
        _("Mail address"),
        _("Title"),
        _("Team"),
        _("Role"),
        _("Sees"),
        _("Works here"),
        _("Last sign-in"),
    ]
    if file := spreadsheet(request, "staff", heads, map(flat, rows)):
        return file
    told = {"rows": rows, "invited": invited, "form": form, "invited_now": invited_now, "link": link}
    return render(request, "staff/members.html", told)


def flat(shown: dict[str, Any]) -> list[object]:
    """A member of the staff as a spreadsheet has them."""
    row = shown["row"]
    return [
        row.name,
        row.email,
        row.title,
        row.team,
        shown["role"],
        shown["sees"],
        row.is_active,
        row.last_login,
    ]


@require_POST
@needs(MANAGE_STAFF)
def invitations(request: HttpRequest) -> HttpResponseBase:
    """Invite somebody; where no mail leaves, the answer shows the link that the mail would have held."""
    form, link = InviteForm(request.POST), ""
    if form.is_valid():
        try:
            link = commands.invite(**form.cleaned_data, at=timezone.now(), by=actor(request))
        except commands.Refused as refused:
            blame(form, refused)
    if form.errors:
        return listed(request, form)
    if not settings.MAIL_URL.hostname:
        return listed(request, InviteForm(), invited_now=form.cleaned_data["name"], link=link)
    toast(request, _("The invitation to %(email)s is on its way.") % form.cleaned_data)
    return redirect("staff:staff")


@require_POST
@needs(MANAGE_STAFF)
def revocation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    commands.revoke_invitation(invitation_id, at=timezone.now(), by=actor(request))
    toast(request, _("The invitation was taken back; its link no longer works."))
    return redirect("staff:staff")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_STAFF)
def staff_member(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user: role, team, manager."""
    row = queries.staff_row(user_id)
    if row is None:
        raise Http404
    now = {
        "name": row.name,
        "title": row.title,
        "role": row.role_id,
        "team": row.team_id,
        "manager": row.manager_id,
        "speaks": list(row.speaks),
    }
    form = UserForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid() and changed(request, form, user_id):
        toast(request, _("Saved."))
        return redirect("staff:staff")
    return render(request, "staff/member.html", {"row": row, "form": form})


def changed(request: HttpRequest, form: UserForm, user_id: int) -> bool:
    """Whether the change was made; if not, the form says why."""
    try:
        commands.change_user(user_id, at=timezone.now(), by=actor(request), **form.cleaned_data)
    except commands.Refused as refused:
        blame(form, refused)
    return not form.errors


@require_http_methods(["POST", "DELETE"])
@needs(MANAGE_STAFF)
def deactivation(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody leaves (POST), or comes back (DELETE); their records stay theirs."""
    row = queries.staff_row(user_id)
    if row is None:
        raise Http404
    back = verb(request) == "DELETE"
    try:
        commands.change_user(user_id, at=timezone.now(), by=actor(request), is_active=back)
    except commands.Refused as refused:
        toast(request, wording.word(wording.REFUSALS, refused.code), bad=True)
        return redirect("staff:member", user_id)
    if back:
        toast(request, _("%(name)s can sign in again.") % {"name": row.name})
    else:
        undo = reverse("staff:deactivation", args=[user_id])
        toast(
            request,
            _("%(name)s can no longer sign in.") % {"name": row.name},
            undo_url=undo,
            undo_method="DELETE",
        )
    return redirect("staff:staff")
