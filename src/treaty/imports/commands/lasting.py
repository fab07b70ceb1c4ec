"""How long files that hold persons last: uploads and exports a week, rows handed back a month; and no longer than until
one of the persons in them is forgotten."""

import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

from treaty.imports.commands.exporting import drop_exports, drop_folder, forget_exports
from treaty.imports.commands.runs import forget_uploads, rejected_files, upload_path
from treaty.imports.models import Import
from treaty.kit import logs
from treaty.kit.commands import empty_argument
from treaty.ledger.queries import Recorded, known_identities
from treaty.people.queries import holders, identities_of, identities_of_forgotten
from treaty.people.rules import BadIdentity, normalised

REJECTED_KEPT = timedelta(days=30)
"""How long rows that were handed back wait to be mended."""
OVER = ("done", "undone", "cancelled")
MENDED = "fixes"
"""The argument of a job that holds what was typed into cells of its file."""

Row = Sequence[str]
log = structlog.get_logger("treaty.imports")


def forget_files(*, at: datetime) -> None:
    """Drop what lay long enough."""
    forget_uploads(at=at)
    forget_exports(at=at)
    old = Import.objects.exclude(bad_file="").filter(ended_at__lt=at - REJECTED_KEPT)
    for place in old.order_by("pk").values_list("bad_file", flat=True):
        Path(place).unlink(missing_ok=True)
    old.update(bad_file="")
    # What was mended in a file is kept no longer than the file.
    told = Import.objects.filter(job__isnull=False).order_by("pk").values_list("job", "job__arguments")
    empty_argument(MENDED, jobs=[job for job, given in told if given.get(MENDED) and _kept(given) is None])


def forget_in_files(batch: Sequence[Recorded]) -> None:
    """Listener: whoever is forgotten stands in no file kept here, once that is certain.

    Exports go, and the files of imports that are over; of rows handed back those go that hold an address or number of theirs.
    """
    persons = sorted(set(holders(batch).values()))
    theirs = {identity for held in identities_of(persons).values() for identity in held}
    transaction.on_commit(partial(_drop, frozenset(theirs)))


def after_files() -> None:
    """A backup's files are in place: what they say of persons who were forgotten since goes again, before anybody works."""
    if theirs := identities_of_forgotten():
        _drop(theirs)


def _drop(identities: Collection[int]) -> None:
    drop_exports()
    over = Import.objects.filter(state__in=OVER, is_dry_run=False, job__isnull=False)
    told = dict(over.order_by("pk").values_list("job", "job__arguments"))
    for given in told.values():
        if (path := _kept(given)) is not None:
            drop_folder(path.parent)
            _drop_file(path.parent.with_suffix(".json"))
    empty_argument(MENDED, jobs=told)
    for place in rejected_files():
        try:
            _leave_out(place, lambda told: _are_among(told, identities))
        except (OSError, ValueError, csv.Error) as error:
            # Rather no rows handed back than those of somebody who was forgotten.
            log.error("rows handed back are dropped", file=place.name, **logs.place(error))
            _drop_file(place)


def _kept(told: Mapping[str, Any]) -> Path | None:
    """The file of a job with these arguments, while it is kept.

    By its name alone: a backup may have been made where TREATY_HOME was another folder.
    """
    path = Path(told.get("path", ""))
    found = upload_path(path.parent.name)
    return found if found is not None and found.name == path.name else None


def _drop_file(path: Path) -> None:
    """Drop a file; where that cannot be, say so and go on with the others."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.error("a file stays that should go", file=path.name, **logs.place(error))


def _leave_out(path: Path, unwanted: Callable[[Sequence[Row]], Sequence[bool]]) -> None:
    """Write a file again without some of its rows, all at once; the heads stay."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    gone = unwanted(rows)
    if any(gone):
        anew = path.with_suffix(".new")
        try:
            with anew.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(
                    [head, *(row for row, is_gone in zip(rows, gone, strict=True) if not is_gone)]
                )
            anew.replace(path)
        finally:
            _drop_file(anew)


def _are_among(rows: Sequence[Row], identities: Collection[int]) -> list[bool]:
    """Of each row whether one of its cells is the address or number of one of some identities."""
    pairs = [{pair for cell in row for pair in _meant(cell)} for row in rows]
    known = known_identities(set().union(*pairs))
    return [any(known.get(pair) in identities for pair in found) for found in pairs]


def _meant(cell: str) -> list[tuple[str, str]]:
    """The identities a cell may be; an apostrophe kept it from being a formula."""
    found = []
    for kind, mark in (("email", "@"), ("phone", "+")):
        if mark in cell:
            with suppress(BadIdentity):
                found.append((kind, normalised(kind, cell.removeprefix("'"))))
    return found
