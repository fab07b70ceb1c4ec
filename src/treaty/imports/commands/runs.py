"""The row of a run: what was brought in, by whom, and what became of it; and the file of its rejected rows."""

import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from treaty.imports.models import Import
from treaty.imports.reading import Table, write_rejected
from treaty.imports.rules.problems import Report
from treaty.imports.wording import handed_back

KEPT = timedelta(days=7)
"""How long an uploaded file stays: time enough to try it, mend it and bring it in."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun: its id, which is also the batch of the facts it records; when, and who began it."""

    id: int
    at: datetime
    by: int | None


def begin_run(
    kind: str,
    table: Table,
    *,
    mapping: Mapping[str, str],
    is_dry_run: bool,
    at: datetime,
    by: int | None,
    job: int | None = None,
) -> Run:
    """Note that an import begins."""
    row = Import.objects.create(
        kind=kind,
        file_name=table.path.name[:255],
        sha256=table.sha256(),
        mapping=dict(mapping),
        is_dry_run=is_dry_run,
        by_id=by,
        job_id=job,
        started_at=at,
    )
    return Run(row.pk, at, by)


def end_run(run: Run, report: Report) -> str:
    """Note what a run came to; where rows were rejected, the path of their file."""
    bad_file = ""
    if report.rejected:
        path = _uploads() / f"{run.id}-rejected.csv"
        write_rejected(path, report.header, [(each.cells, handed_back(each)) for each in report.rejected])
        bad_file = str(path)
    counts = {what: each.as_dict() for what, each in report.counts.items()}
    Import.objects.filter(pk=run.id).update(counts=counts, ended_at=timezone.now(), bad_file=bad_file)
    return bad_file


def keep_upload(name: str, chunks: Iterable[bytes], *, at: datetime) -> Path:
    """Keep an uploaded file for a week, under a name nobody can guess; older ones go."""
    forget_uploads(at=at)
    folder = _uploads() / secrets.token_hex(8)
    folder.mkdir(parents=True)
    path = folder / (Path(name).name[:120] or "upload.csv")
    with path.open("wb") as file:
        file.writelines(chunks)
    return path


def upload_path(upload: str) -> Path | None:
    """The kept file of an upload, while it is there."""
    if not re.fullmatch(r"[0-9a-f]{16}", upload):
        return None
    return next((path for path in (_uploads() / upload).glob("*") if path.is_file()), None)


def forget_uploads(*, at: datetime) -> None:
    """Drop files uploaded a week ago: what came of them stands in their runs."""
    for folder in _uploads().glob("[0-9a-f]" * 16):
        if folder.stat().st_mtime < (at - KEPT).timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def _uploads() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"
