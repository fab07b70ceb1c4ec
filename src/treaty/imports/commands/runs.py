"""The row of a run: what was brought in, by whom, and what became of it; and the file of its rejected rows."""

import csv
import json
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from treaty.imports.models import Import
from treaty.imports.queries import added_by, changed_by, done_to_records
from treaty.imports.reading import Table
from treaty.imports.rules.columns import digest
from treaty.imports.rules.options import PLAIN, Options
from treaty.imports.rules.problems import SAID, TEXT, Counts, Rejected, Report
from treaty.imports.wording import handed_back
from treaty.kit.spreadsheet import cell

KEPT = timedelta(days=7)
"""How long an uploaded file stays: time enough to try it, mend it and bring it in."""
HANDED_BACK = "-rejected.csv"
"""How the file of rows that were handed back ends."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun: its id, which is also the batch of the facts it records; when, and who began it."""

    id: int
    at: datetime
    by: int | None
    is_resumed: bool = False
    """Whether it was killed on its way, and some of its rows are in."""


def begin_run(
    kind: str,
    table: Table,
    *,
    mapping: Mapping[str, str],
    at: datetime,
    by: int | None,
    options: Options = PLAIN,
) -> Run:
    """Note that an import begins; one that was killed goes on under its own id and time.

    It is known by its job, or on the command line by the same file, brought in in the same way.
    """
    what = {
        "kind": kind,
        "sha256": table.sha256(),
        "mapping": dict(mapping),
        "options": options.kept(),
        "is_dry_run": options.dry_run,
        "job_id": options.job,
        "by_id": by,
    }
    known = {"job_id": options.job} if options.job else what
    if row := Import.objects.filter(state="running", **known).order_by("pk").first():
        return Run(row.pk, row.started_at, row.by_id, is_resumed=True)
    header = digest(table.header)
    row = Import.objects.create(file_name=table.path.name[:255], header=header, started_at=at, **what)
    return Run(row.pk, at, by)


def end_run(run: Run, report: Report) -> str:
    """Note what a run came to; where rows were rejected, the path of their file."""
    bad_file = ""
    if report.rejected:
        path = _uploads() / f"{run.id}{HANDED_BACK}"
        _write_rejected(path, report.header, report.rejected)
        bad_file = str(path)
    counts = {what: each.as_dict() for what, each in report.counts.items()}
    Import.objects.filter(pk=run.id).update(
        counts=counts, ended_at=timezone.now(), bad_file=bad_file, state="done"
    )
    return bad_file


def _write_rejected(path: Path, header: Sequence[str], rejected: Sequence[Rejected]) -> None:
    """Write rows handed back, each with what is wrong, so that the mended file can be imported again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # What a file that was handed back before said of its rows is said anew.
    places = [place for place, name in enumerate(header) if name not in {*SAID, TEXT}]
    said = (*SAID, TEXT) if any(each.text for each in rejected) else SAID
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([cell(name) for name in (*(header[place] for place in places), *said)])
        for each in rejected:
            told = handed_back(each)
            cells = [each.cells[place] if place < len(each.cells) else "" for place in places]
            words = (told["row"], told["field"], told["reason"], each.text)
            writer.writerow([cell(text) for text in (*cells, *words[: len(said)])])


def stop_run(job: int, *, at: datetime) -> None:
    """Note that somebody stopped the import of a job: what came in so far stays, and can be undone."""
    row = Import.objects.filter(job_id=job, state="running").first()
    if row is not None:
        is_persons = row.kind == "persons"
        new, changed = (
            (len(added_by(row.pk)), len(changed_by(row.pk)))
            if is_persons
            else done_to_records(row.pk, row.kind)
        )
        counts = {row.kind: Counts(new=new, changed=changed).as_dict()}
        Import.objects.filter(pk=row.pk).update(state="cancelled", ended_at=at, counts=counts)


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


def keep_plan(upload: str, plan: Mapping[str, Any]) -> None:
    """Keep how an uploaded file is to be brought in, beside it."""
    (_uploads() / f"{upload}.json").write_text(json.dumps(plan), "utf-8")


def plan_of(upload: str) -> dict[str, Any] | None:
    """How a kept file is to be brought in, where somebody said so."""
    path = _uploads() / f"{upload}.json"
    if upload_path(upload) is None or not path.is_file():
        return None
    return dict(json.loads(path.read_text("utf-8")))


def rejected_files() -> list[Path]:
    """The files of rows that were handed back."""
    return sorted(_uploads().glob(f"*{HANDED_BACK}"))


def forget_uploads(*, at: datetime) -> None:
    """Drop files uploaded a week ago: what came of them stands in their runs."""
    for folder in _uploads().glob("[0-9a-f]" * 16):
        if folder.stat().st_mtime < (at - KEPT).timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".json").unlink(missing_ok=True)


def _uploads() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"
