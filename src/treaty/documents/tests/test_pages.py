"""Documents on the pages of their records: adding, taking away, bringing back, and who may have the file itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from tests.harness.snapshots import QueryCount
from treaty.deals.tests.factories import deal
from treaty.documents import commands, queries
from treaty.documents.tests.factories import QUOTE, SINCE, document
from treaty.documents.tests.packing import PNG
from treaty.people.commands import forget_person
from treaty.people.models import Person
from treaty.people.tests.factories import company, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def file(name: str = "quote.txt", content: bytes = QUOTE) -> BytesIO:
    """A file as a form sends it."""
    sent = BytesIO(content)
    sent.name = name
    return sent


def sent(client: Client, path: str) -> Any:
    """The answer that brings a file, read to its end."""
    answer: Any = client.get(path)
    if answer.streaming:
        answer.bytes = b"".join(answer.streaming_content)
    return answer


@pytest.fixture
def buyer() -> Person:
    """Ann's person."""
    return pia(owner=staff.ann())


@pytest.fixture
def ann() -> Client:
    """Ann at her desk."""
    return signed_in(staff.ann())


def of(buyer: Person) -> str:
    return f"/people/{buyer.pk}/documents"


def said(client: Client, path: str) -> str:
    """What a page says."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_several_files_are_added_at_once_and_stand_on_the_page_of_the_record(
    ann: Client, buyer: Person
) -> None:
    files = {"files": [file(), file("photo.png", PNG)]}
    assert ann.post(of(buyer), files).status_code == 302
    for path in (f"/people/{buyer.pk}/", of(buyer)):
        page = said(ann, path)
        assert "quote.txt" in page
        assert "photo.png" in page
    (picture, text) = queries.documents_of("person", buyer.pk)
    assert (picture.type.key, text.type.key) == ("png", "text")


def test_what_is_refused_is_said_with_its_reason_and_the_others_are_kept(ann: Client, buyer: Person) -> None:
    files = {"files": [file("page.pdf", b"<html>"), file(), file("setup.exe", b"MZ\0")]}
    page = ann.post(of(buyer), files, follow=True).content.decode()
    assert "page.pdf: Web pages, XML and SVG drawings are not taken" in page
    assert "setup.exe: This type of file is not taken" in page
    assert "1 document was added." in page
    assert [row.name for row in queries.documents_of("person", buyer.pk)] == ["quote.txt"]


def test_a_file_that_is_too_large_is_dropped_on_the_way_and_named(
    ann: Client, buyer: Person, settings: Any
) -> None:
    settings.DOCUMENT_BYTES = 64
    page = ann.post(of(buyer), {"files": [file("big.txt", b"x" * 65), file()]}, follow=True).content.decode()
    assert "big.txt: The file is larger than 64" in page
    assert [row.name for row in queries.documents_of("person", buyer.pk)] == ["quote.txt"]


def test_a_script_is_answered_with_reasons_and_the_next_page_says_them(ann: Client, buyer: Person) -> None:
    script = {"Accept": "application/json"}
    answer = ann.post(of(buyer), {"files": file()}, headers=script)
    assert (answer.status_code, answer.json()) == (201, {"refused": []})
    refused = ann.post(of(buyer), {"files": file("a.svg", b"<svg/>")}, headers=script)
    assert refused.status_code == 422
    assert refused.json()["refused"][0].startswith("Web pages")
    assert "a.svg: Web pages" in said(ann, f"/people/{buyer.pk}/")


def test_nothing_sent_is_told(ann: Client, buyer: Person) -> None:
    assert "Choose at least one file." in ann.post(of(buyer), {}, follow=True).content.decode()


def test_a_file_leaves_as_an_attachment_that_no_browser_runs(ann: Client, buyer: Person) -> None:
    one = document("person", buyer.pk, name="Łódź.html", content=b"hello <script>")
    answer = sent(ann, f"/documents/{one}")
    assert answer.bytes == b"hello <script>"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C5%81%C3%B3d%C5%BA.html.txt"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-cache" in answer["Cache-Control"]


def test_bytes_that_are_gone_are_not_there(ann: Client, buyer: Person) -> None:
    one = document("person", buyer.pk)
    queries.documents_of("person", buyer.pk)[0].path.unlink()
    assert ann.get(f"/documents/{one}").status_code == 404
    assert queries.missing() == 1


def test_only_who_sees_the_record_has_its_documents(ann: Client, buyer: Person) -> None:
    cy = signed_in(staff.cy())
    ids = [document("person", buyer.pk), document("deal", deal(staff.ann(), person=buyer.pk))]
    ids.append(document("company", company(owner=staff.ann().pk).pk))
    removed = document("person", buyer.pk, name="old.txt")
    commands.remove_document(removed, at=SINCE, by=None)
    for one in ids:
        assert sent(ann, f"/documents/{one}").status_code == 200
        assert cy.get(f"/documents/{one}").status_code == 404
        assert cy.delete(f"/documents/{one}").status_code == 404
    assert cy.post(f"/documents/{removed}/restoration").status_code == 404
    assert cy.get(of(buyer)).status_code == 404
    assert cy.post(of(buyer), {"files": file()}).status_code == 404
    assert ann.get(f"/documents/{removed}").status_code == 404
    assert ann.get("/documents/4711").status_code == 404


def test_who_only_looks_gets_the_files_and_changes_nothing(buyer: Person) -> None:
    olu, one = signed_in(staff.user("Olu", "onlooker")), document("person", buyer.pk)
    assert sent(olu, f"/documents/{one}").status_code == 200
    assert "quote.txt" in said(olu, of(buyer))
    assert "Add documents" not in said(olu, of(buyer))
    assert olu.post(of(buyer), {"files": file()}).status_code == 403
    assert olu.post(f"/documents/{one}", {"_method": "DELETE"}).status_code == 403
    commands.remove_document(one, at=SINCE, by=None)
    assert olu.post(f"/documents/{one}/restoration").status_code == 403


def test_removing_offers_to_take_it_back_and_so_does_the_page(ann: Client, buyer: Person, now: Any) -> None:
    one = document("person", buyer.pk)
    page = ann.post(f"/documents/{one}", {"_method": "DELETE"}, follow=True).content.decode()
    assert "quote.txt was removed." in page
    assert f"/documents/{one}/restoration" in page
    assert "Bring back" in said(ann, of(buyer))
    back = ann.post(f"/documents/{one}/restoration", {"next": of(buyer)}, follow=True)
    assert back.request["PATH_INFO"] == of(buyer)
    assert "quote.txt is back." in back.content.decode()
    assert [row.id for row in queries.documents_of("person", buyer.pk)] == [one]
    assert ann.post(f"/documents/{one}/restoration").status_code == 404


def test_the_timeline_tells_of_it_with_the_name(ann: Client, buyer: Person) -> None:
    document("person", buyer.pk)
    page = said(ann, f"/people/{buyer.pk}/?kind=documents")
    assert "A document was added" in page
    assert page.count("quote.txt") >= 2


def test_a_record_without_documents_says_what_they_are_for(ann: Client, buyer: Person) -> None:
    assert "No documents yet" in said(ann, of(buyer))
    assert "Quotes, contracts and drawings can be kept here." in said(ann, f"/people/{buyer.pk}/")


def test_nobody_adds_to_a_person_who_was_forgotten(buyer: Person) -> None:
    ada = signed_in(staff.admin())
    forget_person(buyer.pk, at=SINCE, by=None)
    assert "Add documents" not in said(ada, of(buyer))
    assert ada.post(of(buyer), {"files": file()}).status_code == 404


def test_the_list_is_a_spreadsheet_for_whoever_may_export(ann: Client, buyer: Person) -> None:
    document("person", buyer.pk, name="=cmd.txt", by=staff.ann().pk)
    ada = signed_in(staff.admin())
    lines = sent(ada, of(buyer) + "?format=csv").bytes.decode().splitlines()
    assert lines[0] == "\ufeffName,Type,Bytes,Added,By"
    assert lines[1].startswith("'=cmd.txt,Text,")
    assert lines[1].endswith(",Ann")
    assert "text/html" in ann.get(of(buyer) + "?format=csv")["Content-Type"]


def test_the_pages_ask_a_fixed_number_of_questions(
    ann: Client, buyer: Person, query_count: Callable[[str], AbstractContextManager[None]]
) -> None:
    count: QueryCount = query_count
    for number in range(12):
        document("person", buyer.pk, name=f"{number}.txt", by=staff.ann().pk)
    one = document("person", buyer.pk, name="gone.txt")
    commands.remove_document(one, at=SINCE, by=None)
    for name, path in (("documents", of(buyer)), ("a file", f"/documents/{one - 1}")):
        sent(ann, path)
        with count(name):
            sent(ann, path)
