"""Documents come, go, come back and follow their records; bytes and rows stay together whatever happens between."""

import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import DatabaseError

from treaty.deals.tests.factories import deal
from treaty.desk.queries import pack
from treaty.documents import commands, queries, store
from treaty.documents.commands import adding
from treaty.documents.facts import DocumentAdded, DocumentRemoved, DocumentRestored
from treaty.documents.models import Content, Document
from treaty.documents.rules import Refused
from treaty.documents.tests.factories import QUOTE, SINCE, document
from treaty.documents.tests.packing import PNG
from treaty.imports.leaving import write_archive
from treaty.kit.backup import add_files
from treaty.kit.doctor import BAD, OK
from treaty.ledger.queries import recent
from treaty.people import commands as people
from treaty.people.queries import subjects_of
from treaty.people.tests.factories import company, person, pia
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

LATER = SINCE + timedelta(days=3)
Committing = Callable[..., AbstractContextManager[list[Any]]]


def told(one: int) -> list[tuple[type, str]]:
    """The kinds and texts of what happened with the documents of a person."""
    kinds = ["DocumentAdded", "DocumentRemoved", "DocumentRestored"]
    lines = recent(subjects_of(one), 50, kinds=kinds)
    return [(type(line.fact), line.text) for line in sorted(lines, key=lambda line: line.id)]


def files(folder: Path) -> set[str]:
    """The names of all files in the folder."""
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_file_lies_under_its_hash_and_the_record_tells_of_it(folder: Path) -> None:
    buyer, ann = pia(), staff.ann()
    one = document("person", buyer.pk, by=ann.pk)
    (row,) = queries.documents_of("person", buyer.pk)
    assert (row.id, row.name, row.type.key, row.size, row.by) == (
        one,
        "quote.txt",
        "text",
        len(QUOTE),
        ann.pk,
    )
    assert row.digest == sha256(QUOTE).hexdigest()
    assert row.path.read_bytes() == QUOTE
    assert row.path.stat().st_mode & 0o077 == 0
    assert told(buyer.pk) == [(DocumentAdded, "quote.txt")]
    assert AuditRow.objects.get(verb="document_added").changes == {"document": [None, "quote.txt"]}
    assert files(folder) == {row.digest}


def test_the_same_file_of_the_same_name_is_there_once_and_its_bytes_lie_there_once(folder: Path) -> None:
    buyer, firm = pia(), company()
    one = document("person", buyer.pk)
    again = commands.add_document("person", buyer.pk, name="quote.txt", chunks=[QUOTE], at=LATER, by=None)
    assert again == adding.Added(one, is_new=False)
    document("person", buyer.pk, name="other.txt")
    document("company", firm.pk)
    assert Document.objects.count() == 3
    assert files(folder) == {sha256(QUOTE).hexdigest()}


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"<svg/>", "markup"), (b"MZ\0", "unknown")])
def test_a_refused_file_leaves_nothing(folder: Path, content: bytes, code: str) -> None:
    buyer = pia()
    with pytest.raises(Refused) as refused:
        document("person", buyer.pk, name="quote.pdf", content=content)
    assert refused.value.code == code
    assert files(folder) == set()
    assert not Document.objects.exists()


def test_a_file_that_grows_too_large_is_given_up_at_once(folder: Path, settings: Any) -> None:
    settings.DOCUMENT_BYTES = 10

    def chunks() -> Iterator[bytes]:
        yield b"0123456789"
        yield b"x"
        raise AssertionError("nobody reads on")

    with pytest.raises(Refused) as refused:
        commands.add_document("person", pia().pk, name="a.txt", chunks=chunks(), at=SINCE, by=None)
    assert refused.value.code == "too_large"
    assert files(folder) == set()


def test_nothing_is_put_onto_who_is_not_there_or_was_forgotten(folder: Path) -> None:
    buyer = pia()
    people.forget_person(buyer.pk, at=SINCE, by=None)
    for one in (buyer.pk, 10_000):
        with pytest.raises(commands.NoRecord):
            document("person", one)
    assert files(folder) == set()


