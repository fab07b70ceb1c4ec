"""Companies come in from files: good rows are kept, bad ones handed back, the same file again changes nothing."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from treaty.fields import commands as fields
from treaty.fields.commands import FieldDraft
from treaty.fields.queries import values_of
from treaty.fields.rules import Kind
from treaty.imports.cli import import_group
from treaty.imports.commands import Undone, import_records, undo_import
from treaty.imports.models import Import, RecordChange
from treaty.imports.queries import own_fields
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.rules.things import COMPANIES
from treaty.imports.tests.test_imports import counted, run, write
from treaty.kit import jobs, setup
from treaty.kit.jobs import run_next
from treaty.ledger.models import Touchpoint
from treaty.people import commands as people
from treaty.people.models import Company
from treaty.people.rules import PersonDraft
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FILE = """\
Company,ID,Website,Industry,Number of employees,Annual revenue,Country,Parent company,Owner
Odlewnia Nowa,c1,https://www.odlewnia.example/o,Foundry,"1,200",12 000 000 PLN,Poland,Odlewnia Grupa,mia@kestrel.example
Sumida,c2,sumida.example,Chemistry,85.0,"€9,500,000.50",日本,,
"""


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it, whose files lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()
    factories.mia()


def brought(tmp_path: Path, text: str, at: datetime = NOW, **options: Any) -> tuple[int, dict[str, int]]:
    """The run of an import of this text, and what became of its rows."""
    table = opened(write(tmp_path / "companies.csv", text))
    columns = guessed(table.header, own_fields(COMPANIES), COMPANIES)
    report, _bad = import_records(table, columns, options=Options(**options), at=at, by=None)
    return report.run, report.of("companies").as_dict()


def named(name: str) -> Company:
    return Company.objects.get(name=name)


def test_a_file_of_companies_comes_in_once(tmp_path: Path) -> None:
    file = write(tmp_path / "companies.csv", FILE)
    assert counted(run("companies", file, "--dry-run")) == (2, 0, 0, 0, 0)
    assert not Company.objects.exists()
    assert counted(run("companies", file)) == (2, 0, 0, 0, 0)
    one, other = named("Odlewnia Nowa"), named("Sumida")
    assert (one.domain, one.sector, one.employees, one.country) == (
        "odlewnia.example",
        "Foundry",
        1200,
        "PL",
    )
    assert (one.revenue_minor, one.revenue_currency) == (1_200_000_000, "PLN")
    assert (one.parent_id, one.owner_id) == (named("Odlewnia Grupa").pk, factories.mia().pk)
    assert (one.external_key, other.country, other.employees) == ("file:c1", "JP", 85)
    assert (other.revenue_minor, other.revenue_currency) == (950_000_050, "EUR")
    lines = Touchpoint.objects.count()
    assert counted(run("companies", file)) == (0, 0, 2, 0, 0)
    assert Touchpoint.objects.count() == lines


def test_no_company_belongs_to_itself(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "company,parent\nHuta Grupa,HUTA grupa\nHuta Wschód,Huta Grupa\n")
    assert counted(run("companies", file)) == (2, 0, 0, 0, 0)
    assert (named("Huta Grupa").parent, named("Huta Wschód").parent) == (None, named("Huta Grupa"))
    assert counted(run("companies", file)) == (0, 0, 2, 0, 0)


def test_rows_that_would_put_a_company_above_itself_are_handed_back(tmp_path: Path) -> None:
    text = "company,city,parent\nA,Opole,B\nB,Lublin,C\nC,Gdynia,a\n"
    run_, counts = brought(tmp_path, text)
    assert (counts["new"], counts["bad"]) == (2, 1)
    assert "“a” belongs to the company of this row" in Path(Import.objects.get(pk=run_).bad_file).read_text()
    assert {one.name: (one.city, one.parent_id) for one in Company.objects.all()} == {
        "A": ("Opole", named("B").pk),
        "B": ("Lublin", named("C").pk),
        "C": ("", None),
    }
    assert brought(tmp_path, "company,parent\nC,B\n")[1]["bad"] == 1, "what is here already counts as well"
    assert brought(tmp_path, "company,parent\nC,C\n")[1]["unchanged"] == 1


@pytest.mark.parametrize("since", ["turned", "gone"])
def test_who_takes_an_import_back_closes_no_round(tmp_path: Path, since: str) -> None:
    brought(tmp_path, "company,city,parent\nShop,,Works\n")
    number, _counts = brought(tmp_path, "company,city,parent\nShop,Opole,Group\n", at=LATER)
    if since == "turned":
        people.change_company(named("Works").pk, changes={"parent_id": named("Shop").pk}, at=LATER, by=None)
    else:
        named("Works").delete()
    undo_import(number, at=LATER, by=None)
    assert (named("Shop").city, named("Shop").parent) == ("", named("Group"))


def test_a_company_of_the_bin_is_handed_back_and_stays_there(tmp_path: Path) -> None:
    brought(tmp_path, FILE)
    people.bin_companies([named("Sumida").pk], at=NOW, by=None)
    _run, counts = brought(tmp_path, FILE.replace("Chemistry", "Food"), at=LATER)
    assert (counts["unchanged"], counts["bad"]) == (1, 1)
    assert named("Sumida").sector == "Chemistry"
    with_person = "email,company\nrosa@example.com,Sumida\n"
    run("persons", write(tmp_path / "persons.csv", with_person))
    assert Company.objects.filter(name="Sumida").count() == 1, "who works there is linked to it"


def test_bad_rows_are_handed_back_with_every_wrong_field_and_the_mended_file_comes_in(tmp_path: Path) -> None:
    text = (
        "name,employees,founded,revenue,owner\nA,many,1999,much,Nobody\n,5,,,\nC,5,0,,\nD,4,1999,10.5 EUR,\n"
    )
    told = run(
        "companies",
        write(tmp_path / "bad.csv", text),
        "--column",
        "name=name",
        "--column",
        "employees=employees",
        "--column",
        "founded=founded",
        "--column",
        "revenue=revenue",
        "--column",
        "owner=owner",
    )
    assert counted(told) == (1, 0, 0, 3, 0)
    assert [(bad["row"], bad["field"]) for bad in told["bad_rows"]] == [
        (2, "employees, revenue, owner"),
        (3, "name"),
        (4, "founded"),
    ]
    assert "“much” is not an amount" in told["bad_rows"][0]["reason"]
    mended = Path(told["bad_file"]).read_text("utf-8-sig")
    for wrong, right in (("many", "9"), ("much", "1"), ("Nobody", ""), (",0,,", ",1990,,")):
        mended = mended.replace(wrong, right)
    again = run("companies", write(tmp_path / "mended.csv", mended), "--column", "name=name")
    assert counted(again) == (2, 0, 0, 1, 0)


def test_a_file_whose_columns_name_no_company_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "file.csv", "Foo,Bar\n1,2\n")
    outcome = CliRunner().invoke(import_group, ["companies", str(file), "--json"])
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "No column holds name. Columns are: Foo, Bar." in outcome.stderr


def test_the_mode_says_which_companies_may_be_touched(tmp_path: Path) -> None:
    brought(tmp_path, "company,city\nA,Opole\n")
    text = "company,city\nA,Lublin\nB,Gdynia\n"
    assert brought(tmp_path, text, mode="create")[1] | {"bad": 0} == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "bad": 0,
        "flagged": 0,
        "skipped": 1,
    }
    assert named("A").city == "Opole"
    counts = brought(tmp_path, "company,city\nA,Lublin\nC,Gdynia\n", mode="update")[1]
    assert (counts["changed"], counts["skipped"], counts["new"]) == (1, 1, 0)
    assert not Company.objects.filter(name="C").exists()


def test_who_works_at_a_changed_company_is_told_of_by_a_fact_of_the_run(tmp_path: Path) -> None:
    brought(tmp_path, "company,employees\nA,5\n")
    number, _counts = brought(tmp_path, "company,employees\nA,50\n")
    [line] = Touchpoint.objects.filter(kind="CompanyChanged")
    assert (line.batch, line.subject_id) == (number, named("A").pk)


def test_an_import_of_companies_is_taken_back(tmp_path: Path) -> None:
    fields.add_field(FieldDraft("company", "Plan", Kind.TEXT), at=NOW, by=None)
    brought(tmp_path, "company,city,plan\nOld,Opole,small\n")
    number, counts = brought(
        tmp_path,
        "company,city,sector,plan,parent\nOld,Lublin,Pumps,big,Group\nNew,Gdynia,,big,Group\nBusy,,,,\n",
        at=LATER,
    )
    assert (counts["new"], counts["changed"]) == (2, 1)
    people.change_company(named("Old").pk, changes={"sector": "Valves"}, at=LATER, by=None)
    people.add_persons([PersonDraft(name="Pia", company="Busy")], at=LATER, by=None, source="hand")
    assert undo_import(number, at=LATER, by=None) == Undone(removed=2, restored=1, stayed=1)
    old = named("Old")
    assert (old.city, old.sector, old.parent) == ("Opole", "Valves", None)
    assert values_of("company", [old.pk])[old.pk]["plan"] == "small"
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Busy", "Old"]
    assert Import.objects.get(pk=number).state == "undone"


def test_a_run_that_was_killed_goes_on_and_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.start("import_records", "Import", {}, by=None)
    monkeypatch.setattr("treaty.people.commands.companies.CHUNK", 1)

    def die(done: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    table = opened(write(tmp_path / "companies.csv", "company\nA\nB\n"))
    columns = guessed(table.header, own_fields(COMPANIES), COMPANIES)
    options = Options(job=job)
    with pytest.raises(KeyboardInterrupt):
        import_records(table, columns, options=options, at=NOW, by=None, progress=die)
    report, _bad = import_records(table, columns, options=options, at=LATER, by=None)
    assert (report.of("companies").new, report.of("companies").unchanged) == (2, 0)
    assert RecordChange.objects.filter(run=report.run, is_new=True).count() == 2


def test_companies_come_in_by_the_pages_and_their_columns_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    browser = Client()
    browser.force_login(factories.mia())
    sent = SimpleUploadedFile("firms.csv", b"Firma X;Leute\nKaiser;85\nLang;viele\n", "text/csv")
    page = browser.post("/imports/", {"file": sent, "what": "companies"})["Location"]
    shown = browser.get(page).content.decode()
    assert "Web domain" in shown
    assert "Mail address" not in shown
    assert "Offer everybody" not in shown
    refused = browser.post(page, {"mode": "upsert", "column_1": "employees"})
    assert "Say which column holds one of these: Name." in refused.content.decode()
    told = {"mode": "upsert", "column_0": "name", "column_1": "employees"}
    rows = browser.post(page, told)["Location"]
    assert "“viele” is not a number." in browser.get(rows).content.decode()
    there = browser.post(rows, {"act": "import", "cell_3_1": "12"})["Location"]
    assert run_next()
    run_page = browser.get(browser.get(there)["Location"]).content.decode()
    assert "Open companies" in run_page
    assert "Take the import back" in run_page
    assert {one.name: one.employees for one in Company.objects.all()} == {"Kaiser": 85, "Lang": 12}
    sent.seek(0)
    again = browser.post("/imports/", {"file": sent, "what": "companies"})["Location"]
    form = browser.get(again).context["form"]
    assert [form[f"column_{place}"].initial for place in range(2)] == ["name", "employees"]
