"""Files come in: good rows are kept, bad ones handed back, and the same file again changes nothing."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from tests.harness.published import DATA, needs_data
from treaty.deals.models import Deal
from treaty.deals.queries import deals_by_outcome, won_by_channel
from treaty.handovers.models import Handover
from treaty.imports.cli import import_group
from treaty.imports.commands import import_persons
from treaty.imports.models import Import
from treaty.imports.reading import BadFile, opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.wording import unfit
from treaty.kit import jobs, setup
from treaty.kit.rules.money import Money
from treaty.people.models import Company, Person, PersonIdentity
from treaty.people.queries import held_identities
from treaty.staff import commands as staff
from treaty.staff.models import User

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    """Files of an import lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def installation(db: None) -> None:
    """An installation as `treaty init` leaves it."""
    setup.start_nouns()


def run(*words: str | Path) -> dict[str, Any]:
    """What `treaty import ...` printed as JSON."""
    outcome = CliRunner().invoke(import_group, [*map(str, words), "--json"], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.stderr
    told: dict[str, Any] = json.loads(outcome.stdout)
    return told


def counted(told: dict[str, Any]) -> tuple[object, ...]:
    """New, changed, unchanged, bad, flagged."""
    return tuple(told[name] for name in ("new", "changed", "unchanged", "bad", "flagged"))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_file_is_read(installation: None, tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(("Name", "E-mail", "City"))
        + "\n"
        + delimiter.join(("Zoë Müller", "zoe@example.com", "Köln"))
    )
    assert counted(run("persons", write(tmp_path / "file.csv", text, encoding))) == (1, 0, 0, 0, 0)
    assert Person.objects.get().city == "Köln"


def test_cells_kept_from_being_formulas_come_back_as_they_were(installation: None, tmp_path: Path) -> None:
    run("persons", write(tmp_path / "file.csv", "name,phone,city\nPia,'+48321234567,'s-Hertogenbosch\n"))
    person = Person.objects.get()
    assert (person.phone, person.city) == ("+48321234567", "'s-Hertogenbosch")


def test_a_number_that_a_workbook_took_the_plus_from_is_one_of_the_companys_country(
    installation: None, tmp_path: Path
) -> None:
    shifts = tuple((weekday, 540, 1020) for weekday in range(5))
    hours = staff.Times("Europe/Berlin", shifts, "DE")
    staff.set_schedule("company", 0, times=hours, at=NOW, by=None)
    with xlsxwriter.Workbook(str(tmp_path / "file.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((("name", "phone"), ("Pia", 4915112345678), ("Bea", 15112345679))):
            sheet.write_row(number, 0, row)
    run("persons", tmp_path / "file.xlsx")
    assert sorted(Person.objects.values_list("phone", flat=True)) == ["+4915112345678", "+4915112345679"]


def test_rows_handed_back_run_no_formula_and_come_in_once_mended(installation: None, tmp_path: Path) -> None:
    told = run("persons", write(tmp_path / "file.csv", "name,email,city\n=1+1,bea at home,Opole\n"))
    text = Path(str(told["bad_file"])).read_text("utf-8-sig")
    assert "\n'=1+1,bea at home" in text
    mended = write(tmp_path / "mended.csv", text.replace("bea at home", "bea@example.com"))
    assert counted(run("persons", mended)) == (1, 0, 0, 0, 0)
    assert Person.objects.get().name == "=1+1"


def test_the_same_file_again_changes_nothing(installation: None, tmp_path: Path) -> None:
    file = write(tmp_path / "file.csv", "name,email,city\nPia,pia@example.com,Gliwice\nNobody,,Opole\n")
    assert counted(run("persons", file)) == (2, 0, 0, 0, 0)
    assert counted(run("persons", file)) == (0, 0, 2, 0, 0)


def test_a_changed_row_changes_its_person_and_a_blank_does_not(installation: None, tmp_path: Path) -> None:
    run("persons", write(tmp_path / "a.csv", "name,email,city\nPia,pia@example.com,Gliwice\n"))
    told = run("persons", write(tmp_path / "b.csv", "name,email,city\nPia Kowalska,pia@example.com,\n"))
    person = Person.objects.get()
    assert (counted(told), person.name, person.city) == ((0, 1, 0, 0, 0), "Pia Kowalska", "Gliwice")


def test_bad_rows_are_handed_back_and_the_mended_file_comes_in(installation: None, tmp_path: Path) -> None:
    file = write(
        tmp_path / "file.csv", "name,email\nPia,pia@example.com\nBea,bea at home\nCyd,cyd@example.com\n"
    )
    told = run("persons", file)
    assert counted(told) == (2, 0, 0, 1, 0)
    [bad] = told["bad_rows"]
    assert (bad["row"], bad["field"]) == (3, "email")
    assert "“bea at home” is not a mail address" in bad["reason"]
    with Path(str(told["bad_file"])).open(encoding="utf-8-sig", newline="") as opened_file:
        [row] = csv.DictReader(opened_file)
    assert row["name"] == "Bea"
    mended = Path(str(told["bad_file"])).read_text("utf-8-sig").replace("bea at home", "bea@example.com")
    assert counted(run("persons", write(tmp_path / "mended.csv", mended))) == (1, 0, 0, 0, 0)


def test_a_dry_run_counts_what_would_happen_and_changes_nothing(installation: None, tmp_path: Path) -> None:
    file = write(tmp_path / "file.csv", "name,email\nPia,pia@example.com\nBea,no\n")
    assert counted(run("persons", file, "--dry-run")) == (1, 0, 0, 1, 0)
    assert not Person.objects.exists()
    assert Import.objects.get().is_dry_run


@pytest.mark.parametrize(
    ("mode", "counts", "names"),
    [
        ("upsert", (1, 1, 0, 0, 0), {"Pia K.", "Bea"}),
        ("create", (1, 0, 0, 0, 0), {"Pia", "Bea"}),
        ("update", (0, 1, 0, 0, 0), {"Pia K."}),
    ],
)
def test_the_mode_says_whom_rows_may_touch(
    installation: None, tmp_path: Path, mode: str, counts: tuple[int, ...], names: set[str]
) -> None:
    run("persons", write(tmp_path / "a.csv", "name,email\nPia,pia@example.com\n"))
    file = write(tmp_path / "b.csv", "name,email\nPia K.,pia@example.com\nBea,bea@example.com\n")
    told = run("persons", file, "--mode", mode)
    assert (counted(told), told["skipped"]) == (counts, 0 if mode == "upsert" else 1)
    assert {person.name for person in Person.objects.all()} == names


def test_rows_that_do_not_fit_their_key_come_back_with_their_cells(
    installation: None, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.csv", "name,email,phone\nPia,pia@example.com,\nBea,,+48321234567\n")
    told = run("persons", file, "--key", "email")
    assert counted(told) == (1, 0, 0, 1, 0)
    assert "Bea,,'+48321234567,3,email" in Path(str(told["bad_file"])).read_text("utf-8-sig")


def test_doubles_within_a_file_are_handed_back_where_asked(installation: None, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "name,email\nPia,pia@example.com\nPia K.,pia@example.com\n")
    told = run("persons", file, "--hand-back-doubles")
    assert counted(told) == (1, 0, 0, 1, 0)
    assert told["bad_rows"][0]["reason"] == "“pia@example.com” stood in an earlier row of this file."


def test_keys_of_an_export_are_called_after_its_system(installation: None, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "Record ID,Lead Status,Full Name\n17,New,Pia\n")
    run("persons", file)
    held = held_identities(Person.objects.get().pk)
    assert [value for _identity, value in held] == ["hubspot:17"]


def test_a_killed_import_goes_on_and_counts_as_one(installation: None, tmp_path: Path) -> None:
    run("persons", write(tmp_path / "a.csv", "name,email,city\nPia,pia@example.com,Opole\n"))
    text = "name,email,city\nPia,pia@example.com,Gliwice\nBea,bea@example.com,\nCyd,cyd@example.com,\n"
    table = opened(write(tmp_path / "b.csv", text))
    job = jobs.start("import_persons", "b.csv", {}, by=None)

    def die(_done: int) -> None:
        raise KeyboardInterrupt

    told: dict[str, Any] = {"options": Options(job=job, mode="create"), "at": NOW, "by": None}
    with pytest.raises(KeyboardInterrupt):
        import_persons(table, guessed(table.header), progress=die, **told)
    report, _bad = import_persons(table, guessed(table.header), **told)
    counts = report.of("persons")
    assert (counts.new, counts.unchanged, counts.skipped) == (2, 0, 1)
    assert Import.objects.filter(job_id=job).count() == 1


def test_addresses_and_numbers_come_in_with_what_they_are(installation: None, tmp_path: Path) -> None:
    run("persons", write(tmp_path / "a.csv", "name,email\nPia,pia@example.com\n"))
    text = "name,work email,email,mobile\nPia,pia@example.com,p@example.org,+48 512 345 678\nBea,bea@example.com,,\n"
    run("persons", write(tmp_path / "b.csv", text))
    labels = {
        link.identity.text.value: link.label
        for link in PersonIdentity.objects.exclude(identity__kind="anchor")
    }
    assert labels == {
        "pia@example.com": "",
        "p@example.org": "",
        "+48512345678": "mobile",
        "bea@example.com": "work",
    }


def test_a_mapping_file_and_flags_say_what_columns_hold(installation: None, tmp_path: Path) -> None:
    file = write(tmp_path / "file.csv", "Wer;Anschrift;Ort\nPia;pia@example.com;Köln\n", "cp1252")
    mapping = write(tmp_path / "map.yaml", "Wer: name\nAnschrift: email\n")
    assert counted(run("persons", file, "--map", mapping, "--column", "Ort=city")) == (1, 0, 0, 0, 0)
    assert Person.objects.get().city == "Köln"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Wer: name\nOrt: [city\n", "map.yaml cannot be read from line 3 on. It must be YAML or JSON"),
        (b"Wer: name\nOrt: a: b\n", "map.yaml cannot be read from line 2 on. It must be YAML or JSON"),
        (b"Wer: name\n\x07: city\n", "map.yaml cannot be read from line 2 on. It must be YAML or JSON"),
        (b"Stra\xdfe: city\n", "map.yaml is no text in UTF-8. Save it as UTF-8."),
        (b"just words\n", "map.yaml must hold lines such as “E-mail: email”"),
    ],
)
def test_a_broken_mapping_file_is_told_with_its_line_and_what_is_right(
    installation: None, tmp_path: Path, content: bytes, said: str
) -> None:
    file, mapping = write(tmp_path / "file.csv", "Wer;Ort\nPia;Opole\n"), tmp_path / "map.yaml"
    mapping.write_bytes(content)
    outcome = CliRunner().invoke(import_group, ["persons", str(file), "--map", str(mapping), "--json"])
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert said in outcome.stderr


def test_two_persons_in_one_row_are_flagged_and_nothing_is_lost(installation: None, tmp_path: Path) -> None:
    run("persons", write(tmp_path / "a.csv", "name,email\nPia,pia@example.com\nBea,bea@example.com\n"))
    told = run("persons", write(tmp_path / "b.csv", "name,email\nPia,pia@example.com;bea@example.com\n"))
    assert told["flagged"] == 1
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "is empty"), ("city\nOpole\n", "No column says who a person is")],
)
def test_a_file_that_cannot_be_read_fails_with_its_reason(
    installation: None, tmp_path: Path, text: str, reason: str
) -> None:
    outcome = CliRunner().invoke(import_group, ["persons", str(write(tmp_path / "file.csv", text)), "--json"])
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert reason in outcome.stderr


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(import_group, ["persons", str(tmp_path / "none.csv")]).exit_code == 2


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(b"name\n\xff\x81\x00\x8d\xff\n")
    with pytest.raises(BadFile) as refused:
        opened(tmp_path / "file.csv")
    assert "no text in an encoding that is known here" in unfit(refused.value)


