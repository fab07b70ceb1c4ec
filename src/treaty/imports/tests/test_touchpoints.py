"""Touchpoints come in from files: what buyers did and what was said, each once, at its own time."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from treaty.cli import rebuilt
from treaty.handovers.models import Handover
from treaty.imports.commands import CannotUndo, import_records, undo_import
from treaty.imports.queries import own_fields, preview
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.rules.things import TOUCHPOINTS
from treaty.imports.tests.test_imports import counted, run, write
from treaty.kit import jobs, setup
from treaty.kit.jobs import run_next
from treaty.ledger.models import Touchpoint, TouchpointText
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.rules import PersonDraft
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FILE = """\
Type,Date,Email,Name,Form,Page,Outcome,Duration,Owner,Note
Form submission,2026-03-02 10:00,Pia@Example.com,,Ask for a price,,,,,Please call
PageView,2026-03-03T11:00:00+01:00,new@example.com,Nia New,,/pricing,,,,
call,2026-03-04,pia@example.com,,,,No answer,12,Mia,She was out
"""


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it, with one person."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()
    factories.mia()
    told = PersonDraft(name="Pia", emails=("pia@example.com",), external=("crm:7",))
    people.add_persons([told], at=NOW, by=None, source="hand")


def lines(*kinds: str) -> list[Touchpoint]:
    return list(Touchpoint.objects.filter(kind__in=kinds).order_by("occurred_at"))


def test_touchpoints_come_in_once_at_their_own_time(tmp_path: Path) -> None:
    file = write(tmp_path / "touches.csv", FILE)
    assert counted(run("touchpoints", file, "--dry-run")) == (3, 0, 0, 0, 0)
    assert not lines("FormSubmitted", "PageSeen", "CallMade")
    assert counted(run("touchpoints", file)) == (3, 0, 0, 0, 0)
    form, page, call = lines("FormSubmitted", "PageSeen", "CallMade")
    assert (form.occurred_at, form.known_at) == (datetime(2026, 3, 2, 10, tzinfo=UTC),) * 2
    assert page.occurred_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert '"outcome":"no_answer","minutes":12,"typed_in":true' in call.payload
    assert call.by == factories.mia().pk
    texts = set(TouchpointText.objects.values_list("body", flat=True))
    assert texts == {"Please call", "She was out"}
    assert {one.name: one.stage for one in Person.objects.all()} == {"Pia": "lead", "Nia New": "lead"}
    assert not Handover.objects.exists(), "history opens no handover"
    before = Touchpoint.objects.count()
    assert counted(run("touchpoints", file)) == (0, 0, 3, 0, 0)
    assert Touchpoint.objects.count() == before
    assert sum(dict(rebuilt(check=True, at=LATER)).values()) == 0


def test_bad_rows_of_touchpoints_are_handed_back_with_every_wrong_field(tmp_path: Path) -> None:
    text = (
        "type,date,email,page,form,outcome,minutes\n"
        "call,2026-03-04,pia@example.com,,,shouted,many\n"
        "page,2036-03-04,pia@example.com,/x,ask,,\n"
        "StageEntered,soon,,,,,\n"
        "page,2026-03-04,at home,,,,\n"
        ",2026-03-04,pia@example.com,,,,\n"
    )
    told = run("touchpoints", write(tmp_path / "bad.csv", text))
    assert counted(told) == (0, 0, 0, 5, 0)
    assert [(bad["row"], bad["field"]) for bad in told["bad_rows"]] == [
        (2, "minutes, outcome"),
        (3, "occurred_at, form"),
        (4, "kind, occurred_at, email"),
        (5, "email, page"),
        (6, "kind"),
    ]
    assert "Write one of these: asked_later, busy, no_answer" in told["bad_rows"][0]["reason"]
    assert "“StageEntered” is no kind of touchpoint that can come in" in told["bad_rows"][2]["reason"]


def test_a_key_of_the_other_system_makes_a_touchpoint_the_same(tmp_path: Path) -> None:
    head = "type,date,contact id,id,page\n"
    first = write(tmp_path / "a.csv", head + "page,2026-03-04,7,t1,/a\n")
    assert counted(run("touchpoints", first, "--source", "crm")) == (1, 0, 0, 0, 0)
    again = write(tmp_path / "b.csv", head + "page,2026-03-04,7,t1,/b\npage,2026-03-04,7,t2,/b\n")
    assert counted(run("touchpoints", again, "--source", "crm")) == (1, 0, 1, 0, 0)
    assert Person.objects.count() == 1, "the key of the other system means Pia"


def test_nothing_comes_in_of_somebody_who_was_forgotten(tmp_path: Path) -> None:
    people.forget_person(Person.objects.get(name="Pia").pk, at=NOW, by=None)
    told = run("touchpoints", write(tmp_path / "touches.csv", FILE))
    assert counted(told) == (1, 0, 0, 2, 0)
    assert "asked to be forgotten" in told["bad_rows"][0]["reason"]
    assert "pia@" not in Path(told["bad_file"]).read_text("utf-8").casefold()
    assert not lines("FormSubmitted", "CallMade")


def test_a_run_of_touchpoints_that_was_killed_goes_on_and_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treaty.imports.commands.touchpoints.CHUNK", 1)
    table = opened(write(tmp_path / "touches.csv", FILE))
    columns = guessed(table.header, own_fields(TOUCHPOINTS), TOUCHPOINTS)
    options = Options(job=jobs.start("import_records", "Import", {}, by=None))

    def die(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_records(table, columns, options=options, at=NOW, by=None, progress=die)
    report, _bad = import_records(table, columns, options=options, at=LATER, by=None)
    assert (report.of("touchpoints").new, report.of("touchpoints").unchanged) == (3, 0)
    with pytest.raises(CannotUndo):
        undo_import(report.run, at=LATER, by=None)


def test_what_no_column_holds_is_called_by_its_name(tmp_path: Path) -> None:
    table = opened(write(tmp_path / "a.csv", "type,date,email\ncall,2026-03-04,pia@example.com\n"))
    [row] = preview(table, guessed(table.header, thing=TOUCHPOINTS), Options()).rows
    assert row.others == ["“Outcome” must not be blank, and no column holds it."]


def test_touchpoints_come_in_by_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    browser = Client()
    browser.force_login(factories.mia())
    sent = SimpleUploadedFile("touches.csv", FILE.encode(), "text/csv")
    page = browser.post("/imports/", {"file": sent, "what": "touchpoints"})["Location"]
    form = browser.get(page).context["form"]
    told = {name: form[name].initial for name in form.fields if name.startswith("column_")}
    assert list(told.values()) == [
        *("kind", "occurred_at", "email", "name", "form", "page", "outcome", "minutes", "by", "text")
    ]
    assert "mode" not in form.fields
    rows = browser.post(page, told)["Location"]
    shown = browser.get(rows).content.decode()
    assert "0 rows cannot come in as they stand." in shown
    assert "an import of touchpoints is not taken back, so try it first." in shown
    there = browser.post(rows, {"act": "import"})["Location"]
    assert run_next()
    shown = browser.get(browser.get(there)["Location"]).content.decode()
    assert "so an import of touchpoints is not taken back." in shown
    assert "Take the import back" not in shown
    assert len(lines("FormSubmitted", "PageSeen", "CallMade")) == 3
