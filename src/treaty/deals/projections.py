"""Where a deal stands, folded from its history: the same code checks and rebuilds every row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from treaty.deals.facts import (
    DealChanged,
    DealLost,
    DealMoved,
    DealOpened,
    DealReopened,
    DealWon,
    NextStepDone,
    NextStepSet,
)
from treaty.deals.models import Deal
from treaty.deals.queries import stages
from treaty.deals.rules import LOST, WON
from treaty.ledger.facts import Fact, about_deal
from treaty.ledger.queries import Recorded, history

KINDS = tuple(
    kind.__name__
    for kind in (
        DealOpened,
        DealMoved,
        DealChanged,
        DealWon,
        DealLost,
        DealReopened,
        NextStepSet,
        NextStepDone,
    )
)
"""The facts a deal is folded from."""
STAGE_KINDS = frozenset(kind.__name__ for kind in (DealMoved, DealWon, DealLost, DealReopened))
"""Those that move it."""
FOLDED = (
    "stage_id",
    "stage_since",
    "opened_at",
    "closed_at",
    "value_minor",
    "currency",
    "next_step_kind",
    "next_step_at",
)
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands after a history."""

    stage: str
    stage_since: datetime
    opened_at: datetime
    closed_at: datetime | None = None
    value_minor: int | None = None
    currency: str = ""
    next_step_kind: str = ""
    next_step_at: datetime | None = None


def standing_after(lines: Iterable[Recorded]) -> Standing | None:
    """Where a deal stands after the facts in the order they were written down; None before it was opened.

    The order of writing, not of happening: what was said last about a deal holds, also where an import tells
    that it was won before it was opened.
    """
    return reduce(_after, sorted(lines, key=lambda line: line.id), None)


def _after(now: Standing | None, line: Recorded) -> Standing | None:
    fact = line.fact
    if isinstance(fact, DealOpened):
        at = line.occurred_at
        return Standing(fact.stage, at, at, value_minor=fact.value_minor, currency=fact.currency)
    return now and (_moved(now, fact, line.occurred_at) or _stated(now, fact))


def _moved(now: Standing, fact: Fact, at: datetime) -> Standing | None:
    match fact:
        case DealMoved(after=stage):
            return replace(now, stage=stage, stage_since=at)
        case DealWon(value_minor=value, currency=currency):
            return replace(now, stage=WON, stage_since=at, closed_at=at, value_minor=value, currency=currency)
        case DealLost():
            return replace(now, stage=LOST, stage_since=at, closed_at=at)
        case DealReopened(stage=stage, value_minor=value, currency=currency):
            now = replace(now, stage=stage, stage_since=at, closed_at=None)
            return replace(now, value_minor=value, currency=currency)
    return None


def _stated(now: Standing, fact: Fact) -> Standing:
    match fact:
        case DealChanged(value_minor=value, currency=currency):
            return replace(now, value_minor=value, currency=currency)
        case NextStepSet(step=step, due_at=due):
            return replace(
                now, next_step_kind=step, next_step_at=datetime.fromisoformat(due) if due else None
            )
        case NextStepDone():
            return replace(now, next_step_kind="", next_step_at=None)
    return now


def standings(deal_ids: Iterable[int]) -> dict[int, Standing]:
    """Where each of some deals stands by its facts."""
    lines: defaultdict[int, list[Recorded]] = defaultdict(list)
    for line in history([about_deal(deal) for deal in deal_ids], kinds=KINDS):
        lines[line.about.id].append(line)
    found = ((deal, standing_after(of_deal)) for deal, of_deal in lines.items())
    return {deal: standing for deal, standing in found if standing}


def rebuild(*, check: bool, at: datetime) -> int:
    """Fold every deal anew; how many rows differed, or had no facts at all. With `check` they stay as they are."""
    stage_ids = {stage.key: stage.id for stage in stages()}
    differences = 0
    for deals in _batches():
        folded = standings(deal.pk for deal in deals)
        differing = [deal for deal in deals if deal.pk in folded and _put(deal, folded[deal.pk], stage_ids)]
        differences += len(differing) + len(deals) - len(folded)
        if differing and not check:
            Deal.objects.bulk_update(differing, [name.removesuffix("_id") for name in FOLDED])
    return differences


def _put(deal: Deal, standing: Standing, stage_ids: dict[str, int]) -> bool:
    """Give the row what the facts say; whether anything differed."""
    wanted = {name: getattr(standing, name) for name in FOLDED if name != "stage_id"}
    wanted["stage_id"] = stage_ids[standing.stage]
    before = {name: getattr(deal, name) for name in FOLDED}
    for name, value in wanted.items():
        setattr(deal, name, value)
    return before != wanted


def _batches() -> Iterator[list[Deal]]:
    last = 0
    while deals := list(Deal.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield deals
        last = deals[-1].pk