@needs_data
def test_olist_comes_in_as_its_description_counts_it(installation: None) -> None:
    leads, deals = (
        DATA / f"olist/olist_{name}_dataset.csv" for name in ("marketing_qualified_leads", "closed_deals")
    )
    words = ("--leads", leads, "--deals", deals)
    first, again = run("olist", *words), run("olist", *words)
    assert {what: counted(first[what]) for what in ("persons", "deals", "staff")} == {
        "persons": (8000, 0, 0, 0, 0),
        "deals": (842, 0, 0, 0, 1),
        "staff": (41, 0, 0, 0, 0),
    }
    assert {what: counted(again[what]) for what in ("persons", "deals", "staff")} == {
        "persons": (0, 0, 8000, 0, 0),
        "deals": (0, 0, 842, 0, 1),
        "staff": (0, 0, 41, 0, 0),
    }
    # Won and leads by origin as the data's own README lists them.
    assert {row.channel: (row.won, row.leads) for row in won_by_channel()} == {
        "unknown": (179, 1099),
        "paid_search": (195, 1586),
        "organic_search": (271, 2296),
        "direct_traffic": (56, 499),
        "referral": (24, 284),
        "social": (75, 1350),
        "display": (6, 118),
        "other_publicities": (3, 65),
        "email": (15, 493),
        "other": (4, 150),
        "": (14, 60),
    }
    assert Deal.objects.filter(value_minor__isnull=True).count() == 842
    assert Deal.objects.get(flags=["won_before_first_contact"]).closed_at is not None
    assert not Handover.objects.exists(), "history opens no handover"


