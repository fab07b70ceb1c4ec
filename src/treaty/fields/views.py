"""The pages on which a company defines its own fields."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.fields import commands, queries, wording
from treaty.fields.forms import FieldForm, NewFieldForm, OptionForm, blame
from treaty.fields.queries import FieldRow
from treaty.fields.rules import CHOSEN, LINKED, LONGEST, LONGEST_LINE, RECORDS, Kind, completed
from treaty.kit import markup
from treaty.kit.spreadsheet import download
from treaty.kit.web import toast
from treaty.staff.access import actor, needs
from treaty.staff.queries import may
from treaty.staff.rules import EXPORT, MANAGE_FIELDS, SEE_PEOPLE

OFFERED = 8
"""Records offered while one types."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_FIELDS)
def fields(request: HttpRequest) -> HttpResponseBase:
    """All fields by kind of record, and a new one."""
    form = NewFieldForm(request.POST or None, initial={"record": request.GET.get("record", "person")})
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_field(form.draft(), at=timezone.now(), by=actor(request))
        except commands.Refused as refused:
            blame(form, refused)
        else:
            toast(request, _("%(field)s was added.") % {"field": form.cleaned_data["name"]})
            return redirect("fields:fields")
    rows = queries.all_fields()
    if request.GET.get("format") == "csv" and may(request.user, EXPORT):
        return download("fields", [_("Of"), _("Key"), _("Name"), _("Kind"), _("Choices")], map(flat, rows))
    context = {
        "form": form,
        "records": [(one, wording.RECORDS[one], live(rows, one)) for one in RECORDS],
        "kinds": wording.KINDS,
        "retired": [(row, wording.RECORDS[row.record]) for row in rows if row.is_retired],
        "may_export": may(request.user, EXPORT),
    }
    return render(request, "fields/fields.html", context, status=422 if form.errors else 200)


@require_safe
@needs(SEE_PEOPLE)
def records(request: HttpRequest, kind: str) -> HttpResponse:
    """What fits while one types into a field that points to a record: names with their numbers, as options."""
    if kind not in LINKED:
        raise Http404
    asked = request.GET.get("q", "").strip()[:LONGEST].replace("\0", "")
    fitting = queries.found(Kind(kind), request.user, asked, OFFERED) if asked else ()
    return HttpResponse(markup.options((f"{one.name} #{one.id}", "") for one in fitting))


@require_safe
@needs(SEE_PEOPLE)
def tags(request: HttpRequest, field: int) -> HttpResponse:
    """What fits while one types tags into one line: the line with its last tag completed, as options."""
    row = found(field)
    if row.kind is not Kind.TAGS or row.is_retired:
        raise Http404
    line = request.GET.get("q", "").strip()[:LONGEST_LINE].replace("\0", "")
    return HttpResponse(markup.options((one, "") for one in completed(line, row)[:OFFERED]))


def live(rows: list[FieldRow], record: str) -> list[tuple[FieldRow, str]]:
    """The fields of a kind of record that are in use, each with what its kind is called."""
    return [
        (row, str(wording.KINDS[row.kind])) for row in rows if row.record == record and not row.is_retired
    ]


def flat(row: FieldRow) -> list[object]:
    """A field as a line of a spreadsheet."""
    chosen = "; ".join(option.name for option in row.options)
    return [wording.RECORDS[row.record], row.key, row.name, wording.KINDS[row.kind], chosen]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_FIELDS)
def field(request: HttpRequest, field: int) -> HttpResponse:
    """One field: its name and hint, and what can be chosen."""
    row = found(field)
    form = FieldForm(request.POST or None, initial={"name": row.name, "hint": row.hint})
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_field(field, **form.cleaned_data, at=timezone.now(), by=actor(request))
        except commands.Refused as refused:
            blame(form, refused)
        else:
            toast(request, _("The field was changed."))
            return redirect("fields:field", field)
    return shown(request, row, form, OptionForm())


def shown(request: HttpRequest, row: FieldRow, form: FieldForm, option_form: OptionForm) -> HttpResponse:
    """The page of a field."""
    context = {
        "row": row,
        "kind": wording.KINDS[row.kind],
        "record": wording.RECORDS[row.record],
        "is_chosen": row.kind in CHOSEN,
        "form": form,
        "option_form": option_form,
    }
    status = 422 if form.errors or option_form.errors else 200
    return render(request, "fields/field.html", context, status=status)


def found(field: int) -> FieldRow:
    """The field, or 404."""
    row = queries.field_row(field)
    if row is None:
        raise Http404
    return row


@require_POST
@needs(MANAGE_FIELDS)
def move(request: HttpRequest, field: int) -> HttpResponse:
    """A field changes places with the one above or below."""
    found(field)
    commands.move_field(field, up=request.POST.get("to") == "up", at=timezone.now(), by=actor(request))
    return redirect("fields:fields")


@require_POST
@needs(MANAGE_FIELDS)
def retirement(request: HttpRequest, field: int) -> HttpResponse:
    """A field goes out of use."""
    row = found(field)
    if commands.retire_field(field, at=timezone.now(), by=actor(request)):
        toast(request, _("%(field)s is out of use; what it holds is kept.") % {"field": row.name})
    return redirect("fields:fields")


@require_POST
@needs(MANAGE_FIELDS)
def reinstatement(request: HttpRequest, field: int) -> HttpResponse:
    """A retired field comes back to use."""
    row = found(field)
    try:
        if commands.reinstate_field(field, at=timezone.now(), by=actor(request)):
            toast(request, _("%(field)s is in use again, with all it held.") % {"field": row.name})
    except commands.Refused as refused:
        toast(request, wording.refusal(refused.code), bad=True)
    return redirect("fields:fields")


@require_POST
@needs(MANAGE_FIELDS)
def options(request: HttpRequest, field: int) -> HttpResponse:
    """Something more to choose."""
    row, form = found(field), OptionForm(request.POST)
    if form.is_valid():
        try:
            name = form.cleaned_data["option"]
            commands.add_option(field, name=name, at=timezone.now(), by=actor(request))
            return redirect("fields:field", field)
        except commands.Refused as refused:
            blame(form, refused)
    return shown(request, row, FieldForm(initial={"name": row.name, "hint": row.hint}), form)


@require_POST
@needs(MANAGE_FIELDS)
def option(request: HttpRequest, field: int, option: int) -> HttpResponse:
    """An option gets another name."""
    found(field)
    form = OptionForm(request.POST)
    name = form.cleaned_data["option"] if form.is_valid() else ""
    return changing(
        request,
        field,
        lambda: commands.rename_option(field, option=option, name=name, at=timezone.now(), by=actor(request)),
    )


@require_POST
@needs(MANAGE_FIELDS)
def option_retirement(request: HttpRequest, field: int, option: int) -> HttpResponse:
    """An option is chosen no more."""
    found(field)
    at, by = timezone.now(), actor(request)
    return changing(request, field, lambda: commands.retire_option(field, option=option, at=at, by=by))


@require_POST
@needs(MANAGE_FIELDS)
def option_reinstatement(request: HttpRequest, field: int, option: int) -> HttpResponse:
    """An option can be chosen again."""
    found(field)
    at, by = timezone.now(), actor(request)
    return changing(request, field, lambda: commands.reinstate_option(field, option=option, at=at, by=by))


def changing(request: HttpRequest, field: int, act: Callable[[], None]) -> HttpResponse:
    """Do it, and back to the field; where it was refused the reason is told."""
    try:
        act()
    except commands.Refused as refused:
        toast(request, wording.refusal(refused.code), bad=True)
    return redirect("fields:field", field)
