"""Documents on notes: put there, seen in the timeline, found, hidden with the note in the bin, and gone with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.world import caller
from treaty.conversations import commands
from treaty.desk.queries import dossier, files, finding
from treaty.documents.commands import sweep
from treaty.documents.models import Document
from treaty.documents.tests.factories import document
from treaty.handovers.tests.factories import NOW
from treaty.people.commands import bin_persons, forget_person
from treaty.people.tests.factories import person, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def note(person: int) -> int:
    return commands.write_note(person, text="Sent us the drawings of the old hall", at=NOW, by=None).id


def test_ann_attaches_a_drawing_to_a_note_and_finds_it_in_the_timeline() -> None:
    ann = staff.ann()
    buyer, client = pia(owner=ann), signed_in(ann)
    told = {"text": "Sent us the drawings", "goes_on": "on"}
    answer = client.post(f"/people/{buyer.pk}/notes", told, follow=True)
    path = answer.redirect_chain[-1][0]
    assert path.startswith("/notes/")
    assert "Documents of <bdi>Sent us the drawings</bdi>" in text(answer)
    client.post(path, {"files": SimpleUploadedFile("hall.txt", b"A hall of steel.")})
    [row] = Document.objects.all()
    shown = text(client.get(f"/people/{buyer.pk}/"))
    assert f'href="/documents/{row.pk}"' in shown
    assert "A document was added" in shown
    assert client.get(f"/documents/{row.pk}").status_code == 200
    led = client.get(path.removesuffix("documents"))
    assert led.headers["Location"] == f"/people/{buyer.pk}/?kind=notes#timeline"


def test_what_is_on_a_note_obeys_the_rights_of_its_person() -> None:
    ann, cy, olu = staff.ann(), staff.cy(), staff.user("Olu", "onlooker")
    line = note(pia(owner=ann).pk)
    file = document("note", line, name="hall.txt")
    assert finding.found_documents(ann, "hall", 5) == [file]
    assert finding.found_documents(cy, "hall", 5) == []
    assert signed_in(cy).get(f"/documents/{file}").status_code == 404
    assert signed_in(cy).get(f"/notes/{line}/documents").status_code == 404
    assert signed_in(olu).get(f"/notes/{line}/documents").status_code == 200
    assert signed_in(olu).post(f"/notes/{line}/documents").status_code == 403


def test_it_goes_into_the_bin_with_the_note_and_comes_back() -> None:
    admin, buyer = staff.admin(), pia()
    line = note(buyer.pk)
    file = document("note", line, name="hall.txt")
    commands.bin_notes([line], at=NOW, by=None)
    assert finding.found_documents(admin, "hall", 5) == []
    assert signed_in(admin).get(f"/documents/{file}").status_code == 404
    sweep(NOW)
    commands.restore_notes([line], at=NOW, by=None)
    assert finding.found_documents(admin, "hall", 5) == [file]
    bin_persons([buyer.pk], at=NOW, by=None)
    assert finding.found_documents(admin, "hall", 5) == []


def test_it_goes_for_good_with_the_words_of_the_note_and_with_its_person() -> None:
    first, second = pia(), person("Rosa Lima")
    line = note(first.pk)
    document("note", line)
    commands.bin_notes([line], at=NOW, by=None)
    commands.purge_notes(at=NOW + MONTH)
    assert not Document.objects.exists()
    document("note", note(second.pk))
    forget_person(second.pk, at=NOW, by=None)
    assert not Document.objects.exists()


def test_the_person_gets_it_along() -> None:
    buyer = pia()
    file = document("note", note(buyer.pk), name="hall.txt")
    assert dossier(buyer.pk)["note_documents"] == ["hall.txt"]
    assert [row.id for row in files(buyer.pk)] == [file]


def test_documents_of_notes_over_the_api() -> None:
    call, line = caller(staff.admin()), note(pia().pk)
    made = call.upload(f"/notes/{line}/documents", "hall.txt", b"A hall of steel.")
    assert (made.status_code, made.json()["record"]) == (201, "note")
    assert [one["name"] for one in call("GET", f"/notes/{line}/documents").json()["items"]] == ["hall.txt"]
    assert call("GET", f"/notes/{line + 999}/documents").status_code == 404
