"""An import of deals is taken back: what it added goes, what it changed is again what it was, persons step back with them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from treaty.deals import commands as deals
from treaty.deals.models import Deal
from treaty.deals.projections import rebuild
from treaty.fields import commands as fields
from treaty.fields.commands import FieldDraft
from treaty.fields.queries import values_of
from treaty.fields.rules import Kind
from treaty.imports.commands import Undone, import_records, undo_import
from treaty.imports.models import Change, Import, RecordChange
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.things import DEALS
from treaty.imports.tests.test_imports import write
from treaty.kit import setup
from treaty.people import commands as people
from treaty.people.models import Company, Person
from treaty.people.projections import rebuild as rebuild_persons
from treaty.people.rules import PersonDraft
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HEAD = "deal,id,stage,value,close date,created,email,company,reason,plan\n"
FIRST = f"{HEAD}Flow meters,d1,new,1000,,2026-01-05,pia@example.com,,,big\n"
SECOND = (
    f"{HEAD}Meters,d1,won,2000,2026-03-02,,pia@example.com,Odlewnia,Fast answer,small\n"
    "Valves,d2,lost,900,2026-03-09,2026-02-05,bea@example.com,Huta,Too dear,\n"
    "Pumps,d3,won,700,2026-04-09,2026-02-05,bea@example.com,Huta,Best,\n"
)


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it with two people and a field of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()
    told = [PersonDraft(name=name, emails=(f"{name.lower()}@example.com",)) for name in ("Pia", "Bea")]
    people.add_persons(told, at=NOW - timedelta(days=1), by=None, source="hand")
    fields.add_field(FieldDraft("deal", "Plan", Kind.TEXT), at=NOW, by=None)


@pytest.fixture
def brought(tmp_path: Path) -> Callable[[str, datetime], int]:
    """Brings deals in; the run."""

    def bring(text: str, at: datetime) -> int:
        table = opened(write(tmp_path / "deals.csv", text))
        columns = guessed(table.header, own_fields(DEALS), DEALS)
        report, _bad = import_records(table, columns, at=at, by=None)
        assert not report.rejected
        return report.run

    return bring


def stands(deal: str) -> tuple[object, ...]:
    """What an import can change of a deal."""
    row = Deal.objects.select_related("stage", "company").get(external_key=f"file:{deal}")
    return (
        *(row.name, row.folded, row.stage.key, row.value_minor, row.closed_at, row.close_on, row.reason),
        *(row.company and row.company.name, values_of("deal", [row.pk])[row.pk]),
    )


def stages() -> dict[str, str]:
    return dict(Person.objects.values_list("name", "stage"))


def nothing_differs() -> bool:
    """Whether every deal and person stands as its history says."""
    return rebuild(check=True, at=LATER) == 0 == rebuild_persons(check=True, at=LATER)


def test_an_import_of_new_and_known_deals_is_taken_back_whole_and_comes_in_again(
    brought: Callable[[str, datetime], int],
) -> None:
    brought(FIRST, NOW)
    before, people_before = stands("d1"), stages()
    run = brought(SECOND, LATER)
    after, people_after = stands("d1"), stages()
    assert (after[2], people_after) == ("won", {"Pia": "customer", "Bea": "customer"})
    at = LATER + timedelta(hours=1)
    assert undo_import(run, at=at, by=None) == Undone(removed=2, restored=1, stayed=0)
    assert (stands("d1"), stages()) == (before, people_before)
    assert list(Deal.objects.values_list("name", flat=True)) == ["Flow meters"]
    assert not Company.objects.exists()
    assert Import.objects.get(pk=run).state == "undone"
    assert not Change.objects.filter(run=run).exists()
    assert nothing_differs()
    brought(SECOND, at + timedelta(hours=1))
    assert (stands("d1"), stages(), Deal.objects.count()) == (after, people_after, 3)
    assert nothing_differs()


def test_what_somebody_did_since_stays(brought: Callable[[str, datetime], int]) -> None:
    brought(FIRST, NOW)
    run = brought(SECOND, LATER)
    meters, valves, pumps = Deal.objects.order_by("external_key")
    deals.change_deal(meters.pk, name="Great meters", at=LATER, by=factories.ann().pk)
    deals.change_deal(valves.pk, name="Great valves", at=LATER, by=factories.ann().pk)
    deals.reopen(pumps.pk, at=LATER, by=factories.ann().pk)
    assert undo_import(run, at=LATER, by=None) == Undone(removed=0, restored=1, stayed=2)
    assert stands("d1")[:3] == ("Great meters", "great meters", "new")
    assert Deal.objects.count() == 3
    assert stages() == {"Pia": "opportunity", "Bea": "opportunity"}
    assert nothing_differs()


def test_another_deal_keeps_its_person_where_it_stands(brought: Callable[[str, datetime], int]) -> None:
    run = brought(SECOND, NOW)
    bea = Person.objects.get(name="Bea").pk
    brought(f"{HEAD}More,d9,won,10,2026-05-05,2026-05-01,bea@example.com,,Best,\n", LATER)
    assert undo_import(run, at=LATER, by=None) == Undone(removed=3, restored=0, stayed=0)
    assert stages() == {"Pia": "subscriber", "Bea": "customer"}
    assert Deal.objects.get().person_id == bea
    assert nothing_differs()


def test_what_was_taken_back_holds_no_earlier_import(brought: Callable[[str, datetime], int]) -> None:
    first = brought(FIRST, NOW)
    second = brought(SECOND, LATER)
    undo_import(second, at=LATER + timedelta(hours=1), by=None)
    assert undo_import(first, at=LATER + timedelta(hours=2), by=None) == Undone(1, 0, 0)
    assert (Deal.objects.count(), stages()) == (0, {"Pia": "subscriber", "Bea": "subscriber"})


def test_nothing_readable_stays_of_who_is_forgotten_or_of_a_deal_that_went(
    brought: Callable[[str, datetime], int],
) -> None:
    brought(SECOND.replace("won", "new"), NOW)
    brought(SECOND, LATER)
    assert RecordChange.objects.exclude(fields={}).count() == 2
    people.forget_person(Person.objects.get(name="Pia").pk, cause="hand", at=LATER, by=None)
    assert RecordChange.objects.exclude(fields={}).count() == 1
    pumps = Deal.objects.get(external_key="file:d3").pk
    deals.bin_deals([pumps], at=LATER, by=None)
    deals.purge_deals(at=LATER + timedelta(days=31))
    assert not RecordChange.objects.exclude(fields={}).exists()
