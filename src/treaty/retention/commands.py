"""Verbs of retention: turn a rule on or off, and take what is due, one bounded portion after the other."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction

from treaty.documents.commands import erase_old
from treaty.ledger.commands import erase_texts
from treaty.people.commands import forget_persons
from treaty.retention.models import Rule, Run
from treaty.retention.queries import due
from treaty.retention.rules import MONTHS, Kind, months_before
from treaty.search.commands import follow
from treaty.search.rules import Kind as Found
from treaty.staff.commands import audit

log = structlog.get_logger("treaty.retention")
Step = Callable[[int], None]
"""Called after each portion with how many were taken so far; may raise to stop before the next one."""


@transaction.atomic
def set_rule(kind: Kind, *, months: int, at: datetime, by: int | None) -> None:
    """Turn a rule on, or change how long it lets things be kept."""
    if months not in MONTHS:
        raise ValueError(f"A rule keeps for {MONTHS.start} to {MONTHS.stop - 1} months, not {months}.")
    had = Rule.objects.filter(kind=kind).first()
    if had is None or had.months != months:
        row, _made = Rule.objects.update_or_create(kind=kind, defaults={"months": months, "since": at})
        changes: dict[str, list[object]] = {
            "kind": [None, kind.value],
            "months": [had and had.months, months],
        }
        audit("retention_set", about=("retention", row.pk), changes=changes, by=by, at=at)


@transaction.atomic
def end_rule(kind: Kind, *, at: datetime, by: int | None) -> bool:
    """Turn a rule off; False where it was off."""
    row = Rule.objects.filter(kind=kind).first()
    if row is None:
        return False
    changes: dict[str, list[object]] = {"kind": [kind.value, None], "months": [row.months, None]}
    audit("retention_ended", about=("retention", row.pk), changes=changes, by=by, at=at)
    row.delete()
    return True


def take(kind: Kind, *, at: datetime, step: Step) -> int:
    """All that a rule says is due, if it is on, portion by portion; how much that was. Once begun it can be done again."""
    taken, last = 0, 0
    while (portion := _take_portion(kind, after=last, at=at)) is not None:
        number, going_on = portion
        taken += number
        step(taken)
        if going_on is None:
            break
        last = going_on
    return taken


def _take_portion(kind: Kind, *, after: int, at: datetime) -> tuple[int, int | None] | None:
    """Some hundreds, in one transaction: how many, and behind which id to go on. None where the rule is off."""
    with transaction.atomic():
        rule = Rule.objects.filter(kind=kind).first()
        if rule is None:
            return None
        portion = due(kind, before=months_before(at, rule.months), after=after)
        if kind is Kind.TEXTS:
            number = erase_texts(portion.ids)
            follow(Found.NOTE, portion.ids)
        elif kind is Kind.FILES:
            number = erase_old(portion.ids)
        else:
            number = forget_persons(portion.ids, at=at, by=None, cause="retention")
        if number:
            _note(rule, number, at)
    return number, portion.last


def _note(rule: Rule, number: int, at: datetime) -> None:
    """Write down what a portion took, in the same transaction: a run that is cut off has told what it did."""
    run, made = Run.objects.get_or_create(
        kind=rule.kind, at=at, defaults={"months": rule.months, "taken": number}
    )
    if not made:
        Run.objects.filter(pk=run.pk).update(taken=run.taken + number)
    changes: dict[str, list[object]] = {
        "kind": [None, rule.kind],
        "months": [None, rule.months],
        "taken": [None, number],
    }
    audit("retention_kept", about=("retention", rule.pk), changes=changes, by=None, at=at)
    log.info("retention took", kind=rule.kind, months=rule.months, taken=number)
