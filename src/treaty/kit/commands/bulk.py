"""Verbs of bulks: fix which rows are meant, do a part of them, take a part back. A part is one transaction."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import EmptyResultSet
from django.db import Error, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from treaty.kit import logs, sql
from treaty.kit.models import Bulk, BulkLine

log = structlog.get_logger("treaty.bulk")


@dataclass(frozen=True)
class Outcome:
    """What became of some rows: what each was before, and why others failed. For the rest nothing was to be done."""

    done: Mapping[int, object] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)


Step = Callable[[Mapping[int, Any]], Outcome]
"""Does something to rows, given by id with what was kept of each."""


def begin_bulk(
    verb: str, *, title: str, arguments: Mapping[str, Any], rows: "QuerySet[Any]", at: datetime, by: int
) -> tuple[int, int]:
    """Fix the rows that are meant now, whatever fits the list later; the bulk's id, and how many rows they are."""
    with transaction.atomic():
        bulk = Bulk.objects.create(verb=verb, title=title, arguments=dict(arguments), by=by, asked_at=at)
        try:
            ordered = rows if rows.query.is_sliced else rows.order_by("pk")
            statement, values = ordered.values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            return bulk.pk, 0
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kit_bulkline (bulk_id, record, state, before, reason)"
                f" SELECT {bulk.pk}, picked.*, 'waiting', '', '' FROM ({statement}) picked",
                values,
            )
        total = BulkLine.objects.filter(bulk=bulk).count()
        Bulk.objects.filter(pk=bulk.pk).update(total=total)
    return bulk.pk, total


def work_off(bulk: int, step: Step, *, limit: int) -> int:
    """Do the next rows that wait; how many they were. Where they break together each is tried alone."""
    return _advance(bulk, "waiting", {"done": "done", "failed": "failed", "rest": "same"}, step, limit)


def take_back(bulk: int, step: Step, *, limit: int) -> int:
    """Take back the next rows that were done; how many they were."""
    return _advance(bulk, "done", {"done": "undone", "failed": "kept", "rest": "kept"}, step, limit)


def _advance(bulk: int, state: str, names: Mapping[str, str], step: Step, limit: int) -> int:
    lines = list(BulkLine.objects.filter(bulk=bulk, state=state).order_by("id")[:limit])
    if not lines:
        return 0
    try:
        _try(lines, step, names)
    except Error:
        raise
    except Exception:
        for line in lines:
            _alone(line, step, names)
    return len(lines)


def _try(lines: Sequence[BulkLine], step: Step, names: Mapping[str, str]) -> None:
    kept = {line.record: json.loads(line.before) if line.before else None for line in lines}
    with transaction.atomic():
        _note(lines, step(kept), names)


def _alone(line: BulkLine, step: Step, names: Mapping[str, str]) -> None:
    try:
        _try([line], step, names)
    except Error:
        raise
    except Exception as error:
        log.error("row of a bulk broke", bulk=line.bulk_id, **logs.place(error))
        broke = gettext("It broke. The log of the server says where.")
        _note([line], Outcome(failed={line.record: broke}), names)


def _note(lines: Sequence[BulkLine], outcome: Outcome, names: Mapping[str, str]) -> None:
    rows = [(*_told(line, outcome, names), line.pk) for line in lines]
    sql.update_rows("kit_bulkline", ("state", "before", "reason"), rows)


def _told(line: BulkLine, outcome: Outcome, names: Mapping[str, str]) -> tuple[str, str, str]:
    if line.record in outcome.done:
        return names["done"], json.dumps(outcome.done[line.record], default=str), ""
    if line.record in outcome.failed:
        return names["failed"], line.before, outcome.failed[line.record]
    return names["rest"], line.before, ""


def give_to_job(bulk: int, *, job: int) -> None:
    """Long work does the bulk from here on."""
    Bulk.objects.filter(pk=bulk).update(job=job)


def forget_rows(verbs: str, records: Collection[int]) -> None:
    """Bulks by verbs whose names begin so keep nothing of some rows, and neither do nor take back anything there."""
    lines = BulkLine.objects.filter(bulk__verb__startswith=verbs, record__in=records)
    known = {str(one) for one in records}
    bulks = list(Bulk.objects.filter(pk__in=lines.values("bulk")).order_by("pk"))
    for bulk in bulks:
        if told := bulk.arguments.get("rows"):
            bulk.arguments["rows"] = {row: pair for row, pair in told.items() if row not in known}
    Bulk.objects.bulk_update(bulks, ["arguments"], batch_size=20)
    lines.update(state="same", before="", reason="")


def end_bulk(bulk: int, *, at: datetime) -> None:
    """Every row was looked at."""
    Bulk.objects.filter(pk=bulk).update(ended_at=at)


def ask_undo(bulk: int, *, at: datetime) -> bool:
    """Somebody wants the bulk taken back; False where that was asked before."""
    return bool(Bulk.objects.filter(pk=bulk, undo_asked_at=None).update(undo_asked_at=at))
