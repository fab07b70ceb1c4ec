"""The person's page: whole, beside a list, or its timeline alone; and offering the person to sales on purpose."""

from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from treaty.desk import queries
from treaty.desk.queries import Asked, PersonSheet
from treaty.desk.timeline import ABOUT_PERSONS, GROUPS
from treaty.desk.views.finding import of_handover
from treaty.desk.views.today import user_of
from treaty.documents.queries import card
from treaty.handovers import commands as handovers
from treaty.kit.web import page, redirect_back, toast
from treaty.people import queries as people
from treaty.people.queries.identities import identity_kinds, identity_labels
from treaty.staff import queries as staff
from treaty.staff.access import actor, needs
from treaty.staff.queries import User
from treaty.staff.rules import EDIT_DEALS, EDIT_PEOPLE, EXPORT, FORGET_PEOPLE, LOG_CONVERSATIONS, SEE_PEOPLE


@require_safe
@needs(SEE_PEOPLE)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person. `side`, `kind`, `campaign` and `before` say what of the timeline is wanted."""
    user, query = user_of(request), request.GET
    asked = Asked.read(*(query.get(name, "") for name in ("kind", "side", "campaign", "before")))
    sheet = queries.person_sheet(user, person_id, timezone.now(), asked)
    if sheet is None:
        return to_survivor(user, person_id)
    answer = drawn(request, context_of(user, sheet))
    patch_vary_headers(answer, ["HX-Target"])
    return answer


def to_survivor(user: User, person_id: int) -> HttpResponse:
    """Who was merged is found under the old address; for now, because a merge can be undone. The bin has whom it has."""
    if people.bin_of(user).filter(pk=person_id).exists():
        return redirect("people:bin")
    survivor = people.survivor(person_id)
    if survivor is None or not people.visible_persons(user).filter(pk=survivor).exists():
        raise Http404
    return redirect("desk:person", survivor)


def drawn(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """The page; for a script the timeline, if it aims at that, else the record beside its list."""
    if is_beside(request):
        return page(request, "desk/person_panel.html", told)
    return page(request, "desk/person.html", told, partial="timeline")


def is_beside(request: HttpRequest) -> bool:
    """Whether a script wants the record beside its list: it names the panel, or the link that asked."""
    if request.headers.get("HX-Request") != "true":
        return False
    kind, _mark, name = request.headers.get("HX-Target", "").partition("#")
    return name == "panel" or kind == "a"


def context_of(user: User, sheet: PersonSheet) -> dict[str, Any]:
    """What the page, the panel and the timeline show."""
    is_known = sheet.page.person.forgotten_at is None
    may_edit = is_known and staff.may(user, EDIT_PEOPLE)
    return {
        "sheet": sheet,
        "page": sheet.page,
        "person": sheet.page.person,
        "timeline": sheet.timeline,
        "documents": card(user, "person", sheet.page.person.pk, is_closed=not is_known),
        "groups": [(key, GROUPS[key].label) for key in ABOUT_PERSONS],
        "may_edit": may_edit,
        "may_forget": is_known and staff.may(user, FORGET_PEOPLE),
        "may_export": staff.may(user, EXPORT),
        "may_log": is_known and staff.may(user, LOG_CONVERSATIONS),
        "may_deal": is_known and staff.may(user, EDIT_DEALS),
        "of_handover": of_handover(accepted(sheet)),
        "owners": [("", _("Nobody")), *staff.colleague_names()] if may_edit else [],
        "identity_kinds": identity_kinds(),
        "identity_labels": identity_labels(),
        "now": timezone.now(),
    }


def accepted(sheet: PersonSheet) -> int | None:
    """The handover that was accepted."""
    card = sheet.handover
    return card.id if card and card.state == "accepted" else None


@require_safe
@needs(EXPORT)
def dossier(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """A file of everything known of one person, for the person; an archive where documents belong to it."""
    user = user_of(request)
    if not people.visible_persons(user).filter(pk=person_id).exists():
        raise Http404
    if queries.files(person_id):
        return packed(person_id)
    answer = JsonResponse(queries.dossier(person_id), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="person-{person_id}.json"'
    return answer


def packed(person_id: int) -> HttpResponseBase:
    """The same with the documents beside it, as one archive."""
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    queries.pack(person_id, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"person-{person_id}.zip")


@require_POST
@needs(SEE_PEOPLE)
def offer(request: HttpRequest, person_id: int) -> HttpResponse:
    """Offer a person to sales on purpose: the agreement routes, and the clocks begin."""
    user = user_of(request)
    found = people.visible_persons(user).filter(pk=person_id).first()
    if found is None:
        raise Http404
    if not queries.may_offer(user):
        raise PermissionDenied("offer")
    if handovers.offer([person_id], at=timezone.now(), by=actor(request), on_purpose=True):
        toast(request, _("%(person)s is offered to sales.") % {"person": found.name})
    else:
        toast(
            request,
            _("Nothing was offered: no agreement is in force, or sales has this person already."),
            bad=True,
        )
    return redirect_back(request, f"/people/{person_id}/")
