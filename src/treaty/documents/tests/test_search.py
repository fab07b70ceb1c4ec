"""Documents are found by their names and by what is written in them, by whoever sees their record."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.test import Client

from treaty.deals.tests.factories import deal
from treaty.desk.queries import finding
from treaty.documents import commands
from treaty.documents.jobs import read_documents, read_new_documents
from treaty.documents.models import Content
from treaty.documents.tests.factories import SINCE, document
from treaty.documents.tests.packing import PNG
from treaty.kit.jobs import run_next
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.tests.factories import person, pia
from treaty.search.models import Line
from treaty.search.projections import rebuild
from treaty.search.rules import Kind
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

WARRANTY = "Łódź, 2026. The warranty of the flow meters is five years.".encode()


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job's sign of life goes out on a connection that does not see the test's rows."""
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())


@pytest.fixture
def buyer() -> Person:
    """Ann's person."""
    return pia(owner=staff.ann())


def read_all() -> None:
    """What the worker does."""
    last = 0
    while (read := commands.read_next(at=SINCE, after=last)) is not None:
        last = read


def found(text: str, who: Any = None) -> list[str]:
    """The names of documents that somebody finds, by default Ann."""
    user = who or staff.ann()
    return [hit.title for hit in finding.document_hits(user, text, finding.found_documents(user, text, 8))]


def test_a_document_is_found_by_the_words_of_its_name_at_once(buyer: Person) -> None:
    document("person", buyer.pk, name="Oferta_przepływomierze-2026.png", content=PNG)
    for text in ("oferta", "przeplywomierze", "2026", "OFERTA 20"):
        assert found(text) == ["Oferta_przepływomierze-2026.png"]
    assert found("warranty") == []


def test_it_is_found_by_what_is_written_in_it_once_it_was_read(buyer: Person) -> None:
    document("person", buyer.pk, name="contract.txt", content=WARRANTY)
    assert found("warranty") == []
    read_all()
    for text in ("warranty", "lodz", "flow meters", "contract warranty"):
        assert found(text) == ["contract.txt"]
    (hit,) = finding.document_hits(
        staff.ann(), "warranty", finding.found_documents(staff.ann(), "warranty", 8)
    )
    assert hit.subtitle == "Pia Kowalska · Łódź, 2026. The warranty of the flow meters is five years."
    assert hit.url == f"/people/{buyer.pk}/documents"


def test_the_worker_reads_each_content_once(buyer: Person) -> None:
    document("person", buyer.pk, name="contract.txt", content=WARRANTY)
    document("person", buyer.pk, name="photo.png", content=PNG)
    read_new_documents(SINCE)
    read_new_documents(SINCE)
    assert run_next()
    assert not run_next()
    assert Content.objects.filter(read_at=None).count() == 0
    assert found("warranty") == ["contract.txt"]
    read_new_documents(SINCE)
    assert not run_next()
    document("person", buyer.pk, name="copy.txt", content=WARRANTY)
    assert found("copy warranty") == ["copy.txt"], "its text is known already"
    assert read_documents.__name__ == "read_documents"


def test_only_who_sees_the_record_finds_its_documents(buyer: Person) -> None:
    document("person", buyer.pk, name="contract.txt", content=WARRANTY)
    document("deal", deal(staff.ann(), person=buyer.pk), name="contract of the deal.txt", content=WARRANTY)
    read_all()
    assert sorted(found("warranty")) == ["contract of the deal.txt", "contract.txt"]
    assert found("warranty", staff.mia()) == found("warranty")
    assert found("warranty", staff.cy()) == []
    assert found("contract", staff.cy()) == []


def test_what_is_removed_or_forgotten_is_found_no_more(buyer: Person) -> None:
    one = document("person", buyer.pk, name="contract.txt", content=WARRANTY)
    read_all()
    commands.remove_document(one, at=SINCE, by=None)
    assert found("warranty") == []
    commands.restore_document(one, at=SINCE, by=None)
    assert found("warranty") == ["contract.txt"]
    people.forget_person(buyer.pk, at=SINCE, by=None)
    assert not Line.objects.filter(kind=Kind.DOCUMENT).exists()
    assert not Content.objects.exists()


def test_documents_are_found_with_who_survives_a_merge(buyer: Person) -> None:
    double = person("P. Kowalska", owner=staff.cy())
    document("person", double.pk, name="contract.txt", content=WARRANTY)
    assert found("contract") == []
    people.merge_persons(buyer.pk, merged=double.pk, at=SINCE, by=None)
    assert found("contract") == ["contract.txt"]


def test_a_rebuild_brings_documents_back(buyer: Person) -> None:
    document("person", buyer.pk, name="contract.txt", content=WARRANTY)
    read_all()
    Line.objects.filter(kind=Kind.DOCUMENT).delete()
    assert rebuild(check=True, at=SINCE) == 1
    assert rebuild(check=False, at=SINCE) == 1
    assert rebuild(check=True, at=SINCE) == 0
    assert found("warranty") == ["contract.txt"]


def test_palette_and_search_page_show_documents(
    buyer: Person, client: Client, query_count: Callable[[str], AbstractContextManager[None]]
) -> None:
    document("person", buyer.pk, name="contract.txt", content=WARRANTY)
    read_all()
    client.force_login(staff.ann())
    for path in ("/palette?q=warranty", "/search?q=warranty", "/search?q=warranty&in=documents"):
        client.get(path)
        with query_count(path.replace("warranty", "...")):
            told = client.get(path).content.decode()
        assert "contract.txt" in told
        assert f'href="/people/{buyer.pk}/documents"' in told