def test_what_breaks_before_the_row_is_written_leaves_a_file_that_the_sweep_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer = pia()

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(adding, "record_fact", broken)
    with pytest.raises(DatabaseError):
        document("person", buyer.pk)
    monkeypatch.undo()
    assert not Document.objects.exists()
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    commands.sweep(SINCE)
    age(path, SINCE.timestamp() - 3600)
    commands.sweep(SINCE)
    assert path.exists(), "an upload may be under way"
    commands.sweep(SINCE + timedelta(days=1))
    assert files(folder) == set()


def age(path: Path, moment: float) -> None:
    """Let a file be as old as if it was written at a moment."""
    os.utime(path, (moment, moment))


def test_bytes_of_an_upload_that_was_killed_are_swept(folder: Path) -> None:
    incoming = folder / "incoming" / "half"
    incoming.parent.mkdir(parents=True)
    incoming.write_bytes(b"%PDF-")
    age(incoming, SINCE.timestamp())
    commands.sweep(SINCE + timedelta(hours=23))
    assert incoming.exists()
    commands.sweep(SINCE + timedelta(hours=25))
    assert not incoming.exists()


def test_the_sweep_keeps_every_file_that_has_a_row(folder: Path) -> None:
    buyer = pia()
    document("person", buyer.pk)
    document("person", buyer.pk, name="a.png", content=PNG)
    before = files(folder)
    for path in folder.rglob("*"):
        age(path, 0)
    commands.sweep(LATER)
    assert files(folder) == before
    assert len(before) == 2
    assert queries.missing() == 0


