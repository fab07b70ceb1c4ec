"""A file that comes again: its rows that were handed back and mended, and what was broken off."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from treaty.imports.commands import CannotUndo, import_persons, undo_import
from treaty.imports.models import Import
from treaty.imports.queries import is_undoable
from treaty.imports.reading import opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.tests.test_imports import counted, run, write
from treaty.kit import jobs, setup
from treaty.kit.models import Job
from treaty.people.models import Person
from treaty.people.queries import held_identities
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
DATED = """\
Key;Who;Reach;First contact
1;Pia;pia@example.com;25/4/2026
2;Bea;nonsense;6/4/2026
"""
MAPPED = ("--column", "Key=external_key", "--column", "Who=name", "--column", "Reach=email")


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it, whose files lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()


def mended(told: dict[str, Any]) -> Path:
    """The file of rows handed back, with the wrong address put right."""
    path = Path(told["bad_file"])
    path.write_text(path.read_text("utf-8-sig").replace("nonsense", "bea@example.com"), "utf-8-sig")
    return path


def test_rows_handed_back_are_read_as_the_file_was_from_which_they_came(tmp_path: Path) -> None:
    flags = (*MAPPED, "--column", "First contact=added_at")
    told = run("persons", write(tmp_path / "a.csv", DATED), *flags, "--source", "erp")
    assert counted(told) == (1, 0, 0, 1, 0)
    assert counted(run("persons", mended(told), *flags)) == (1, 0, 0, 0, 0)
    bea = Person.objects.get(name="Bea")
    assert bea.created_at == datetime(2026, 4, 6, tzinfo=UTC), "as 25/4/2026 said of the first file"
    assert ("erp:2") in [value for _identity, value in held_identities(bea.pk)]


def test_the_page_remembers_the_columns_for_rows_handed_back(tmp_path: Path) -> None:
    told = run("persons", write(tmp_path / "a.csv", DATED), *MAPPED)
    browser = Client()
    browser.force_login(factories.admin())
    sent = SimpleUploadedFile("again.csv", mended(told).read_bytes())
    there = browser.post("/imports/", {"what": "persons", "file": sent})["Location"]
    page = browser.get(there).content.decode()
    assert "As you said the last time" in page
    assert page.count('value="external_key" selected') == 1


def died(table: Any, **options: Any) -> None:
    """An import that is killed once its first rows are in."""

    def die(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_persons(
            table,
            guessed(table.header),
            options=Options(**options),
            at=NOW,
            by=factories.admin().pk if options else None,
            progress=die,
        )


def test_an_import_killed_on_the_command_line_goes_on_with_the_same_command(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "name,email\nPia,pia@example.com\nBea,bea@example.com\n")
    died(opened(file))
    other = run("persons", file, "--mode", "create")
    told = run("persons", file)
    assert (counted(told), Import.objects.count()) == ((2, 0, 0, 0, 0), 2)
    assert other["run"] != told["run"], "another way is another import"
    assert undo_import(told["run"], at=NOW, by=None).removed == 2


@pytest.mark.parametrize("gone", [lambda job: job.delete(), lambda job: Job.objects.update(state="dead")])
def test_what_was_broken_off_for_good_can_be_taken_back(tmp_path: Path, gone: Callable[[Any], Any]) -> None:
    job = jobs.start("import_persons", "a.csv", {}, by=None)
    died(opened(write(tmp_path / "a.csv", "name,email\nPia,pia@example.com\n")), job=job)
    row = Import.objects.select_related("job").get()
    assert not is_undoable(row), "its job goes on"
    with pytest.raises(CannotUndo):
        undo_import(row.pk, at=NOW, by=None)
    gone(Job.objects.get(pk=job))
    assert undo_import(row.pk, at=NOW, by=None).removed == 1
    assert not Person.objects.exists()
