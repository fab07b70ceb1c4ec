"""The settings of roles: what each may do and see, a new one, one that goes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.staff import commands, queries, wording
from treaty.staff.access import actor, needs
from treaty.staff.forms import RoleForm, blame
from treaty.staff.rules import MANAGE_STAFF, OWN, SEE_PEOPLE, STARTER_KEYS


@require_safe
@needs(MANAGE_STAFF)
def role_list(request: HttpRequest) -> HttpResponseBase:
    """What each role may do and see."""
    rows = [
        {
            "id": role.id,
            "name": wording.role_name(role.key, role.name),
            "sees": wording.word(wording.VISIBILITIES, role.visibility),
            "may": [wording.word(wording.PERMISSIONS, one) for one in role.permissions],
            "holders": role.holders,
        }
        for role in queries.roles()
    ]
    heads = [_("Role"), _("Sees"), _("May"), _("Holders")]
    lines = [[row[key] for key in ("name", "sees", "may", "holders")] for row in rows]
    return spreadsheet(request, "roles", heads, lines) or render(request, "staff/roles.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_STAFF)
def role_new(request: HttpRequest) -> HttpResponse:
    """A role of the company's own."""
    form = RoleForm(request.POST or None, initial={"visibility": OWN, "permissions": [SEE_PEOPLE]})
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_role(**form.cleaned_data, at=timezone.now(), by=actor(request))
            toast(
                request, _("The role %(name)s was added. Give it to people under Staff.") % form.cleaned_data
            )
            return redirect("staff:roles")
        except commands.Refused as refused:
            blame(form, refused)
    return render(request, "staff/role.html", {"form": form, "name": _("New role")})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_STAFF)
def role_page(request: HttpRequest, role_id: int) -> HttpResponse:
    """Change what a role may do and see; who holds it."""
    role = found(role_id)
    is_own = role.key not in STARTER_KEYS
    now = {"visibility": role.visibility, "permissions": list(role.permissions), "name": role.name}
    form = RoleForm(request.POST or None, initial=now, named=is_own)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_role(role_id, **form.cleaned_data, at=timezone.now(), by=actor(request))
            toast(request, _("Saved."))
            return redirect("staff:roles")
        except commands.Refused as refused:
            blame(form, refused)
    told = {
        "role": role,
        "name": wording.role_name(role.key, role.name),
        "form": form,
        "is_own": is_own,
        "holders": queries.staff(role_id=role_id),
    }
    return render(request, "staff/role.html", told)


@require_POST
@needs(MANAGE_STAFF)
def role_removal(request: HttpRequest, role_id: int) -> HttpResponse:
    """Delete a role that nobody holds."""
    role = found(role_id)
    try:
        commands.delete_role(role_id, at=timezone.now(), by=actor(request))
    except commands.Refused as refused:
        toast(request, wording.word(wording.REFUSALS, refused.code), bad=True)
        return redirect("staff:role", role_id)
    toast(request, _("The role %(name)s was deleted.") % {"name": role.name})
    return redirect("staff:roles")


def found(role_id: int) -> queries.RoleRow:
    """The role, or 404."""
    role = next((one for one in queries.roles() if one.id == role_id), None)
    if role is None:
        raise Http404
    return role
