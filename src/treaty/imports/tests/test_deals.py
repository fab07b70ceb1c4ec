"""Deals come in from files: met by their key, with their persons, companies, stages and past."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from treaty.deals.commands import bin_deals
from treaty.deals.models import Deal
from treaty.fields import commands as fields
from treaty.fields.commands import FieldDraft
from treaty.fields.queries import values_of
from treaty.fields.rules import Kind
from treaty.handovers.models import Handover
from treaty.imports.commands import Undone, import_records, undo_import
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.rules.things import DEALS
from treaty.imports.tests.test_imports import counted, run, write
from treaty.kit import jobs, setup
from treaty.kit.jobs import run_next
from treaty.ledger.models import Touchpoint
from treaty.people import commands as people
from treaty.people.models import Company, Person
from treaty.people.rules import PersonDraft
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FILE = """\
Deal Name,Record ID,Deal Stage,Amount,Close Date,Create Date,Contact Email,Associated Company,Deal owner,Lost reason
Flow meters,d1,Closed Won,"12,000.50",2026-03-02,2026-01-05,Pia@Example.com,Odlewnia Nowa,Mia,Fast answer
Valves,d2,Closed Lost,900 PLN,2026-03-09,2026-02-05,bea@example.com,,,Too dear
Pumps,d3,Qualified,,2026-12-24,2026-05-05,,Sumida,,
"""


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it with three people, whose files lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()
    factories.mia()
    told = [
        PersonDraft(name="Pia", emails=("pia@example.com",), external=("crm:7",)),
        PersonDraft(name="Bea", emails=("bea@example.com",), phones=("+48321234567",)),
    ]
    people.add_persons(told, at=NOW, by=None, source="hand")


def deal(name: str) -> Deal:
    return Deal.objects.select_related("stage", "person", "company", "owner").get(name=name)


def test_deals_come_in_once_with_their_past(tmp_path: Path) -> None:
    file = write(tmp_path / "deals.csv", FILE)
    assert counted(run("deals", file, "--dry-run")) == (3, 0, 0, 0, 0)
    assert not Deal.objects.exists()
    assert counted(run("deals", file)) == (3, 0, 0, 0, 0)
    won, lost, still = deal("Flow meters"), deal("Valves"), deal("Pumps")
    assert (won.stage.key, won.value_minor, won.currency, won.external_key) == (
        "won",
        1_200_050,
        "EUR",
        "hubspot:d1",
    )
    assert (won.opened_at, won.closed_at) == (
        datetime(2026, 1, 5, tzinfo=UTC),
        datetime(2026, 3, 2, tzinfo=UTC),
    )
    assert (won.person and won.person.name, won.company and won.company.name) == ("Pia", "Odlewnia Nowa")
    assert (won.owner_id, won.reason) == (factories.mia().pk, "Fast answer")
    assert (lost.stage.key, lost.currency, lost.person and lost.person.name) == ("lost", "PLN", "Bea")
    assert (still.stage.key, still.value_minor, still.closed_at) == ("qualified", None, None)
    assert still.close_on == date(2026, 12, 24)
    assert Person.objects.get(name="Pia").stage == "customer"
    assert not Handover.objects.exists(), "history opens no handover"
    lines = Touchpoint.objects.count()
    assert counted(run("deals", file)) == (0, 0, 3, 0, 0)
    assert Touchpoint.objects.count() == lines


def test_a_blank_cell_leaves_stage_and_times_as_they_are_known(tmp_path: Path) -> None:
    run("deals", write(tmp_path / "a.csv", FILE))
    again = write(tmp_path / "b.csv", "deal,id\nFlow meters,d1\nPumps,d3\n")
    assert counted(run("deals", again, "--source", "hubspot")) == (0, 0, 2, 0, 0)
    again = write(tmp_path / "c.csv", "deal,id,stage,value\nPumps,d3,proposal,5000\n")
    assert counted(run("deals", again, "--source", "hubspot")) == (0, 1, 0, 0, 0)
    assert (deal("Pumps").stage.key, deal("Pumps").value_minor) == ("proposal", 500_000)


def test_a_deal_of_the_bin_is_handed_back(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", FILE)
    run("deals", file)
    bin_deals([deal("Pumps").pk], at=NOW, by=None)
    assert counted(run("deals", file)) == (0, 0, 2, 1, 0)


def test_an_ended_deal_without_any_time_ended_when_it_came_in(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "deal,stage\nOld one,won\n")
    assert counted(run("deals", file)) == (1, 0, 0, 0, 0)
    assert deal("Old one").closed_at == deal("Old one").opened_at
    assert counted(run("deals", file)) == (0, 0, 1, 0, 0), "and stays there"


def test_without_a_key_a_deal_is_met_by_its_name_person_and_company(tmp_path: Path) -> None:
    run(
        "deals",
        write(tmp_path / "a.csv", "deal,email,value\nValves,pia@example.com,10\nValves,bea@example.com,20\n"),
    )
    told = run("deals", write(tmp_path / "b.csv", "deal,email,value\nvalves,pia@example.com,30\n"))
    assert counted(told) == (0, 1, 0, 0, 0)
    assert set(Deal.objects.values_list("value_minor", flat=True)) == {2_000, 3_000}


def test_the_person_is_met_by_address_number_or_key_of_the_other_system(tmp_path: Path) -> None:
    text = "deal,person id,email,phone\nA,7,,\nB,,,+48 32 123 45 67\nC,9,bea@example.com,\n"
    assert counted(run("deals", write(tmp_path / "a.csv", text), "--source", "crm")) == (3, 0, 0, 0, 0)
    assert {one.name: one.person and one.person.name for one in Deal.objects.select_related("person")} == {
        "A": "Pia",
        "B": "Bea",
        "C": "Bea",
    }


def test_bad_rows_of_deals_are_handed_back_and_make_nothing(tmp_path: Path) -> None:
    text = (
        "deal,id,stage,value,close date,email,company\nA,1,Dreaming,about 5,soon,,\nB,2,,,,nobody@example.com,Ghost\n"
        "C,3,,,,,\nC,3,won,,,,\n,4,,,,,\n"
    )
    told = run("deals", write(tmp_path / "a.csv", text))
    assert counted(told) == (1, 0, 0, 4, 0)
    assert [(bad["row"], bad["field"]) for bad in told["bad_rows"]] == [
        (2, "stage, value, close_on"),
        (3, "email"),
        (5, "external_key"),
        (6, "name"),
    ]
    assert "Nobody is known by “nobody@example.com”." in told["bad_rows"][1]["reason"]
    assert not Company.objects.filter(name="Ghost").exists()


def test_no_deal_begins_or_ends_in_the_future_or_is_worth_less_than_nothing(tmp_path: Path) -> None:
    text = (
        "deal,id,stage,value,opened,closed,close date\nA,1,new,,2999-01-01,,\nB,2,won,,2026-01-01,2999-01-01,\n"
        "C,3,new,-5,,,\nD,4,won,1,2026-01-01,,2026-12-24\nE,5,new,,2026-01-01,,2026-12-24\n"
        "F,6,new,99999999999999999999999,,,\n"
    )
    file = write(tmp_path / "a.csv", text)
    told = run("deals", file)
    assert counted(told) == (2, 0, 0, 4, 0)
    assert [(bad["row"], bad["field"], bad["reason"]) for bad in told["bad_rows"][:3]] == [
        (2, "opened_at", "“2999-01-01” lies in the future."),
        (3, "closed_at", "“2999-01-01” lies in the future."),
        (4, "value", "“-5” is less than 0."),
    ]
    won = deal("D")
    assert won.closed_at is not None
    assert won.closed_at.date() == NOW.date(), "the day on which it was to close is still to come"
    assert deal("E").close_on == date(2026, 12, 24)
    assert counted(run("deals", file)) == (0, 0, 2, 4, 0)


def test_the_mode_says_which_deals_may_be_touched(tmp_path: Path) -> None:
    run("deals", write(tmp_path / "a.csv", "deal,id,value\nA,1,10\n"))
    both = write(tmp_path / "b.csv", "deal,id,value\nA,1,20\nB,2,30\n")
    created = run("deals", both, "--mode", "create")
    assert (created["new"], created["changed"], created["skipped"]) == (1, 0, 1)
    assert deal("A").value_minor == 1_000
    updated = run("deals", write(tmp_path / "c.csv", "deal,id,value\nA,1,20\nC,3,30\n"), "--mode", "update")
    assert (updated["new"], updated["changed"], updated["skipped"]) == (0, 1, 1)


def test_fields_that_the_company_defined_of_deals_come_in(tmp_path: Path) -> None:
    fields.add_field(FieldDraft("deal", "Plan", Kind.TEXT), at=NOW, by=None)
    run("deals", write(tmp_path / "a.csv", "deal,id,plan\nA,1,big\nB,2,\n"))
    assert values_of("deal", [deal("A").pk])[deal("A").pk] == {"plan": "big"}
    told = run("deals", write(tmp_path / "b.csv", "deal,id,plan\nA,1,small\nB,2,\n"))
    assert counted(told) == (0, 1, 1, 0, 0)
    assert values_of("deal", [deal("A").pk])[deal("A").pk] == {"plan": "small"}


def test_a_run_of_deals_that_was_killed_goes_on_and_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treaty.deals.commands.importing.CHUNK", 1)
    table = opened(write(tmp_path / "deals.csv", "deal,id\nA,1\nB,2\n"))
    columns = guessed(table.header, own_fields(DEALS), DEALS)
    options = Options(job=jobs.start("import_records", "Import", {}, by=None))

    def die(done: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_records(table, columns, options=options, at=NOW, by=None, progress=die)
    report, _bad = import_records(table, columns, options=options, at=LATER, by=None)
    assert (report.of("deals").new, report.of("deals").unchanged) == (2, 0)
    assert undo_import(report.run, at=LATER, by=None) == Undone(removed=2, restored=0, stayed=0)


def test_deals_come_in_by_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    browser = Client()
    browser.force_login(factories.mia())
    sent = SimpleUploadedFile("deals.csv", FILE.encode(), "text/csv")
    page = browser.post("/imports/", {"file": sent, "what": "deals"})["Location"]
    form = browser.get(page).context["form"]
    told = {name: form[name].initial for name in form.fields if name.startswith("column_")}
    assert list(told.values()) == [
        *(
            "name",
            "external_key",
            "stage",
            "value",
            "close_on",
            "opened_at",
            "email",
            "company",
            "owner",
            "reason",
        )
    ]
    rows = browser.post(page, told | {"mode": "upsert"})["Location"]
    assert "0 rows cannot come in as they stand." in browser.get(rows).content.decode()
    there = browser.post(rows, {"act": "import"})["Location"]
    assert run_next()
    shown = browser.get(browser.get(there)["Location"]).content.decode()
    assert "Open deals" in shown
    assert "Take the import back" in shown
    assert Deal.objects.count() == 3
