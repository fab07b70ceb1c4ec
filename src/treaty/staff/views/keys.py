"""The settings of the API's keys."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.staff import commands, queries, wording
from treaty.staff.access import actor, needs
from treaty.staff.forms import KeyForm, blame
from treaty.staff.rules import MANAGE_KEYS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_KEYS)
def keys(request: HttpRequest) -> HttpResponseBase:
    """All keys; issuing one shows its token once, on the answer itself. No file ever holds a token."""
    if file := spreadsheet(request, "keys", [str(head) for head in HEADS], map(flat, queries.issued_keys())):
        return file
    form, token = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        token = issued(request, form)
        form = form if form.errors else KeyForm()
    rows = [{"key": key, "may": may(key)} for key in queries.issued_keys()]
    told = {"rows": rows, "form": form, "token": token, "now": timezone.now()}
    return render(request, "staff/keys.html", told)


HEADS = (
    gettext_lazy("Name"),
    gettext_lazy("Begins with"),
    gettext_lazy("Acts for"),
    gettext_lazy("May"),
    gettext_lazy("Issued"),
    gettext_lazy("Works until"),
    gettext_lazy("Revoked"),
    gettext_lazy("Last used"),
)


def flat(key: queries.KeyRow) -> list[object]:
    """A key as a spreadsheet has it."""
    times = [key.created_at, key.expires_at, key.revoked_at, key.last_used_at]
    return [key.name, key.prefix, key.owner, may(key), *times]


def may(key: queries.KeyRow) -> list[str]:
    """What a key may do, in words."""
    return [wording.word(wording.SCOPES, scope) for scope in key.scopes]


def issued(request: HttpRequest, form: KeyForm) -> str:
    """The token of the new key; empty with the reason beside the form."""
    given = form.cleaned_data
    day = given["expires"]
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None
    by = actor(request)
    try:
        return commands.issue_key(
            given["name"], owner=by, scopes=given["scopes"], expires_at=ends, at=timezone.now(), by=by
        )
    except commands.Refused as refused:
        blame(form, refused)
        return ""


@require_POST
@needs(MANAGE_KEYS)
def key_revocation(request: HttpRequest, key_id: int) -> HttpResponse:
    """A key stops to work."""
    commands.revoke_key(key_id, at=timezone.now(), by=actor(request))
    toast(request, _("The key no longer works."))
    return redirect("staff:keys")