@needs_data
def test_maven_comes_in_with_its_dirt_reported(installation: None) -> None:
    first, again = run("maven", "--dir", DATA / "maven-crm"), run("maven", "--dir", DATA / "maven-crm")
    assert counted(first["deals"]) == (8800, 0, 0, 0, 1425)
    assert counted(again["deals"]) == (0, 0, 8800, 0, 1425)
    assert (Company.objects.count(), User.objects.count()) == (85, 35)
    outcome = deals_by_outcome()
    assert (outcome.won, outcome.lost, outcome.open) == (4238, 2473, 2089)
    assert outcome.won_values == (Money(10_005_534_00, "USD"),)
    dirt = {(each["field"], each["value"]): (each["rows"], each["kept_as"]) for each in first["dirt"]}
    assert dirt["product", "GTXPro"] == (1480, "GTX Pro")
    assert dirt["sector", "technolgy"] == (12, "technology")
    assert dirt["account", ""] == (1425, "no company")
    assert Deal.objects.filter(person__isnull=False).count() == 0


def test_staff_of_another_system_cannot_sign_in(installation: None) -> None:
    new = staff.NewUser("k@olist.invalid", "k", "representative", external_key="olist:k")
    staff.add_users([new], at=NOW, by=None)
    assert not User.objects.get(external_key="olist:k").has_usable_password()


@pytest.mark.usefixtures("installation")
def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    persons = write(tmp_path / "people.csv", "name,email,shoe size,,treaty_row\nPia,pia@example.com,38,,2\n")
    companies = write(tmp_path / "companies.csv", "company,motto\nHuta,Ever on\n")
    for words, names in ((("persons", persons), "shoe size"), (("companies", companies), "motto")):
        outcome = CliRunner().invoke(import_group, [*map(str, words), "--dry-run"], catch_exceptions=False)
        assert f"Columns that are not read: {names}\n" in outcome.stderr
    plain = write(tmp_path / "plain.csv", "name\nPia\n")
    outcome = CliRunner().invoke(import_group, ["persons", str(plain), "--dry-run"], catch_exceptions=False)
    assert outcome.stderr == "1 row\n"
