"""Notes in the bin: out of timelines and searches, back where they stood, and without words after a month."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.api.world import caller
from treaty.conversations import commands
from treaty.conversations.facts import NoteBinned, NoteRestored, NoteWritten
from treaty.conversations.queries import note_bin_of
from treaty.desk.queries import dossier, finding
from treaty.handovers.tests.factories import NOW
from treaty.ledger.queries import recent
from treaty.people.commands import forget_person
from treaty.people.queries import subjects_of
from treaty.people.tests.factories import pia
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


def note(person: int, words: str = "Likes green tea", by: int | None = None) -> int:
    return commands.write_note(person, text=words, at=NOW, by=by).id


def test_ann_puts_a_note_into_the_bin_and_brings_it_back() -> None:
    ann = staff.ann()
    buyer = pia(owner=ann)
    line, client = note(buyer.pk, by=ann.pk), signed_in(ann)
    assert f'formaction="/notes/{line}/bin"' in text(client.get(f"/people/{buyer.pk}/"))
    answer = client.post(f"/notes/{line}/bin", follow=True)
    assert "The note is in the bin." in text(answer)
    assert "Likes green tea" not in text(answer)
    assert "A note was put into the bin" in text(answer)
    shown = text(client.get("/people/bin/notes/"))
    assert "Likes green tea" in shown
    assert "Pia Kowalska" in shown
    back = client.post(f"/notes/{line}/bin", {"_method": "DELETE"}, follow=True)
    assert "Likes green tea" in text(back)
    kinds = [type(one.fact) for one in recent(subjects_of(buyer.pk), 10) if "Note" in one.kind]
    assert kinds == [NoteRestored, NoteBinned, NoteWritten]


def test_a_note_in_the_bin_is_not_found_and_still_told_to_the_person() -> None:
    admin, buyer = staff.admin(), pia()
    line = note(buyer.pk)
    assert finding.found_notes(admin, "green", 5) == [line]
    assert commands.bin_notes([line, line], at=NOW, by=None) == [line]
    assert finding.found_notes(admin, "green", 5) == []
    assert "Likes green tea" in str(dossier(buyer.pk))
    assert commands.restore_notes([line], at=NOW, by=None) == [line]
    assert finding.found_notes(admin, "green", 5) == [line]


def test_the_bin_of_notes_obeys_rights_and_is_a_list(query_count: Any) -> None:
    ann, cy, olu = staff.ann(), staff.cy(), staff.user("Olu", "onlooker")
    buyer = pia(owner=ann)
    lines = [note(buyer.pk, f"Green tea {n}") for n in range(3)]
    assert signed_in(cy).post(f"/notes/{lines[0]}/bin").status_code == 404
    assert signed_in(olu).post(f"/notes/{lines[0]}/bin").status_code == 403
    assert "formaction" not in text(signed_in(olu).get(f"/people/{buyer.pk}/"))
    commands.bin_notes(lines, at=NOW, by=ann.pk)
    assert "Green tea" not in text(signed_in(cy).get("/people/bin/notes/"))
    client = signed_in(ann)
    with query_count("bin of notes"):
        client.get("/people/bin/notes/")
    told = signed_in(staff.admin()).get("/people/bin/notes/?format=csv").getvalue().decode()
    assert told.count("Green tea") == 3
    assert "Pia Kowalska" in told
    client.post("/people/bin/notes/bulk/note_bin.restore", {"pick": lines[:2]})
    assert [row.pk for row in note_bin_of(ann)] == lines[2:]


def test_after_a_month_the_words_are_gone_and_it_happened_all_the_same() -> None:
    buyer = pia()
    line = note(buyer.pk)
    commands.bin_notes([line], at=NOW, by=None)
    assert commands.purge_notes(at=NOW + MONTH - timedelta(seconds=1)) == 0
    assert commands.purge_notes(at=NOW + MONTH) == 1
    assert commands.purge_notes(at=NOW + MONTH) == 0
    assert commands.restore_notes([line], at=NOW + MONTH, by=None) == []
    assert not any(one.text for one in recent(subjects_of(buyer.pk), 10, hidden_too=True))
    assert any(one.id == line for one in recent(subjects_of(buyer.pk), 10, hidden_too=True))


def test_who_is_forgotten_takes_the_notes_of_the_bin_along() -> None:
    admin, buyer = staff.admin(), pia()
    commands.bin_notes([note(buyer.pk)], at=NOW, by=None)
    forget_person(buyer.pk, at=NOW, by=None)
    assert not note_bin_of(admin).exists()


def test_the_bin_of_notes_over_the_api() -> None:
    call, buyer = caller(staff.admin()), pia()
    line = call("POST", f"/persons/{buyer.pk}/notes", {"text": "Likes green tea"}).json()["id"]
    assert call("POST", f"/notes/{line}/restoration").status_code == 404
    assert call("DELETE", f"/notes/{line}").status_code == 204
    assert call("DELETE", f"/notes/{line}").status_code == 404
    assert "green tea" not in text(call("GET", f"/persons/{buyer.pk}/touchpoints"))
    assert call("POST", f"/notes/{line}/restoration").status_code == 204
    assert "green tea" in text(call("GET", f"/persons/{buyer.pk}/touchpoints"))
