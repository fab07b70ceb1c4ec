"""An import on the web: the file, its columns, a trial with its bad rows, the real thing."""

import os
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from treaty.imports import commands
from treaty.imports.models import Import
from treaty.imports.tests.test_reading import workbook
from treaty.kit.jobs import run_next
from treaty.kit.models import Job
from treaty.people.models import Person
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

FILE = "Wer;E-Mail;Ort\nPia;pia@example.com;Gliwice\nBea;bea at home;Opole\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    """Files of an import lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Mia, who may import and export; jobs give no signs of life from threads of their own."""
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    client = Client()
    client.force_login(factories.mia())
    return client


def uploaded(browser: Client, text: str = FILE, encoding: str = "cp1252") -> str:
    """Where the page of the columns of an uploaded file lies."""
    file = SimpleUploadedFile("people.csv", text.encode(encoding), "text/csv")
    answer = browser.post("/imports/", {"what": "persons", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_rows_copied_out_of_a_spreadsheet_are_a_file(browser: Client) -> None:
    answer = browser.post("/imports/", {"what": "persons", "pasted": FILE.replace(";", "\t")})
    page = browser.get(answer["Location"]).content.decode()
    assert "2 rows in UTF-8, parted by tab" in page
    assert "pasted" in page


@pytest.mark.parametrize("pasted", ["", FILE])
def test_it_is_a_file_or_rows_and_never_both(browser: Client, pasted: str) -> None:
    file = SimpleUploadedFile("people.csv", FILE.encode(), "text/csv")
    given = {"what": "persons", "pasted": pasted} | ({"file": file} if pasted else {})
    answer = browser.post("/imports/", given)
    assert answer.status_code == 422
    assert "Choose a file or paste rows, one of the two." in answer.content.decode()


def told(browser: Client, page: str, **fields: str) -> str:
    """Where the page of the rows lies, once the page of the columns was told what they hold."""
    rules = {"mode": "upsert", "key": "any", "doubles": "merge"}
    answer = browser.post(page, rules | fields)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def acted(browser: Client, rows: str, act: str, **cells: str) -> str:
    """Where the run of a file lies that was tried or brought in from the page of its rows."""
    return done(browser, browser.post(rows, {"act": act, **cells})["Location"])


def done(browser: Client, there: str) -> str:
    """Where the page of the job leads once the worker was there."""
    assert "It waits for the worker." in browser.get(there).content.decode()
    assert run_next()
    return str(browser.get(there)["Location"])


def test_a_file_is_looked_at_tried_and_brought_in(browser: Client) -> None:
    page = uploaded(browser)
    shown = browser.get(page).content.decode()
    assert "2 rows in UTF-8, parted by semicolon" in shown
    assert "Gliwice" in shown
    rows = told(browser, page, column_0="name", column_1="email", column_2="city")
    shown = browser.get(rows).content.decode()
    assert "1 row cannot come in as it stands." in shown
    assert shown.index("bea at home") < shown.index("pia@example.com"), "what is wrong comes first"
    trial = acted(browser, rows, "try")
    shown = browser.get(trial).content.decode()
    assert "Nothing was changed." in shown
    assert "“bea at home” is not a mail address" in shown
    assert f'href="{rows}"' in shown, "and is mended without beginning again"
    assert not Person.objects.exists()
    real = done(browser, browser.post(f"{trial}repetition")["Location"])
    assert "Nothing was changed." not in browser.get(real).content.decode()
    assert [(person.name, person.city) for person in Person.objects.all()] == [("Pia", "Gliwice")]
    mended = b"".join(browser.get(f"{real}rejected").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "treaty_reason" in mended
    assert browser.get("/imports/?format=csv").getvalue().decode().count("people.csv") == 2


def test_the_columns_are_remembered_for_the_next_file_of_the_same_head(browser: Client) -> None:
    rules = {"mode": "update", "key": "email", "doubles": "hand_back", "day_first": "day", "source": "crm"}
    columns = {"column_0": "name", "column_1": "email", "column_2": "interest"}
    acted(browser, told(browser, uploaded(browser), **columns, **rules), "import")
    form = browser.get(uploaded(browser, "ORT;E-MAIL;WER\nOpole;c@example.com;Cyd\n")).context["form"]
    assert {name: form[name].initial for name in rules} == rules
    same = browser.get(uploaded(browser)).context["form"]
    assert [same[f"column_{place}"].initial for place in range(3)] == ["name", "email", "interest"]
    other = browser.get(uploaded(browser, "Wer;Land\nPia;Polen\n")).context["form"]
    assert other["mode"].initial == "upsert"


def test_what_is_wrong_is_mended_where_it_stands(browser: Client) -> None:
    rows = told(browser, uploaded(browser), column_0="name", column_1="email", column_2="city")
    shown = browser.get(rows).content.decode()
    assert re.findall(r'<th scope="col">(\w+)', shown) == ["E", "Wer", "Ort"], (
        "the column that is wrong comes first"
    )
    first = shown.partition('name="act"')[2]
    assert first.startswith(' value="mend"'), "the key Enter in a cell brings nothing in"
    same = browser.post(rows, {"act": "mend", "cell_3_1": "bea at home"}, follow=True).content.decode()
    assert "mended." not in same
    shown = browser.post(rows, {"act": "mend", "cell_3_1": "bea@example.com"}, follow=True).content.decode()
    assert "0 rows cannot come in as they stand." in shown
    assert "1 row was mended." in shown
    acted(browser, rows, "import")
    assert {person.email for person in Person.objects.all()} == {"pia@example.com", "bea@example.com"}


def test_a_run_shows_rows_handed_back_as_the_file_had_them(browser: Client) -> None:
    rows = told(browser, uploaded(browser, "Wer;E-Mail\n=1+1;at home\n"), column_0="name", column_1="email")
    shown = browser.get(acted(browser, rows, "import")).content.decode()
    assert "<bdi>=1+1, at home</bdi>" in shown


def test_a_column_is_shown_by_what_its_cells_say_each_once(browser: Client) -> None:
    form = browser.get(uploaded(browser, "Wer\nPia\nPia\n\nBea\nPia\nCy\nDan\n")).context["form"]
    assert [samples for _name, samples, _field in form.columns()] == [["Pia", "Bea", "Cy"]]


def test_a_guess_that_is_wrong_is_changed_on_the_page(browser: Client) -> None:
    page = uploaded(browser, "name;city\nPia;Gda\u0144sk\n", "cp1250")
    shown = browser.get(page).content.decode()
    assert "Gda\u00f1sk" in shown, "one letter that several encodings have is not enough to be sure"
    there = f"{page}?encoding=cp1250&delimiter=%3B"
    assert "Gda\u0144sk" in browser.get(there).content.decode()
    acted(browser, told(browser, there, column_0="name", column_1="city"), "import")
    assert Person.objects.get().city == "Gda\u0144sk"


def test_what_does_not_fit_the_file_is_said_and_the_guess_is_shown(browser: Client) -> None:
    shown = browser.get(f"{uploaded(browser, encoding='utf-8')}?encoding=utf-16").content.decode()
    assert "people.csv cannot be read" in shown
    assert "Gliwice" in shown


def test_a_workbook_comes_in_by_the_sheet_that_was_chosen(browser: Client, tmp_path: Path) -> None:
    sheets = {"Notes": [["nothing"]], "People": [["name", "city"], ["Pia", "Gliwice"]]}
    content = workbook(tmp_path / "book.xlsx", sheets).read_bytes()
    page = browser.post("/imports/", {"what": "persons", "file": SimpleUploadedFile("book.xlsx", content)})[
        "Location"
    ]
    assert "0 rows of the sheet Notes" in browser.get(page).content.decode()
    there = f"{page}?sheet=People"
    assert "1 row of the sheet People" in browser.get(there).content.decode()
    acted(browser, told(browser, there, column_0="name", column_1="city"), "import")
    assert Person.objects.get().city == "Gliwice"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"column_2": "city"}, "Say which column holds the name"),
        ({"column_0": "name", "column_2": "name"}, "Another column holds the same."),
    ],
)
def test_columns_that_say_nobody_or_the_same_twice_are_refused(
    browser: Client, fields: dict[str, str], said: str
) -> None:
    answer = browser.post(uploaded(browser), fields)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Import.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_at_once(browser: Client) -> None:
    file = SimpleUploadedFile("people.csv", b"\n", "text/csv")
    answer = browser.post("/imports/", {"what": "persons", "file": file})
    assert "is empty" in answer.content.decode()


def test_a_stopped_import_keeps_what_came_in_and_says_so(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = told(browser, uploaded(browser), column_0="name", column_1="email")
    browser.post(rows, {"act": "import"})
    monkeypatch.setattr("treaty.kit.commands.is_cancelled", lambda _job: True)
    assert run_next()
    shown = browser.get("/imports/").content.decode()
    assert "stopped" in shown
    assert Import.objects.get().counts["persons"]["new"] == Person.objects.count() == 1
    run = Import.objects.get()
    answer = browser.get(f"/imports/jobs/{run.job_id}/", follow=True)
    assert answer.redirect_chain == [(f"/imports/{run.pk}/", 302)]
    assert "Somebody stopped this import." in answer.content.decode()
    job = Job.objects.get(pk=run.job_id or 0)
    assert (job.state, job.done) == ("cancelled", Person.objects.count())


def test_an_import_is_taken_back_from_its_page(browser: Client) -> None:
    run = acted(browser, told(browser, uploaded(browser), column_0="name", column_1="email"), "import")
    assert "Take the import back" in browser.get(run).content.decode()
    there = browser.post(f"{run}undoing")["Location"]
    assert run_next()
    assert browser.get(there).status_code == 200
    assert not Person.objects.exists()
    shown = browser.get(run).content.decode()
    assert "This import was taken back on" in shown
    assert "Take the import back" not in shown
    browser.force_login(factories.admin())
    audit = browser.get("/settings/audit/").content.decode()
    assert "Took an import back" in audit
    assert f'href="{run}"' in audit


def test_uploads_go_after_a_week_and_no_other_path_is_an_upload(browser: Client) -> None:
    upload = uploaded(browser).split("/")[-2]
    path = commands.upload_path(upload)
    assert path is not None
    eight_days_ago = (timezone.now() - timedelta(days=8)).timestamp()
    os.utime(path.parent, (eight_days_ago, eight_days_ago))
    assert browser.get("/imports/files/..%2f..%2fsecret/").status_code == 404
    uploaded(browser)
    assert commands.upload_path(upload) is None
    assert browser.get(f"/imports/files/{upload}/").status_code == 404


def test_imports_are_for_those_who_may(browser: Client) -> None:
    page = uploaded(browser)
    stranger = Client()
    stranger.force_login(factories.ann())
    for path in ("/imports/", page, "/imports/1/", "/imports/jobs/1/"):
        assert stranger.get(path).status_code == 403


def test_more_runs_ask_no_more_questions(browser: Client, make_run: Callable[[], None]) -> None:
    counts = []
    for _number in range(3):
        make_run()
        with CaptureQueriesContext(connection) as asked:
            browser.get("/imports/")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_more_rows_ask_no_more_questions(browser: Client) -> None:
    counts = []
    for number in (1, 200):
        rows = "".join(f"Pia {place};pia{place}@example.com;Opole\n" for place in range(number))
        page = told(browser, uploaded(browser, f"Wer;E-Mail;Ort\n{rows}"), column_0="name", column_1="email")
        with CaptureQueriesContext(connection) as asked:
            shown = browser.get(page).content.decode()
        counts.append(len(asked))
    assert shown.count("Pia ") == 100, "a hundred rows are shown"
    assert len(set(counts)) == 1, counts


@pytest.fixture
def make_run() -> Callable[[], None]:
    """Writes down a run that is over."""

    def run() -> None:
        mia = factories.mia()
        counts = {"persons": {"new": 1, "changed": 0, "unchanged": 0, "bad": 0, "flagged": 0}}
        Import.objects.create(
            kind="persons", file_name="a.csv", sha256="", by=mia, counts=counts, started_at=factories.SINCE
        )

    return run


def test_all_runs_are_in_the_spreadsheet_however_many_the_page_shows(client: Client) -> None:
    client.force_login(factories.admin())
    counts = {"persons": {"new": 1, "changed": 0, "unchanged": 0, "bad": 0, "flagged": 0}}
    for number in range(60):
        Import.objects.create(
            kind="persons", file_name=f"{number}.csv", counts=counts, started_at=factories.SINCE
        )
    assert client.get("/imports/?format=csv").getvalue().decode().count(".csv") == 60
