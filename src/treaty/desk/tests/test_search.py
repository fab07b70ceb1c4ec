"""Searching everything: what was noted is found in all scripts and by rights, kind by kind, page by page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.world import caller
from tests.harness.snapshots import QueryCount
from treaty.conversations.commands import log_call, log_meeting, write_note
from treaty.deals.tests.factories import deal
from treaty.desk.queries import everything, finding
from treaty.desk.tests.test_today import signed_in
from treaty.documents.tests.factories import document
from treaty.handovers.tests.factories import NOW
from treaty.ledger.facts import Subject, SubjectKind
from treaty.people.commands import forget_person, merge_persons
from treaty.people.tests.factories import company, person
from treaty.search.models import Posting
from treaty.search.projections import rebuild
from treaty.search.rules import Kind
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true", "HX-Target": "div#found"}


def noted(user: User, text: str) -> list[str]:
    return [hit.title for hit in finding.note_hits(user, text, finding.found_notes(user, text, 8))]


def page(user: User, query: str, **headers: str) -> str:
    answer = signed_in(user).get(f"/search?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("lodz", "Meets us in Łódź on Monday"),
        ("елка", "Вспоминала: Ёлка у входа"),
        ("営業", "東京営業部の部長です"),
        ("محمد", "سأل مُحَمَّد عن السعر"),
        ("ｔｏｋｙｏ", "flies to Tokyo"),
        ("strasse 7", "Lieferung an Straße 7"),
        ("budget pum", "Pumps: the budget is 20,000"),
        ("pia@example.com", "write to pia@example.com instead"),
        ("bugdet", "the budget is 20,000"),
    ],
)
def test_what_was_noted_is_found_in_each_script(typed: str, text: str) -> None:
    write_note(person("Pia Kowalska").pk, text=text, at=NOW, by=None)
    write_note(person("Nobody Else").pk, text="wants nothing", at=NOW, by=None)
    assert noted(staff.mia(), typed) == ["Pia Kowalska"]


def test_the_newest_note_is_found_first_and_shows_the_place() -> None:
    buyer, long = person("Pia Kowalska").pk, "word " * 50
    log_call(buyer, outcome="reached", note="asked about pumps", at=NOW, by=None)
    log_meeting(buyer, outcome="interested", note=f"{long}wants pumps {long}", at=NOW, by=None)
    log_call(buyer, outcome="no_answer", at=NOW, by=None)
    first, second = finding.note_hits(staff.mia(), "pumps", finding.found_notes(staff.mia(), "pumps", 8))
    assert re.search(r"· … (word )+wants pumps (word )+…$", first.subtitle)
    assert second.subtitle.endswith("· asked about pumps")


def test_notes_about_companies_and_deals_are_found_too() -> None:
    ann, one = staff.ann(), company("Pumpwerk Nord")
    person("Pia Kowalska", owner=ann, company="Pumpwerk Nord")
    write_note(Subject(SubjectKind.COMPANY, one.pk), text="has a second harbour", at=NOW, by=None)
    write_note(
        Subject(SubjectKind.DEAL, deal(ann, name="Pumps")), text="the harbour decides", at=NOW, by=None
    )
    assert noted(ann, "harbour") == ["Pumps", "Pumpwerk Nord"]


def test_a_stranger_finds_no_note_about_anns_persons_and_deals() -> None:
    ann = staff.ann()
    write_note(person("Pia Kowalska", owner=ann).pk, text="a secret budget", at=NOW, by=None)
    write_note(Subject(SubjectKind.DEAL, deal(ann)), text="a secret harbour", at=NOW, by=None)
    assert len(noted(ann, "secret")) == 2
    assert noted(staff.cy(), "secret") == noted(staff.cy(), "sekret") == []


def test_notes_follow_who_was_merged() -> None:
    one, other = person("Pia Kowalska"), person("P. Kowalska", emails=("pia@example.net",))
    write_note(other.pk, text="likes harbours", at=NOW, by=None)
    merge_persons(one.pk, merged=other.pk, at=NOW, by=None)
    assert noted(staff.mia(), "harbours") == ["Pia Kowalska"]


def test_forgetting_a_person_empties_the_notes_of_the_index() -> None:
    buyer = person("Pia Kowalska")
    write_note(buyer.pk, text="likes harbours", at=NOW, by=None)
    forget_person(buyer.pk, at=NOW, by=None)
    assert not Posting.objects.filter(kind=Kind.NOTE).exists()


def test_a_rebuild_brings_notes_back() -> None:
    write_note(person("Pia Kowalska").pk, text="likes harbours", at=NOW, by=None)
    Posting.objects.filter(kind=Kind.NOTE).delete()
    assert rebuild(check=False, at=NOW) == 1
    assert rebuild(check=True, at=NOW) == 0
    assert noted(staff.mia(), "harbours") == ["Pia Kowalska"]


def test_where_something_fits_to_the_letter_nothing_is_shown_that_only_looks_alike() -> None:
    person("Pia Kowalska", emails=())
    company("Kowalski Pumpen")
    assert {one.shelf.key: one.number for one in everything(staff.mia(), "pia kowalska", "", 1).shelves} == {
        "people": 1,
        "companies": 0,
        "deals": 0,
        "notes": 0,
        "documents": 0,
    }
    assert [one.number for one in everything(staff.mia(), "kowalskj", "", 1).shelves] == [1, 1, 0, 0, 0]


def test_everything_stands_side_by_side_with_its_number() -> None:
    ann = staff.ann()
    for number in range(7):
        person(f"Pump {number}", emails=(), owner=ann)
    deal(ann, name="Pumps for the harbour")
    write_note(
        person("Pia Kowalska", owner=ann, company="Pumpwerk Nord").pk, text="has three pumps", at=NOW, by=None
    )
    found = everything(ann, "pump", "", 1)
    assert [(one.shelf.key, one.number, len(one.hits)) for one in found.shelves] == [
        ("people", 7, 5),
        ("companies", 1, 1),
        ("deals", 1, 1),
        ("notes", 1, 1),
        ("documents", 0, 0),
    ]
    told = page(ann, "q=pump")
    assert all(
        text in told for text in ("Show all 7", "Pumpwerk Nord", "Pumps for the harbour", "has three pumps")
    )


def test_one_kind_is_walked_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    monkeypatch.setattr(finding, "PAGES", 2)
    for number in range(5):
        person(f"Anna Nowak {number}", emails=())
    seen = [
        [hit.title for hit in found.chosen.hits]
        for found in (everything(staff.mia(), "anna", "people", number) for number in (1, 2, 9))
        if found.chosen
    ]
    assert seen == [
        ["Anna Nowak 0", "Anna Nowak 1"],
        ["Anna Nowak 2", "Anna Nowak 3"],
        ["Anna Nowak 2", "Anna Nowak 3"],
    ]
    assert 'href="?q=anna&amp;in=people&amp;page=2" rel="next"' in page(staff.mia(), "q=anna&in=people")
    last = page(staff.mia(), "q=anna&in=people&page=2")
    assert 'rel="next"' not in last
    assert "3 to 4 of 4+" in last
    assert "More fits than is shown." in last


def test_a_swap_equals_a_reload() -> None:
    person("Anna Nowak")
    for query in ("q=anna", "q=anna&in=people", "q=anna&in=deals", "q=zzz", ""):
        part = page(staff.mia(), query, **SCRIPT)
        assert "<html" not in part
        assert part.strip() in page(staff.mia(), query)


@pytest.mark.parametrize(
    "query", ["q=%00anna", "q=anna&in=nonsense", "q=anna&in=people&page=x", "q=%25_", "q=anna&page=²"]
)
def test_nonsense_in_the_address_breaks_nothing(query: str) -> None:
    person("Anna Nowak")
    page(staff.mia(), query)


def test_the_palette_offers_notes_and_the_way_to_all() -> None:
    write_note(person("Pia Kowalska").pk, text="likes harbours", at=NOW, by=None)
    told = signed_in(staff.mia()).get("/palette?q=harbour", headers={"HX-Request": "true"}).content.decode()
    assert "<h2>Notes</h2>" in told
    assert 'href="/search?q=harbour"' in told


def test_a_search_asks_a_fixed_number_of_questions(query_count: QueryCount) -> None:
    client = signed_in(staff.mia())
    for number in range(10):
        write_note(person(f"Anna {number}", company=f"Anna {number}").pk, text="anna called", at=NOW, by=None)
        deal(staff.ann(), name=f"Anna {number}")
    client.get("/search?q=anna")
    with query_count("search"):
        client.get("/search?q=anna")
    with query_count("search, notes"):
        client.get("/search?q=anna&in=notes")


def test_a_search_asks_few_questions_however_many_fit() -> None:
    client = signed_in(staff.mia())

    def asked() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/search?q=anna", headers=SCRIPT)
        return len(asked)

    for name in ("Anna Nowak", "Anna Berg"):
        write_note(person(name, company=f"{name} Ltd").pk, text="anna called", at=NOW, by=None)
    client.get("/search?q=anna", headers=SCRIPT)
    few = asked()
    for number in range(10):
        write_note(person(f"Anna {number}", company=f"Anna {number}").pk, text="anna called", at=NOW, by=None)
    assert asked() <= few


def test_the_api_finds_notes_and_documents_too_and_obeys_rights() -> None:
    ann = staff.ann()
    buyer = person("Pia Kowalska", owner=ann).pk
    line = write_note(buyer, text="Wants flow meters", at=NOW, by=None)
    file = document("person", buyer, name="flow-meters.txt")
    found = caller(ann)("GET", "/search?q=flow").json()["items"]
    assert [(hit["kind"], hit["id"]) for hit in found] == [("note", line.id), ("document", file)]
    assert found[1]["url"] == f"/people/{buyer}/documents"
    assert caller(staff.cy())("GET", "/search?q=flow").json()["items"] == []
