"""An import is taken back: whom it added goes, whom it changed is again what it was, what happened since stays."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from treaty.conversations import commands as conversations
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft, PastDeal
from treaty.imports.commands import CannotUndo, Undone, import_persons, undo_import
from treaty.imports.models import Change, Import
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.kit import setup
from treaty.ledger.models import Touchpoint
from treaty.people import commands as people
from treaty.people.models import Company, Person, PersonTag
from treaty.people.queries import held_identities
from treaty.people.rules import Stage
from treaty.staff.tests import factories

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it, whose files lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()


def imported(tmp_path: Path, text: str, at: datetime = NOW, **options: Any) -> int:
    """The run of an import of this text."""
    path = tmp_path / "file.csv"
    path.write_text(text)
    table = opened(path)
    report, _bad = import_persons(table, guessed(table.header), options=Options(**options), at=at, by=None)
    return report.run


def stands(person: Person) -> tuple[object, ...]:
    """What an import can change of a person."""
    person.refresh_from_db()
    tags = sorted(PersonTag.objects.filter(person=person).values_list("tag__name", flat=True))
    held = sorted(value for _identity, value in held_identities(person.pk))
    return (
        *(person.name, person.city, person.email, person.phone, person.company_id, person.stage),
        *(person.unsubscribed_at, person.owner_id, tags, held, person.employments.count()),
    )


FIRST = "name,email,city\nPia,pia@example.com,Opole\n"
SECOND = (
    "name,email,phone,city,company,stage,tags,unsubscribed,owner\n"
    "Pia K.,pia@example.com,+48321234567,Gliwice,Odlewnia,mql,vip,yes,ann@example.com\n"
    "Bea,bea@example.com,,Opole,Huta,lead,,,\n"
)


def test_an_import_of_new_and_known_persons_is_taken_back_whole(tmp_path: Path) -> None:
    ann = factories.ann()
    imported(tmp_path, FIRST)
    pia = Person.objects.get()
    before = stands(pia)
    run = imported(tmp_path, SECOND.replace("ann@example.com", ann.email), at=LATER)
    assert (stands(pia) != before, Person.objects.count()) == (True, 2)
    assert undo_import(run, at=LATER + timedelta(hours=1), by=None) == Undone(1, 1, 0)
    assert stands(pia) == before
    assert list(Person.objects.all()) == [pia]
    assert not Company.objects.exists()
    assert Import.objects.get(pk=run).state == "undone"
    assert Touchpoint.objects.filter(kind="ImportUndone").count() == 2


def test_the_same_file_comes_in_again_after_it_was_taken_back(tmp_path: Path) -> None:
    text = "name,email\nPia,pia@example.com\n"
    undo_import(imported(tmp_path, text), at=LATER, by=None)
    imported(tmp_path, text, at=LATER)
    assert [value for _identity, value in held_identities(Person.objects.get().pk)] == ["pia@example.com"]


def test_what_somebody_did_since_stays(tmp_path: Path) -> None:
    imported(tmp_path, FIRST)
    pia = Person.objects.get()
    run = imported(tmp_path, "name,email,city\nPia K.,pia@example.com,Gliwice\n", at=LATER)
    people.change_person(pia.pk, changes={"city": "Zabrze"}, at=LATER, by=None)
    undo_import(run, at=LATER, by=None)
    assert stands(pia)[:2] == ("Pia", "Zabrze")


@pytest.mark.parametrize("what", ["called", "deal", "changed", "stage"])
def test_whom_somebody_worked_with_since_is_not_removed(tmp_path: Path, what: str) -> None:
    run = imported(tmp_path, "name,email\nPia,pia@example.com\nBea,bea@example.com\n")
    pia = Person.objects.get(name="Pia")
    ann = factories.ann().pk
    if what == "called":
        conversations.log_call(pia.pk, outcome="reached", at=LATER, by=ann)
    elif what == "deal":
        deals.add_deals([deals_of(pia.pk)], at=LATER, by=ann)
    elif what == "changed":
        people.change_person(pia.pk, changes={"city": "Zabrze"}, at=LATER, by=ann)
    else:
        people.enter_stage([pia.pk], stage=Stage.LEAD, cause="", at=LATER, by=ann)
    assert undo_import(run, at=LATER, by=None) == Undone(removed=1, restored=0, stayed=1)
    assert [person.name for person in Person.objects.all()] == ["Pia"]


def deals_of(person: int) -> PastDeal:
    """A deal with a person."""
    return PastDeal("x:1", DealDraft("Foundry", person=person, stage="new"), opened_at=LATER)


def test_two_changes_of_one_person_lead_back_to_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("treaty.people.commands.add_persons"), "CHUNK", 1)
    imported(tmp_path, FIRST)
    pia = Person.objects.get()
    before = stands(pia)
    rows = "name,email,city,phone\nPia,pia@example.com,Gliwice,\n,pia@example.com,,+48321234567\n"
    run = imported(tmp_path, rows, at=LATER)
    assert Change.objects.filter(run=run).count() == 2
    undo_import(run, at=LATER, by=None)
    assert stands(pia) == before


def test_what_was_taken_back_holds_nobody(tmp_path: Path) -> None:
    first = imported(tmp_path, FIRST)
    second = imported(tmp_path, SECOND.replace("ann@example.com", factories.ann().email), at=LATER)
    undo_import(second, at=LATER, by=None)
    assert undo_import(first, at=LATER, by=None) == Undone(removed=1, restored=0, stayed=0)


def test_a_trial_and_what_is_taken_back_already_cannot_be_taken_back(tmp_path: Path) -> None:
    run = imported(tmp_path, FIRST)
    undo_import(run, at=LATER, by=None)
    for each in (run, imported(tmp_path, FIRST, dry_run=True)):
        with pytest.raises(CannotUndo):
            undo_import(each, at=LATER, by=None)


def test_who_is_forgotten_leaves_nothing_in_what_imports_changed(tmp_path: Path) -> None:
    imported(tmp_path, FIRST)
    imported(tmp_path, "name,email\nPia K.,pia@example.com\n", at=LATER)
    people.forget_person(Person.objects.get().pk, cause="hand", at=LATER, by=None)
    assert [change.fields for change in Change.objects.all()] == [{}]
