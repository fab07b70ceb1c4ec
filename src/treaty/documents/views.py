"""The pages of documents: those of a record, adding, taking away, bringing back; and the files themselves."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from treaty.documents import commands, queries, wording
from treaty.documents.queries import DocumentRow
from treaty.documents.receiving import too_large
from treaty.documents.rules import Refused
from treaty.documents.serving import sent
from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import page, redirect_back, toast
from treaty.staff.access import actor, needs
from treaty.staff.rules import SEE_PEOPLE

JSON = "application/json"
"""What the page's script accepts, which sends files one by one and shows how far each is."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE_PEOPLE)
def of_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """The documents of a person."""
    return of_record(request, "person", person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE_PEOPLE)
def of_company(request: HttpRequest, company: int) -> HttpResponseBase:
    """The documents of a company."""
    return of_record(request, "company", company)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE_PEOPLE)
def of_deal(request: HttpRequest, deal_id: int) -> HttpResponseBase:
    """The documents of a deal."""
    return of_record(request, "deal", deal_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE_PEOPLE)
def of_note(request: HttpRequest, note: int) -> HttpResponseBase:
    """The documents of a note."""
    return of_record(request, "note", note)


def of_record(request: HttpRequest, record: str, one: int) -> HttpResponseBase:
    """All documents of a record the user sees, and those that can be brought back; posted files are added."""
    holder = queries.holder_of(record)
    name = holder.rows(request.user).filter(pk=one).values_list("name", flat=True).first()
    if name is None:
        raise Http404
    if request.method == "POST":
        return add(request, record, one)
    rows = queries.documents_of(record, one)
    names = queries.adders(rows)
    heads = [_("Name"), _("Type"), _("Bytes"), _("Added"), _("By")]
    if file := spreadsheet(request, "documents", heads, (flat(row, names) for row in rows)):
        return file
    is_open = holder.takes().filter(pk=one).exists()
    may_change = is_open and queries.may_change(request.user, record)
    told = {
        "record": record,
        "name": name,
        "url": holder.url(one),
        "rows": [(row, wording.TYPES[row.type.key], names.get(row.by or 0, "")) for row in rows],
        "removed": queries.removed_of(record, one, at=timezone.now()) if may_change else [],
        "may_change": may_change,
        "most": wording.most(),
    }
    return page(request, "documents/documents.html", told, partial="list")


def flat(row: DocumentRow, names: dict[int, str]) -> list[object]:
    """A document as a line of a spreadsheet."""
    return [row.name, wording.TYPES[row.type.key], row.size, row.added_at, names.get(row.by or 0, "")]


def add(request: HttpRequest, record: str, one: int) -> HttpResponse:
    """Add the posted files: those that are taken are kept, of the others it is said why not."""
    if not queries.may_change(request.user, record):
        raise PermissionDenied("documents")
    added, reasons = 0, list(refused(request))
    for file in request.FILES.getlist("files"):
        try:
            commands.add_document(
                record, one, name=file.name or "", chunks=file.chunks(), at=timezone.now(), by=actor(request)
            )
            added += 1
        except Refused as error:
            reasons.append((file.name or "", wording.refusal(error.code)))
        except commands.NoRecord:
            raise Http404 from None
    is_script = JSON in request.headers.get("Accept", "")
    say(request, 0 if is_script else added, reasons)
    if is_script:
        return JsonResponse(
            {"refused": [reason for _name, reason in reasons]}, status=422 if reasons else 201
        )
    return redirect_back(request, queries.holder_of(record).url(one))


def refused(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What was not taken because of its size; and that nothing was sent at all."""
    files = request.FILES.getlist("files")
    yield from ((name, wording.refusal("too_large")) for name in too_large(request))
    if not files and not too_large(request):
        yield "", _("Choose at least one file.")


def say(request: HttpRequest, added: int, reasons: list[tuple[str, str]]) -> None:
    """Tell what came of the files."""
    for name, reason in reasons:
        toast(
            request,
            _("%(name)s: %(reason)s") % {"name": name, "reason": reason} if name else reason,
            bad=True,
        )
    if added:
        toast(
            request,
            ngettext("%(n)d document was added.", "%(n)d documents were added.", added) % {"n": added},
        )


@require_http_methods(["GET", "HEAD", "DELETE"])
@needs(SEE_PEOPLE)
def document(request: HttpRequest, document: int) -> HttpResponseBase:
    """The file itself; or it is taken off its record."""
    row = found(request, document)
    if request.method == "DELETE":
        return remove(request, row)
    answer = sent(row)
    if answer is None:
        raise Http404
    return answer


def remove(request: HttpRequest, row: DocumentRow) -> HttpResponse:
    """Take a document off its record."""
    if not queries.may_change(request.user, row.record):
        raise PermissionDenied("documents")
    if commands.remove_document(row.id, at=timezone.now(), by=actor(request)):
        toast(
            request,
            _("%(name)s was removed.") % {"name": row.name},
            reverse("documents:restoration", args=[row.id]),
        )
    return redirect_back(request, queries.holder_of(row.record).url(row.record_id))


@require_POST
@needs(SEE_PEOPLE)
def restoration(request: HttpRequest, document: int) -> HttpResponse:
    """Bring a removed document back."""
    row = found(request, document, removed=True)
    if not queries.may_change(request.user, row.record):
        raise PermissionDenied("documents")
    if not commands.restore_document(document, at=timezone.now(), by=actor(request)):
        raise Http404
    toast(request, _("%(name)s is back.") % {"name": row.name})
    return redirect_back(request, queries.holder_of(row.record).url(row.record_id))


def found(request: HttpRequest, document: int, *, removed: bool = False) -> Any:
    """The document, for whoever sees its record."""
    row = queries.document_of(request.user, document, removed=removed)
    if row is None:
        raise Http404
    return row
