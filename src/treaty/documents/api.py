"""The REST API of documents: those of a record, adding one, reading what it is, the file itself, taking it away."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import File, Query, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError

from treaty.documents import commands, queries, wording
from treaty.documents.rules import TYPES, Refused
from treaty.documents.serving import sent
from treaty.kit.rest import ACTS, ADDS, READS, Asked, Id, Part, part, wrong
from treaty.kit.routes import tells_row
from treaty.staff.access import Key, actor
from treaty.staff.rules import EDIT_DEALS, EDIT_PEOPLE, LOG_CONVERSATIONS, SEE_PEOPLE

router = Router(tags=["documents"])
READ = Key("documents:read", SEE_PEOPLE)
ACT = Key("documents:write", SEE_PEOPLE)
"""Whether the owner may change the record a document is on is asked of each."""
OF_PEOPLE, OF_DEALS = Key("documents:write", EDIT_PEOPLE), Key("documents:write", EDIT_DEALS)
OF_NOTES = Key("documents:write", LOG_CONVERSATIONS)
MADE = ADDS | READS


class DocumentOut(Schema):
    """A document on a record."""

    id: int
    record: str
    record_id: int
    name: str
    type: str
    bytes: int
    sha256: str
    added_at: datetime
    added_by: int | None


class Documents(Schema):
    """A part of the documents of a record, the newest first."""

    items: list[DocumentOut]
    next: str | None


def told(row: Any) -> dict[str, Any]:
    """A document as the API tells it."""
    return {
        "id": row.pk,
        "record": row.record,
        "record_id": row.record_id,
        "name": row.name,
        "type": TYPES[row.content.type].mime,
        "bytes": row.content.size,
        "sha256": row.content.digest,
        "added_at": row.added_at,
        "added_by": row.by_id,
    }


def listed(request: HttpRequest, asked: Asked, record: str, one: int) -> Part[Any]:
    """The documents on a record that the key's owner sees."""
    seen(request, record, one)
    rows = queries.visible_documents(request.user).filter(record=record, record_id=one)
    return part(rows.select_related("content"), asked, told)


def added(request: HttpRequest, file: UploadedFile, record: str, one: int) -> Status[dict[str, Any]]:
    """Put a file onto a record that the key's owner sees; 200 where it was there."""
    seen(request, record, one)
    at, by = timezone.now(), actor(request)
    try:
        made = commands.add_document(record, one, name=file.name or "", chunks=file.chunks(), at=at, by=by)
    except Refused as refused:
        raise wrong("file", wording.refusal(refused.code)) from None
    except commands.NoRecord:
        raise HttpError(409, "Nothing is kept of this record any more.") from None
    row = queries.visible_documents(request.user).select_related("content").get(pk=made.id)
    return Status(201 if made.is_new else 200, told(row))


def seen(request: HttpRequest, record: str, one: int) -> None:
    """404 where the key's owner does not see the record."""
    if not queries.holder_of(record).rows(request.user).filter(pk=one).exists():
        raise Http404


ONE_FILE = {200: DocumentOut, 201: DocumentOut, **MADE}


@router.get(
    "/persons/{person}/documents", response={200: Documents, **READS}, auth=READ, summary="List documents"
)
def list_of_person(request: HttpRequest, person: Id, asked: Query[Asked]) -> Part[Any]:
    """The documents on a person's record, the newest first."""
    return listed(request, asked, "person", person)


