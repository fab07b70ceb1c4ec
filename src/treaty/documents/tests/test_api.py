"""Documents over the API: sent as files, listed, read, downloaded, removed and brought back, as far as one sees."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.test_problems import problem
from tests.api.world import Caller, caller
from treaty.deals.tests.factories import deal
from treaty.documents import queries
from treaty.documents.tests.factories import QUOTE, document
from treaty.documents.tests.packing import PNG
from treaty.people.models import Person
from treaty.people.tests.factories import company, pia
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Person:
    """Ann's person."""
    return pia(owner=staff.ann())


@pytest.fixture
def ann() -> Caller:
    """Ann's key."""
    return caller(staff.ann())


def test_a_file_is_sent_listed_read_and_downloaded(ann: Caller, buyer: Person) -> None:
    path = f"/persons/{buyer.pk}/documents"
    made = ann.upload(path, "quote.txt", QUOTE)
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["type"], told["bytes"]) == (
        "quote.txt",
        "text/plain; charset=utf-8",
        len(QUOTE),
    )
    assert (told["record"], told["record_id"]) == ("person", buyer.pk)
    assert ann.upload(path, "quote.txt", QUOTE).status_code == 200
    assert ann("GET", path).json() == {"items": [told], "next": None}
    one = f"/documents/{told['id']}"
    assert ann("GET", one).json() == told
    content = ann("GET", f"{one}/content")
    assert b"".join(content.streaming_content) == QUOTE
    assert content["Content-Disposition"] == 'attachment; filename="quote.txt"'


def test_a_record_of_each_kind_takes_files(ann: Caller, buyer: Person) -> None:
    offer, firm = deal(staff.ann(), person=buyer.pk), company(owner=staff.ann().pk)
    for path in (f"/deals/{offer}/documents", f"/companies/{firm.pk}/documents"):
        assert ann.upload(path, "a.png", PNG).status_code == 201
        assert [one["name"] for one in ann("GET", path).json()["items"]] == ["a.png"]


def test_a_document_is_removed_and_brought_back(ann: Caller, buyer: Person) -> None:
    one = document("person", buyer.pk)
    assert ann("DELETE", f"/documents/{one}").status_code == 204
    assert ann("DELETE", f"/documents/{one}").status_code == 404
    assert ann("GET", f"/documents/{one}/content").status_code == 404
    for _time in range(2):
        assert ann("POST", f"/documents/{one}/restoration").json()["id"] == one
    assert [row.id for row in queries.documents_of("person", buyer.pk)] == [one]


def test_what_is_refused_names_the_file(ann: Caller, buyer: Person, settings: Any) -> None:
    path = f"/persons/{buyer.pk}/documents"
    status, errors = problem(ann.upload(path, "a.svg", b"<svg/>"))
    assert (status, errors[0][0]) == (422, "file")
    assert problem(ann("POST", path, {}))[0] == 422
    settings.DOCUMENT_BYTES = 10
    assert problem(ann.upload(path, "a.txt", b"x" * 11)) == (413, [])


def test_a_call_that_is_named_is_done_once(ann: Caller, buyer: Person) -> None:
    path, named = f"/persons/{buyer.pk}/documents", {"Idempotency-Key": "upload-1"}
    first, again = (
        ann.client.post(f"/api{path}", {"file": SimpleUploadedFile("a.txt", QUOTE)}, headers=named)
        for _ in range(2)
    )
    assert (first.status_code, len(queries.documents_of("person", buyer.pk))) == (201, 1)
    assert again.status_code in {201, 422}, "the same bytes with the same boundary, or another call"


def test_only_who_sees_and_may_change_the_record_reaches_it(buyer: Person) -> None:
    one, cy = document("person", buyer.pk), caller(staff.cy())
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/content"), ("POST", "/restoration")):
        assert cy(method, f"/documents/{one}{path}").status_code == 404
    assert cy.upload(f"/persons/{buyer.pk}/documents", "a.txt", QUOTE).status_code == 404
    olu = caller(staff.user("Olu", "onlooker"))
    assert olu("DELETE", f"/documents/{one}").status_code == 403
    assert olu.upload(f"/persons/{buyer.pk}/documents", "a.txt", QUOTE).status_code == 403
