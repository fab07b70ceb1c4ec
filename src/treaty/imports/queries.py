"""Readings of imports: the runs, newest first, and one of them."""

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from treaty.imports.models import Import


def runs(limit: int = 50) -> list[Import]:
    """The newest runs, with who began them and the job that does them."""
    return list(Import.objects.select_related("by", "job").order_by("-id")[:limit])


def run_by_id(run_id: int) -> Import | None:
    """One run."""
    return Import.objects.select_related("by", "job").filter(pk=run_id).first()


def run_of_job(job_id: int) -> Import | None:
    """The newest run that a job began: one that was killed and did it again began two."""
    return Import.objects.filter(job_id=job_id).order_by("-id").first()


def last_mapping(header: Sequence[str]) -> dict[str, str]:
    """What the columns of this header were told to hold the last time; empty where such a file is new."""
    for told in Import.objects.filter(kind="persons").order_by("-id").values_list("mapping", flat=True)[:50]:
        if told and set(told) <= set(header):
            return dict(told)
    return {}


def rejected_rows(run: Import, limit: int) -> list[tuple[str, str, str, str]]:
    """The first rows a run handed back: number, field, reason, and the row itself."""
    path = Path(run.bad_file)
    if not run.bad_file or not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        next(lines, None)
        return [
            (number, field, reason, ", ".join(filter(None, cells)))
            for *cells, number, field, reason in islice(lines, limit)
        ]
