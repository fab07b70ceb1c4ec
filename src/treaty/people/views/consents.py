"""Purposes in the settings, and the consents of a person by hand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit.spreadsheet import download, spreadsheet
from treaty.kit.web import toast
from treaty.people import commands, queries
from treaty.people.forms import ConsentForm, PurposeForm
from treaty.people.queries import PurposeRow
from treaty.people.rules import ConsentDraft
from treaty.people.views.persons import back, seen
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, MANAGE_CAPTURE


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_CAPTURE)
def purposes(request: HttpRequest) -> HttpResponseBase:
    """What persons may agree to, and something more."""
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_purpose(**form.cleaned_data, at=timezone.now(), by=actor(request))
        except commands.PurposeKnown:
            form.add_error("name", _("There is a purpose of this name already."))
        else:
            toast(request, _("%(purpose)s was added.") % {"purpose": form.cleaned_data["name"]})
            return redirect("people:purposes")
    rows = queries.purpose_rows()
    if request.GET.get("format") == "csv" and may(request.user, EXPORT):
        heads = [_("Key"), _("Name"), _("Version"), _("Text"), _("Persons who agree"), _("In use")]
        return download("purposes", heads, map(flat, rows))
    context = {"form": form, "rows": rows, "may_export": may(request.user, EXPORT)}
    return render(request, "people/purposes.html", context, status=422 if form.errors else 200)


def flat(row: PurposeRow) -> list[object]:
    """A purpose as a line of a spreadsheet."""
    use = _("no") if row.is_retired else _("yes")
    return [row.key, row.name, row.version, row.text, row.agreed, use]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_CAPTURE)
def purpose(request: HttpRequest, purpose: int) -> HttpResponseBase:
    """One purpose: its name, its words, and every version they had."""
    row = found(purpose)
    form = PurposeForm(request.POST or None, initial={"name": row.name, "text": row.text})
    if request.method == "POST" and form.is_valid():
        at, by = timezone.now(), actor(request)
        try:
            version = commands.change_purpose(purpose, **form.cleaned_data, at=at, by=by)
        except commands.PurposeKnown:
            form.add_error("name", _("There is a purpose of this name already."))
        else:
            new = _("Version %(version)s of the words counts from now on.") % {"version": version}
            toast(request, new if version != row.version else _("The purpose was changed."))
            return redirect("people:purpose", purpose)
    texts = queries.purpose_texts(purpose)
    heads = [_("Version"), _("Text"), _("Since"), _("Persons who agree")]
    rows = ([one.version, one.text, one.created_at, one.agreed] for one in texts)
    if file := spreadsheet(request, "purpose-versions", heads, rows):
        return file
    context = {"row": row, "form": form, "texts": texts}
    return render(request, "people/purpose.html", context, status=422 if form.errors else 200)


def found(purpose: int) -> PurposeRow:
    """The purpose, or 404."""
    row = queries.purpose_row(purpose)
    if row is None:
        raise Http404
    return row


@require_http_methods(["POST", "DELETE"])
@needs(MANAGE_CAPTURE)
def purpose_retirement(request: HttpRequest, purpose: int) -> HttpResponse:
    """A purpose goes out of use; deleting that puts it to use again."""
    row, at, by = found(purpose), timezone.now(), actor(request)
    if verb(request) == "DELETE":
        commands.reinstate_purpose(purpose, at=at, by=by)
        toast(request, _("%(purpose)s is in use again.") % {"purpose": row.name})
    else:
        commands.retire_purpose(purpose, at=at, by=by)
        toast(
            request,
            _("%(purpose)s is asked of nobody any more; who agreed still does.") % {"purpose": row.name},
        )
    return redirect("people:purpose", purpose)


@require_POST
@needs(EDIT_PEOPLE)
def consents(request: HttpRequest, person: int) -> HttpResponse:
    """Note by hand that a person agreed to a purpose, or does not any more."""
    seen(request, person)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        toast(request, _("Say in a few words how you know, at most 500 characters."), bad=True)
        return back(request, person)
    told = form.cleaned_data
    draft = ConsentDraft(told["purpose"], is_given=not told["withdraw"], version=told["version"])
    try:
        commands.record_consent(
            person, draft, how="hand", at=timezone.now(), by=actor(request), note=told["note"]
        )
    except commands.NoSuchPurpose:
        raise Http404 from None
    toast(request, _("The consent was noted.") if draft.is_given else _("The withdrawal was noted."))
    return back(request, person)
