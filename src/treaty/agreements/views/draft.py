"""The draft: begin a version, and change its clauses one by one in plain words."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from treaty.agreements import commands, drafts, queries, refusal_wording
from treaty.agreements.adding import with_rows_changed
from treaty.agreements.drafts import DraftForms
from treaty.agreements.queries import VersionRow
from treaty.agreements.rules import State, examples_passed
from treaty.agreements.views import shown
from treaty.agreements.views.contract import one_of
from treaty.kit.web import page, toast
from treaty.staff.access import needs
from treaty.staff.rules import DRAFT_AGREEMENT


@require_POST
@needs(DRAFT_AGREEMENT)
def new_version(request: HttpRequest) -> HttpResponse:
    """Begin a draft from the version in force, else from the starter, and open it."""
    at = timezone.now()
    try:
        made = commands.amend(at=at, by=request.user.pk)
    except commands.Refused as refused:
        toast(request, refusal_wording.refusal(refused.code, refused.values), bad=True)
        return HttpResponseRedirect(reverse("agreements:agreement"))
    number = next(row.number for row in queries.versions(at) if row.id == made)
    return HttpResponseRedirect(reverse("agreements:edit", args=[number]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT_AGREEMENT)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """The forms of a draft's clauses; what a clause still needs stands beside it. Its buttons add and remove rows."""
    at = timezone.now()
    row = one_of(queries.versions(at), number)
    if row.state is not State.DRAFT:
        return HttpResponseRedirect(reverse("agreements:version", args=[number]))
    sent = request.POST if request.method == "POST" else None
    if sent is not None and (changed := with_rows_changed(sent)) is not None:
        forms = drafts.forms_of(row.document, changed[0])
        forms.unjudged(changed[1])
        return page(request, "agreements/edit.html", shown_draft(row, forms, at), partial="lead")
    forms = drafts.forms_of(row.document, sent)
    if sent is not None and forms.is_valid():
        commands.change_draft(row.id, forms.new_document(), at=at, by=request.user.pk)
        toast(request, gettext("The draft is saved."))
        target = "agreements:version" if "close" in sent else "agreements:edit"
        return HttpResponseRedirect(reverse(target, args=[number]))
    status = 200 if sent is None else 422
    return page(request, "agreements/edit.html", shown_draft(row, forms, at), status=status)


def shown_draft(row: VersionRow, forms: DraftForms, at: datetime) -> dict[str, Any]:
    """Everything the page of a draft shows."""
    return {
        "row": row,
        "forms": forms,
        **drafts.beside(row.document, shown.names_of(row.document), forms),
        "members": drafts.named_members(forms.members),
        "definition": shown.definition(row.document),
        "examples": examples_passed(row.document, at),
        "problems": shown.problems(row.document, at),
    }