def test_a_removed_document_comes_back_for_a_month_and_then_its_bytes_go(
    folder: Path, django_capture_on_commit_callbacks: Committing
) -> None:
    buyer = pia()
    one = document("person", buyer.pk)
    assert commands.remove_document(one, at=LATER, by=None)
    assert not commands.remove_document(one, at=LATER, by=None)
    assert queries.documents_of("person", buyer.pk) == []
    assert commands.restore_document(one, at=LATER + timedelta(days=29), by=None)
    assert not commands.restore_document(one, at=LATER, by=None)
    assert [kind for kind, _text in told(buyer.pk)] == [DocumentAdded, DocumentRemoved, DocumentRestored]
    commands.remove_document(one, at=LATER, by=None)
    assert not commands.restore_document(one, at=LATER + timedelta(days=30), by=None)
    commands.sweep(LATER + timedelta(days=29))
    assert len(files(folder)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        commands.sweep(LATER + timedelta(days=30))
    assert not Content.objects.exists()
    assert files(folder) == set()


def test_forgetting_a_person_takes_documents_names_and_bytes_away_also_of_its_deals(
    folder: Path, django_capture_on_commit_callbacks: Committing
) -> None:
    ann, buyer, other = staff.ann(), pia(), person("Quinn Doe")
    offer = deal(ann, person=buyer.pk)
    document("person", buyer.pk, name="pia-kowalska.png", content=PNG)
    document("deal", offer, name="offer-for-pia.txt", content=b"Offer for Pia")
    removed = document("person", buyer.pk, name="old.txt", content=b"Old")
    commands.remove_document(removed, at=LATER, by=None)
    document("person", buyer.pk)
    document("person", other.pk)
    with django_capture_on_commit_callbacks(execute=True):
        people.forget_person(buyer.pk, at=LATER, by=ann.pk)
    assert [row.record_id for row in Document.objects.all()] == [other.pk]
    assert files(folder) == {sha256(QUOTE).hexdigest()}, "whose bytes are another's too keeps them there"
    assert {text for _kind, text in told(buyer.pk)} == {""}
    assert "pia" not in str(list(AuditRow.objects.values_list("changes", flat=True))).lower()


def test_bytes_stay_where_the_forgetting_is_not_committed(folder: Path) -> None:
    buyer = pia()
    document("person", buyer.pk)
    commands.erase_documents("person", [buyer.pk])
    assert len(files(folder)) == 1


def test_documents_go_over_to_who_survives_a_merge_and_come_back(folder: Path) -> None:
    buyer, double = pia(), person("P. Kowalska")
    ours, theirs = document("person", buyer.pk), document("person", double.pk, name="theirs.txt")
    merged = people.merge_persons(buyer.pk, merged=double.pk, at=LATER, by=None)
    assert {row.id for row in queries.documents_of("person", buyer.pk)} == {ours, theirs}
    people.undo_merge(merged.id, at=LATER, by=None)
    assert [row.id for row in queries.documents_of("person", buyer.pk)] == [ours]
    assert [row.id for row in queries.documents_of("person", double.pk)] == [theirs]


def test_documents_of_a_record_that_is_gone_go_with_the_next_sweep(
    folder: Path, django_capture_on_commit_callbacks: Committing
) -> None:
    document("person", pia().pk)
    content = Content.objects.get()
    Document.objects.create(content=content, record="deal", record_id=4711, name="a.txt", added_at=SINCE)
    with django_capture_on_commit_callbacks(execute=True):
        commands.sweep(LATER)
    assert [row.record for row in Document.objects.all()] == ["person"]


def test_who_asks_what_is_known_of_them_hears_of_their_documents() -> None:
    buyer = pia()
    document("person", buyer.pk)
    (one,) = queries.known_of(buyer.pk)["documents"]
    assert one == {
        "name": "quote.txt",
        "type": "text/plain; charset=utf-8",
        "bytes": len(QUOTE),
        "added_at": SINCE,
    }


def test_what_leaves_takes_the_files_along(tmp_path: Path) -> None:
    ann, buyer = staff.ann(), pia()
    ours = document("person", buyer.pk)
    theirs = document("deal", deal(ann, person=buyer.pk), name="offer.txt", content=b"Offer")
    document("person", person("Quinn Doe").pk, name="other.txt")
    write_archive(tmp_path / "all.zip", (), lambda _rows: None)
    with ZipFile(tmp_path / "all.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("documents/files/")]
        assert archive.read(f"documents/files/{theirs}-offer.txt") == b"Offer"
    assert len(names) == 3
    file = BytesIO()
    pack(buyer.pk, file)
    with ZipFile(file) as archive:
        assert archive.read(f"documents/{ours}-quote.txt") == QUOTE
        told = json.loads(archive.read(f"person-{buyer.pk}.json"))
        names = archive.namelist()
    assert names == [
        f"person-{buyer.pk}.json",
        f"documents/{ours}-quote.txt",
        f"documents/{theirs}-offer.txt",
    ]
    assert told["deals"][0]["documents"] == ["offer.txt"]


def test_the_doctor_counts_files_that_are_not_there() -> None:
    document("person", pia().pk)
    (finding,) = queries.findings()
    assert finding.state == OK
    queries.documents_of("person", Document.objects.get().record_id)[0].path.unlink()
    (finding,) = queries.findings()
    assert (finding.state, finding.seen) == (BAD, "the bytes of 1 are not there")


def test_files_of_a_backup_that_no_row_names_go_at_once(folder: Path) -> None:
    document("person", pia().pk)
    restored = store.path_of("f" * 64)
    restored.parent.mkdir()
    restored.write_bytes(b"of somebody who was forgotten since")
    commands.after_files()
    assert files(folder) == {sha256(QUOTE).hexdigest()}


def test_a_backup_holds_the_files_and_goes_on_where_one_is_taken_away_meanwhile(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document("person", pia().pk)
    document("person", pia().pk, name="a.png", content=PNG)
    kept = sha256(QUOTE).hexdigest()
    add = tarfile.TarFile.add

    def while_one_goes(tar: tarfile.TarFile, name: Path, *more: Any, **named: Any) -> None:
        store.path_of(sha256(PNG).hexdigest()).unlink(missing_ok=True)
        add(tar, name, *more, **named)

    monkeypatch.setattr(tarfile.TarFile, "add", while_one_goes)
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        add_files(tar, folder.parent)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert [one.name for one in tar if one.isfile()] == [f"files/documents/{kept[:2]}/{kept}"]
