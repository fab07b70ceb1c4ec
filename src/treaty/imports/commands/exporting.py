"""Writes what leaves: a file that lies for a week in a folder nobody can guess."""

import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings

from treaty.imports import leaving
from treaty.imports.leaving import Told
from treaty.people.queries import person_lines
from treaty.staff.commands import audit
from treaty.staff.queries import user_with_role

KEPT = timedelta(days=7)
"""How long an export stays."""
ARCHIVE = "zip"
"""The form of everything at once."""

log = structlog.get_logger("treaty.imports")


def export(form: str, *, at: datetime, by: int | None, told: Told) -> tuple[Path, int]:
    """Write persons whom `by` may see in a form, or with ARCHIVE everything; the file, and how many rows it has."""
    forget_exports(at=at)
    name = "treaty" if form == ARCHIVE else "persons"
    path = _exports() / secrets.token_hex(8) / f"{name}-{at:%Y-%m-%d}.{form}"
    path.parent.mkdir(parents=True)
    rows = export_into(path, form, by=by, told=told)
    audit(
        "exported", about=("export", None), changes={"form": [None, form], "rows": [None, rows]}, by=by, at=at
    )
    return path, rows


def export_into(path: Path, form: str, *, by: int | None, told: Told) -> int:
    """As `export`, into a file of one's own choice; `by` nobody is the operator, who sees all."""
    persons = person_lines(None if by is None or form == ARCHIVE else user_with_role(by))
    if form == ARCHIVE:
        return leaving.write_archive(path, persons, told)
    return leaving.write_persons(path, form, persons, told)


def export_path(export: str) -> Path | None:
    """The file of an export, while it is there."""
    if not re.fullmatch(r"[0-9a-f]{16}", export):
        return None
    return next((path for path in (_exports() / export).glob("*") if path.is_file()), None)


def forget_exports(*, at: datetime) -> None:
    """Drop files written a week ago."""
    for folder in _exports().glob("[0-9a-f]" * 16):
        if folder.stat().st_mtime < (at - KEPT).timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def drop_exports() -> None:
    """Drop every file that was written: each holds persons as they were."""
    for folder in _exports().glob("[0-9a-f]" * 16):
        drop_folder(folder)


def drop_folder(folder: Path) -> None:
    """Drop a folder with all it holds; where some of it stays, say so."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        log.error("a folder stays that should go", folder=folder.name)


def _exports() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"