@router.post("/persons/{person}/documents", response=ONE_FILE, auth=OF_PEOPLE, summary="Add a document")
def add_to_person(request: HttpRequest, person: Id, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Send one file as `multipart/form-data`; 200 where the same file of the same name is there."""
    return added(request, file, "person", person)


@router.get(
    "/companies/{company}/documents", response={200: Documents, **READS}, auth=READ, summary="List documents"
)
def list_of_company(request: HttpRequest, company: Id, asked: Query[Asked]) -> Part[Any]:
    """The documents on a company's record, the newest first."""
    return listed(request, asked, "company", company)


@router.post("/companies/{company}/documents", response=ONE_FILE, auth=OF_PEOPLE, summary="Add a document")
def add_to_company(request: HttpRequest, company: Id, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Send one file as `multipart/form-data`; 200 where the same file of the same name is there."""
    return added(request, file, "company", company)


@router.get(
    "/deals/{deal}/documents", response={200: Documents, **READS}, auth=READ, summary="List documents"
)
def list_of_deal(request: HttpRequest, deal: Id, asked: Query[Asked]) -> Part[Any]:
    """The documents on a deal, the newest first."""
    return listed(request, asked, "deal", deal)


@router.post("/deals/{deal}/documents", response=ONE_FILE, auth=OF_DEALS, summary="Add a document")
def add_to_deal(request: HttpRequest, deal: Id, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Send one file as `multipart/form-data`; 200 where the same file of the same name is there."""
    return added(request, file, "deal", deal)


@router.get(
    "/notes/{note}/documents", response={200: Documents, **READS}, auth=READ, summary="List documents"
)
def list_of_note(request: HttpRequest, note: Id, asked: Query[Asked]) -> Part[Any]:
    """The documents on a note, the newest first."""
    return listed(request, asked, "note", note)


@router.post("/notes/{note}/documents", response=ONE_FILE, auth=OF_NOTES, summary="Add a document")
def add_to_note(request: HttpRequest, note: Id, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Send one file as `multipart/form-data`; 200 where the same file of the same name is there."""
    return added(request, file, "note", note)


@router.get(
    "/documents/{document}", response={200: DocumentOut, **READS}, auth=READ, summary="Read a document"
)
@tells_row(queries.visible_documents)
def read_document(request: HttpRequest, document: Id) -> dict[str, Any]:
    """What a document is, on a record the key's owner sees."""
    rows = queries.visible_documents(request.user).select_related("content")
    if (row := rows.filter(pk=document).first()) is None:
        raise Http404
    return told(row)


@router.delete("/documents/{document}", response={204: None, **ACTS}, auth=ACT, summary="Remove a document")
def remove_document(request: HttpRequest, document: Id) -> Status[None]:
    """Take a document off its record; for 30 days it can be brought back."""
    changing(request, document, commands.remove_document, removed=False)
    return Status(204, None)


@router.post(
    "/documents/{document}/restoration",
    response={200: DocumentOut, **ACTS},
    auth=ACT,
    summary="Bring a document back",
)
def restore_document(request: HttpRequest, document: Id) -> dict[str, Any]:
    """Bring back a document that was removed within the last 30 days."""
    if queries.document_of(request.user, document) is None:
        changing(request, document, commands.restore_document, removed=True)
    else:
        changing(request, document, lambda *_, **__: True, removed=False)
    return read_document(request, document)


def changing(request: HttpRequest, document: int, verb: Any, *, removed: bool) -> None:
    """Do a verb to a document on a record that the key's owner sees and may change."""
    row = queries.document_of(request.user, document, removed=removed)
    if row is None:
        raise Http404
    if not queries.may_change(request.user, row.record):
        raise PermissionDenied("documents")
    if not verb(document, at=timezone.now(), by=actor(request)):
        raise Http404


@router.get(
    "/documents/{document}/content",
    response={200: None, **READS},
    auth=READ,
    summary="Download a document",
    openapi_extra={
        "responses": {
            200: {
                "content": {
                    one.mime: {"schema": {"type": "string", "format": "binary"}} for one in TYPES.values()
                }
            }
        }
    },
)
def read_content(request: HttpRequest, document: Id) -> HttpResponseBase:
    """The file itself."""
    row = queries.document_of(request.user, document)
    answer = sent(row) if row else None
    if answer is None:
        raise Http404
    return answer
