"""Files that hold persons go after their time, and once a person in them is forgotten."""

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from treaty.imports import commands
from treaty.imports.models import Import
from treaty.kit import jobs
from treaty.kit.models import Job
from treaty.people.commands import forget_person
from treaty.people.models import Person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
FILE = "name,email,phone\nPia,pia@example.com,\nEwa,ewa@example.com,+48321234567\n"
BAD = "Pia,PIA@example.com,none\nEwa,ewa@example.com,none\nE. W.,ewa at home,+48 32 123 45 67\nBea,bea at home,\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    """Files of an import lie in a folder of the test."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def holding(files: Path, word: str) -> list[str]:
    """The files in which a word stands, by their first folder."""
    found = [path for path in sorted(files.rglob("*")) if path.is_file()]
    return [path.relative_to(files).parts[0] for path in found if word in path.read_text("utf-8-sig")]


def bring(text: str, *, dry_run: bool = False, fixes: dict[str, dict[str, str]] | None = None) -> None:
    """Import a file as the pages do, with cells mended there."""
    path = commands.keep_upload("people.csv", [text.encode()], at=AT)
    commands.keep_plan(path.parent.name, {"fixes": {}})
    told = {"path": str(path), "dry_run": dry_run, "offer": False, "by": None, "fixes": fixes or {}}
    jobs.start("import_persons", "People", told, by=None)
    assert jobs.run_next()


@pytest.fixture
def brought(files: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Pia and Ewa have come in, rows were handed back, and all were exported; the files that lie there."""
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    bring(FILE + BAD)
    commands.export("csv", at=AT, by=None, told=lambda _done: None)
    return [path for path in files.rglob("*") if path.is_file()]


def test_who_is_forgotten_stands_in_no_file_and_others_rows_stay(
    files: Path,
    brought: list[Path],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    bring(FILE, dry_run=True)
    assert holding(files, "ewa@example.com") == ["exports", "imports", "imports", "imports"]
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="ewa@example.com").pk, at=AT, by=None)
    assert holding(files, "ewa@example.com") == ["imports"], "what is only tried goes with its week"
    (kept,) = files.glob("imports/*-rejected.csv")
    assert [line.split(",")[0] for line in kept.read_text("utf-8-sig").splitlines()] == ["name", "Pia", "Bea"]
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="pia@example.com").pk, at=AT, by=None)
    assert [line.split(",")[0] for line in kept.read_text("utf-8-sig").splitlines()] == ["name", "Bea"]


def test_what_was_mended_in_a_file_goes_with_it(
    files: Path,
    brought: list[Path],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    mended = {"2": {"1": "pia.k@example.com"}}
    bring(FILE, fixes=mended)
    bring(FILE, fixes=mended, dry_run=True)
    done, tried = Job.objects.order_by("-pk")[1], Job.objects.order_by("-pk")[0]
    assert Person.objects.filter(email="pia.k@example.com").exists()
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="pia.k@example.com").pk, at=AT, by=None)
    done.refresh_from_db()
    tried.refresh_from_db()
    assert done.arguments["fixes"] == {}
    assert tried.arguments["fixes"] == mended, "what is only tried goes with its week"
    commands.forget_files(at=AT + timedelta(days=6))
    tried.refresh_from_db()
    assert tried.arguments["fixes"] == mended
    for folder in files.glob("imports/*"):
        os.utime(folder, (AT.timestamp(), AT.timestamp()))
    commands.forget_files(at=AT + timedelta(days=8))
    tried.refresh_from_db()
    assert tried.arguments["fixes"] == {}


def test_a_cancelled_import_leaves_no_file_with_who_is_forgotten(
    files: Path,
    brought: list[Path],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    Import.objects.update(state="cancelled")
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="ewa@example.com").pk, at=AT, by=None)
    assert holding(files, "ewa@example.com") == []


def test_a_backup_s_files_name_nobody_who_was_forgotten_since(
    files: Path,
    brought: list[Path],
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    commands.after_files()
    assert holding(files, "ewa@example.com") == ["exports", "imports", "imports"], "nobody was forgotten"
    shutil.copytree(files, tmp_path / "copy")
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="ewa@example.com").pk, at=AT, by=None)
    shutil.copytree(tmp_path / "copy", files, dirs_exist_ok=True)
    assert holding(files, "ewa@example.com") == ["exports", "imports", "imports"]
    # As where the backup was made on another machine.
    for job in Job.objects.order_by("pk"):
        place = Path(job.arguments["path"])
        job.arguments["path"] = str(Path("/elsewhere", *place.parts[-2:]))
        job.save()
    commands.after_files()
    assert holding(files, "ewa@example.com") == []
    assert holding(files, "bea at home") == ["imports"], "rows of others stay"


@pytest.mark.parametrize("broken", [b"", b"ewa@example.com \xff"])
def test_a_file_that_cannot_be_read_goes_and_holds_up_no_other(
    files: Path,
    brought: list[Path],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
    broken: bytes,
) -> None:
    (first,) = files.glob("imports/*-rejected.csv")
    second = first.with_name(f"9{first.name}")
    second.write_bytes(first.read_bytes())
    first.write_bytes(broken)
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="ewa@example.com").pk, at=AT, by=None)
    assert holding(files, "ewa@example.com") == []
    assert not first.exists()
    assert [line.split(",")[0] for line in second.read_text("utf-8-sig").splitlines()] == [
        "name",
        "Pia",
        "Bea",
    ]
    assert [(line["event"], line["file"]) for line in lines if line["log_level"] == "error"] == [
        ("rows handed back are dropped", first.name)
    ]
    assert "ewa" not in str(lines)


def test_where_there_is_no_room_to_write_a_file_again_it_goes_with_its_half(
    files: Path,
    brought: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    def full(_path: Path, _there: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="ewa@example.com").pk, at=AT, by=None)
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_what_cannot_be_dropped_is_said_and_holds_up_no_other(
    files: Path,
    brought: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    drop = shutil.rmtree
    (kept,) = files.glob("exports/*")

    def stuck(folder: Path, **told: Any) -> None:
        if folder != kept:
            drop(folder, **told)

    monkeypatch.setattr(shutil, "rmtree", stuck)
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        forget_person(Person.objects.get(email="ewa@example.com").pk, at=AT, by=None)
    assert holding(files, "ewa@example.com") == ["exports"]
    assert ("a folder stays that should go", kept.name) in [
        (line["event"], line.get("folder")) for line in lines
    ]


def test_files_go_after_their_time(files: Path, brought: list[Path]) -> None:
    commands.forget_files(at=AT + timedelta(days=6))
    assert holding(files, "bea at home") == ["imports", "imports"]
    for path in {path.parent for path in brought}:
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    Import.objects.update(ended_at=AT)
    commands.forget_files(at=AT + timedelta(days=8))
    assert [path.suffix for path in files.rglob("*") if path.is_file()] == [".csv"]
    assert holding(files, "bea at home") == ["imports"], "rows handed back wait for a month"
    commands.forget_files(at=AT + timedelta(days=31))
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert Import.objects.get().bad_file == ""
