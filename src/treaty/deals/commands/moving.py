"""Deals on their road: along it, to its end, and back. Each claim is one conditional update of the stage."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from treaty.deals.commands.asking import ask_again
from treaty.deals.facts import DealLost, DealMoved, DealReopened, DealWon
from treaty.deals.models import Deal, DealStage
from treaty.deals.projections import KINDS, STAGE_KINDS, Standing, standing_after
from treaty.deals.queries.bin import binned_deals
from treaty.deals.rules import LOST, WON, Move, Refused, StageType, move_between
from treaty.kit.rules.money import Money
from treaty.ledger.commands import record
from treaty.ledger.facts import Fact, about_deal
from treaty.ledger.queries import Recorded, history
from treaty.people.commands import enter_stage
from treaty.people.rules import Back, Stage


def move_deal(deal: int, *, stage: str, at: datetime, by: int | None, reason: str = "") -> Recorded | None:
    """Put a deal into a stage, whatever that means there; None where it stands there already.

    Raises Refused: `closed` from one end to the other, `reason_missing` for a loss without one, `overtaken`
    where somebody else moved it meanwhile.
    """
    with transaction.atomic():
        row, to = _row(deal), DealStage.objects.get(key=stage)
        move = move_between(StageType(row.stage.type), StageType(to.type), is_same=row.stage_id == to.pk)
        match move:
            case Move.NONE:
                return None
            case Move.WIN:
                return win(deal, at=at, by=by, reason=reason)
            case Move.LOSE:
                return lose(deal, reason=reason, at=at, by=by)
            case Move.REOPEN:
                return _reopen(row, _standing(row, stage=stage, at=at), at=at, by=by)
        _claim(row, {"stage": to, "stage_since": at}, at)
        return _record(row, DealMoved(row.stage.key, stage), at=at, by=by)


def win(deal: int, *, at: datetime, by: int | None, value: Money | None = None, reason: str = "") -> Recorded:
    """Win an open deal, at its own value or at the one given. Raises Refused, also to whoever comes second."""
    with transaction.atomic():
        row = _open_row(deal)
        minor, currency = (
            (value.minor, value.currency) if value is not None else (row.value_minor, row.currency)
        )
        _close(row, WON, reason, at, {"value_minor": minor, "currency": currency})
        line = _record(row, DealWon(row.person_id, minor, currency), at=at, by=by, text=reason)
        if row.person_id is not None:
            enter_stage([row.person_id], Stage.CUSTOMER, at=at, cause="DealWon", by=by)
    return line


def lose(deal: int, *, reason: str, at: datetime, by: int | None) -> Recorded:
    """Lose an open deal for a reason. A person without another deal becomes SQL again."""
    if not reason.strip():
        raise Refused("reason_missing", "reason")
    with transaction.atomic():
        row = _open_row(deal)
        _close(row, LOST, reason, at, {})
        line = _record(row, DealLost(row.person_id), at=at, by=by, text=reason)
        if row.person_id is not None and not _has_other_deals(row):
            enter_stage([row.person_id], Stage.SQL, at=at, cause="DealLost", by=by, back=True)
    return line


def reopen(deal: int, *, at: datetime, by: int | None) -> Recorded:
    """Take the end of a deal back: it stands again where it stood before, at the value it had."""
    with transaction.atomic():
        row = _row(deal)
        if row.stage.type == StageType.OPEN:
            raise Refused("open", "stage")
        return _reopen(row, _standing_before_end(row), at=at, by=by)


def undo_move(deal: int, *, was: int, at: datetime, by: int | None) -> Recorded:
    """Take back the move that is the touchpoint `was`; Refused where the deal moved on since."""
    with transaction.atomic():
        row = _row(deal)
        lines = [line for line in _history(deal) if line.kind in STAGE_KINDS]
        if not lines or lines[-1].id != was:
            raise Refused("overtaken", "stage")
        match lines[-1].fact:
            case DealMoved(before=stage):
                undone = move_deal(deal, stage=stage, at=at, by=by)
            case DealWon() | DealLost():
                undone = reopen(deal, at=at, by=by)
            case _:
                undone = _end_again(row, was, at=at, by=by)
        if undone is None:
            raise Refused("overtaken", "stage")
        return undone


def _end_again(row: Deal, reopened: int, *, at: datetime, by: int | None) -> Recorded | None:
    """The end a deal had before it was reopened, with its reason, which stays on the row."""
    before = standing_after(line for line in _history(row.pk) if line.id < reopened)
    if before is None or before.stage not in {WON, LOST}:
        return None
    if before.stage == LOST:
        return lose(row.pk, reason=row.reason, at=at, by=by)
    value = None if before.value_minor is None else Money(before.value_minor, before.currency)
    return win(row.pk, at=at, by=by, value=value, reason=row.reason)


def _reopen(row: Deal, before: Standing, *, at: datetime, by: int | None) -> Recorded:
    stage = DealStage.objects.get(key=before.stage)
    changes = {"stage": stage, "stage_since": at, "closed_at": None}
    _claim(row, changes | {"value_minor": before.value_minor, "currency": before.currency}, at)
    fact = DealReopened(before.stage, row.person_id, before.value_minor, before.currency)
    line = _record(row, fact, at=at, by=by)
    if row.person_id is not None:
        back = Back.ALLOWED if _has_another_win(row) else Back.UNDOING
        enter_stage([row.person_id], Stage.OPPORTUNITY, at=at, cause="DealReopened", by=by, back=back)
    return line


def _standing(row: Deal, *, stage: str, at: datetime) -> Standing:
    return Standing(stage, at, row.opened_at, value_minor=row.value_minor, currency=row.currency)


def _standing_before_end(row: Deal) -> Standing:
    lines = _history(row.pk)
    ends = [line.id for line in lines if line.kind in {DealWon.__name__, DealLost.__name__}]
    before = standing_after(line for line in lines if line.id < ends[-1]) if ends else None
    if before is None:
        raise Refused("overtaken", "stage")
    return before


def _history(deal: int) -> list[Recorded]:
    return sorted(history([about_deal(deal)], kinds=KINDS), key=lambda line: line.id)


def _row(deal: int) -> Deal:
    return Deal.objects.select_related("stage").get(pk=deal)


def _open_row(deal: int) -> Deal:
    row = _row(deal)
    if row.stage.type != StageType.OPEN:
        raise Refused("closed", "stage")
    return row


def _close(row: Deal, stage: str, reason: str, at: datetime, more: Mapping[str, object]) -> None:
    end = DealStage.objects.get(key=stage)
    changes = {"stage": end, "stage_since": at, "closed_at": at, "reason": reason.strip()[:200]}
    _claim(row, changes | dict(more), at)


def _claim(row: Deal, changes: Mapping[str, object], at: datetime) -> None:
    """Change the row if it still stands where it was read; of two who move it at once one is refused."""
    still = Deal.objects.filter(pk=row.pk, stage=row.stage_id)
    if not still.update(**changes, changed_at=at):
        raise Refused("overtaken", "stage")


def _record(row: Deal, fact: Fact, *, at: datetime, by: int | None, text: str = "") -> Recorded:
    line = record(fact, about=about_deal(row.pk), at=at, by=by, text=text.strip())
    if line is None:
        raise RuntimeError("A fact without a source key is always new.")
    ask_again([], persons=[row.person_id])
    return line


def _has_another_win(row: Deal) -> bool:
    return Deal.objects.filter(person=row.person_id, stage__type=StageType.WON).exclude(pk=row.pk).exists()


def _has_other_deals(row: Deal) -> bool:
    others = Deal.objects.filter(person=row.person_id).exclude(pk=row.pk)
    return others.exclude(stage__type=StageType.LOST).exclude(pk__in=binned_deals()).exists()
