"""The pages of capture: the embeddable form, and its settings with samples to copy."""

import secrets
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from treaty.capture import commands, queries
from treaty.capture.forms import FormForm, OwnForm
from treaty.capture.limits import too_many
from treaty.capture.rules import HONEYPOT, BadTouch
from treaty.capture.wording import problem
from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.staff.access import needs

LONG_KINDS = {"email": "email", "phone": "tel"}


@csrf_exempt  # anybody may answer from any page: nobody is signed in here, and nothing but the answer is written
@xframe_options_exempt  # frame-ancestors, which knows the form's own origins, takes its place
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponseBase:
    """The form as its visitors see it, or what became of their answers."""
    if (found := queries.open_form(key)) is None:
        raise Http404
    ancestors = found.origins or ["*"]

    @csp_replace({"frame-ancestors": ancestors, "form-action": ["*"]})
    def answer(request: HttpRequest) -> HttpResponse:
        return _submitted(request, found) if request.method == "POST" else _shown(request, found, {}, {})

    return answer(request)


def _submitted(request: HttpRequest, found: queries.FormRow) -> HttpResponse:
    values = {
        name: value.replace("\x00", "") for name, value in request.POST.items() if isinstance(value, str)
    }
    if too_many(request):
        return _shown(request, found, values, {"": problem("too_many")}, status=429)
    if values.get(HONEYPOT):
        return _thanks(request, found)
    required = [str(field["name"]) for field in usual(found) if field["required"]]
    errors = {name: problem("required") for name in required if not values.get(name, "").strip()}
    own = OwnForm(queries.asked_fields(found), request.POST)
    if not own.is_valid() or errors:
        return _shown(request, found, values, errors, own, status=422)
    page = values.get("page") or request.headers.get("Referer", "")
    try:
        once = values.get("once", "")[:64]
        commands.submit(found, values, page=page, at=timezone.now(), once=once, own=own.told())
    except BadTouch as error:
        errors = {each.field: problem(each.code) for each in error.problems}
        return _shown(request, found, values, errors, own, status=422)
    return _thanks(request, found)


def usual(form: queries.FormRow) -> list[Any]:
    """The fields of a form but those that the company defined."""
    return [field for field in form.fields if not str(field["name"]).startswith(queries.OWN)]


def _thanks(request: HttpRequest, found: queries.FormRow) -> HttpResponse:
    if found.redirect_to:
        return HttpResponseRedirect(found.redirect_to)
    return render(request, "capture/thanks.html", {"form": found})


def _shown(
    request: HttpRequest,
    found: queries.FormRow,
    values: dict[str, str],
    errors: dict[str, str],
    own: OwnForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    fields = [
        {
            **field,
            "kind": LONG_KINDS.get(str(field["name"]), "text"),
            "is_long": field["name"] == "message",
            "value": values.get(str(field["name"]), ""),
            "error": errors.get(str(field["name"]), ""),
        }
        for field in usual(found)
    ]
    shown, boxes = {str(field["name"]) for field in found.fields}, queries.asked_consents(found)
    context = {
        "form": found,
        "fields": fields,
        "own": own or OwnForm(queries.asked_fields(found), None),
        "honeypot": HONEYPOT,
        "once": values.get("once") or secrets.token_urlsafe(16),
        "page": values.get("page") or request.headers.get("Referer", ""),
        "consents": [one._replace(is_ticked=bool(values.get(one.input))) for one in boxes],
        "others": [text for name, text in errors.items() if name not in shown],
    }
    return render(request, "capture/form.html", context, status=status)


@needs("manage_capture")
def forms(request: HttpRequest) -> HttpResponseBase:
    """All forms, the code of the first that takes answers, and how other systems report touches."""
    found = list(queries.forms())
    heads = [_("Name"), _("Address"), _("Channel"), _("State")]
    if file := spreadsheet(request, "forms", heads, map(flat, found)):
        return file
    sample = next((form for form in found if form.is_active), None)
    context = {"forms": found, "sample": sample, "address": settings.PUBLIC_URL}
    return render(request, "capture/forms.html", context)


def flat(form: queries.FormRow) -> list[object]:
    """A form as a spreadsheet has it."""
    state = _("takes answers") if form.is_active else _("switched off")
    return [form.name, f"{settings.PUBLIC_URL}/f/{form.key}", form.channel, state]


@needs("manage_capture")
@require_http_methods(["GET", "POST"])
def new_form(request: HttpRequest) -> HttpResponse:
    """A new form."""
    starter = _initial(commands.STARTER)
    shown = FormForm(request.POST or None, is_new=True, initial={**starter, "name": "", "key": ""})
    if request.method == "POST" and shown.is_valid():
        try:
            made = commands.add_form(shown.draft(), at=timezone.now(), by=request.user.pk)
        except commands.KeyTaken:
            shown.add_error("key", _("Another form has this address; choose another one."))
        else:
            toast(request, _("The form is ready to be embedded."))
            return redirect("capture:change_form", made)
    return render(
        request, "capture/edit.html", {"shown": shown, "form": None}, status=422 if shown.errors else 200
    )


@needs("manage_capture")
@require_http_methods(["GET", "POST"])
def change_form(request: HttpRequest, form_id: int) -> HttpResponse:
    """One form: what it asks, and the code to embed it."""
    if (found := queries.form_by_id(form_id)) is None:
        raise Http404
    shown = FormForm(request.POST or None, is_new=False, initial=_initial(found))
    if request.method == "POST" and shown.is_valid():
        commands.change_form(form_id, shown.draft(found.key), at=timezone.now(), by=request.user.pk)
        toast(request, _("The form was saved."))
        return redirect("capture:change_form", form_id)
    boxes = queries.asked_consents(found)
    context = {
        "shown": shown,
        "form": found,
        "fields": usual(found),
        "own": queries.asked_fields(found),
        "address": settings.PUBLIC_URL,
        "consents": boxes,
    }
    return render(request, "capture/edit.html", context, status=422 if shown.errors else 200)


def _initial(form: Any) -> dict[str, Any]:
    asked = {f"ask_{field['name']}": "required" if field["required"] else "asked" for field in form.fields}
    return {
        "name": form.name,
        "thanks": form.thanks,
        "redirect_to": form.redirect_to,
        "channel": form.channel,
        "origins": "\n".join(form.origins),
        "is_active": form.is_active,
        "consents": list(form.consents),
        **asked,
    }
