"""The row of a run: what was brought in, by whom, and what became of it; and the file of its rejected rows."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from treaty.imports.models import Import
from treaty.imports.reading import Table, write_rejected
from treaty.imports.rules.problems import Report
from treaty.imports.wording import handed_back


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun: its id, which is also the batch of the facts it records; when, and who began it."""

    id: int
    at: datetime
    by: int | None


def begin_run(
    kind: str, table: Table, *, mapping: Mapping[str, str], is_dry_run: bool, at: datetime, by: int | None
) -> Run:
    """Note that an import begins."""
    row = Import.objects.create(
        kind=kind,
        file_name=table.path.name[:255],
        sha256=table.sha256(),
        mapping=dict(mapping),
        is_dry_run=is_dry_run,
        by_id=by,
        started_at=at,
    )
    return Run(row.pk, at, by)


def end_run(run: Run, report: Report) -> str:
    """Note what a run came to; where rows were rejected, the path of their file."""
    bad_file = ""
    if report.rejected:
        path = Path(settings.MEDIA_ROOT) / "imports" / f"{run.id}-rejected.csv"
        write_rejected(path, report.header, [(each.cells, handed_back(each)) for each in report.rejected])
        bad_file = str(path)
    counts = {what: each.as_dict() for what, each in report.counts.items()}
    Import.objects.filter(pk=run.id).update(counts=counts, ended_at=timezone.now(), bad_file=bad_file)
    return bad_file


def keep_upload(name: str, chunks: Iterable[bytes]) -> Path:
    """Keep an uploaded file until its job has read it, under a name nobody can guess."""
    folder = Path(settings.MEDIA_ROOT) / "imports" / secrets.token_hex(8)
    folder.mkdir(parents=True)
    path = folder / (Path(name).name[:120] or "upload.csv")
    with path.open("wb") as file:
        file.writelines(chunks)
    return path
