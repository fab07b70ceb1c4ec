"""The import of an uploaded file, as a job that people watch."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone

from treaty.imports import commands
from treaty.imports.queries import own_fields
from treaty.imports.reading import BadFile, Choice, opened
from treaty.imports.rules import columns as rules
from treaty.imports.rules.columns import BadMapping
from treaty.imports.rules.options import Options, as_fixes
from treaty.imports.wording import NOTHING_AGREED, unfit
from treaty.kit.jobs import Cancelled, Progress, Refused, job


@job("import_persons")
def import_persons(
    progress: Progress,
    *,
    path: str,
    dry_run: bool,
    offer: bool,
    by: int | None,
    columns: dict[str, str] | None = None,
    read_as: dict[str, str] | None = None,
    rules_told: dict[str, Any] | None = None,
    fixes: dict[str, dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Bring in the persons of a kept file; the counts, the run, and how many rows were handed back."""
    try:
        table = opened(Path(path), Choice(**(read_as or {})))
        own = own_fields()
        chosen = rules.placed(table.header, columns, own) if columns else rules.guessed(table.header, own)
    except (BadFile, BadMapping) as error:
        raise Refused(unfit(error)) from None
    total = table.size()

    def advance(done: int) -> None:
        progress.reached(done, total)

    options = Options(
        dry_run=dry_run, offer=offer, job=progress.job.id, fixes=as_fixes(fixes or {}), **(rules_told or {})
    )
    try:
        report, bad_file = commands.import_persons(
            table, chosen, options=options, at=timezone.now(), by=by, progress=advance
        )
    except Cancelled:
        commands.stop_run(progress.job.id, at=timezone.now())
        raise
    except commands.NothingAgreed:
        raise Refused(str(NOTHING_AGREED)) from None
    return {**report.of("persons").as_dict(), "rejected": bool(bad_file)}


@job("import_records")
def import_records(
    progress: Progress,
    *,
    what: str,
    path: str,
    dry_run: bool,
    by: int | None,
    columns: dict[str, str],
    read_as: dict[str, str],
    rules_told: dict[str, Any],
    fixes: dict[str, dict[str, str]],
) -> dict[str, Any]:
    """Bring in what is no person of a kept file; the counts, and whether rows were handed back."""
    thing = rules.THINGS[what]
    try:
        table = opened(Path(path), Choice(**read_as))
        chosen = rules.placed(table.header, columns, own_fields(thing), thing)
    except (BadFile, BadMapping) as error:
        raise Refused(unfit(error)) from None
    total = table.size()

    def advance(done: int) -> None:
        progress.reached(done, total)

    options = Options(dry_run=dry_run, job=progress.job.id, fixes=as_fixes(fixes), **rules_told)
    try:
        report, bad_file = commands.import_records(
            table, chosen, options=options, at=timezone.now(), by=by, progress=advance
        )
    except Cancelled:
        commands.stop_run(progress.job.id, at=timezone.now())
        raise
    return {**report.of(what).as_dict(), "rejected": bool(bad_file)}


@job("undo_import")
def undo_import(progress: Progress, *, run: int, by: int | None) -> dict[str, int]:
    """Take back what a run brought; how many records were removed, restored, or stayed."""

    def advance(done: int, total: int) -> None:
        progress.check()
        progress.advance(done, total)

    try:
        return asdict(commands.undo_import(run, at=timezone.now(), by=by, progress=advance))
    except commands.CannotUndo as error:
        raise Refused(str(error)) from None


@job("export")
def export(progress: Progress, *, form: str, by: int | None) -> dict[str, Any]:
    """Write what leaves; where the file lies, and how many rows it has."""

    def advance(done: int) -> None:
        progress.check()
        progress.advance(done)

    path, rows = commands.export(form, at=timezone.now(), by=by, told=advance)
    return {"there": reverse("imports:exported", args=[path.parent.name]), "rows": rows}
