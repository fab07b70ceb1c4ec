"""Deals and the stages they went through, as arrays, and what was known of them on a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Deals:
    """All times are days since 1970-01-01, all values one currency.

    Of each deal, (deals,): `created`, `closed` (NaN while open), `won`, `value` (NaN where unknown). Of each stay in a
    stage, (stays,): `deal` and `stage` as places, `since`, `left` (NaN while there). `names`: of the stages.
    `valued_early`: values were known while deals were open; else they were written when a deal closed.
    """

    created: Floats
    closed: Floats
    won: NDArray[np.bool_]
    value: Floats
    deal: Places
    stage: Places
    since: Floats
    left: Floats
    names: Sequence[str]
    valued_early: bool = True

    @property
    def is_open(self) -> NDArray[np.bool_]:
        """Which deals are neither won nor lost, (deals,)."""
        return np.isnan(self.closed)


def judged(deals: Deals, who: Sequence[object] = ()) -> Deals:
    """The same deals; a text in `who` is what a deal is called in a refusal, (deals,), else it is counted from 1 on.

    Raises Refused: empty, not_finite, negative, unsorted, open_and_won.
    """
    if not len(deals.created):
        raise Refused("empty", "There are no deals.")
    none = ~np.isfinite(deals.since)
    wrong = (
        ("not_finite", _of_deals(deals, none) | ~np.isfinite(deals.created), "has no day on which it began"),
        ("not_finite", np.isinf(deals.value), "has an endless value"),
        ("negative", deals.value < 0, "has a value below 0"),
        ("unsorted", deals.closed < deals.created, "was closed before it was created"),
        ("unsorted", _of_deals(deals, deals.left < deals.since), "left a stage before it came there"),
        ("open_and_won", deals.won & deals.is_open, "is won but has no day on which it was closed"),
    )
    for reason, which, text in wrong:
        if which.any():
            deal = int(np.argmax(which))
            called = who[deal] if who and isinstance(who[deal], str) else f"Deal {deal + 1}"
            raise Refused(reason, f"{called} {text}.")
    return deals


def _of_deals(deals: Deals, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Stays as deals: those that have one of them, (deals,)."""
    found = np.zeros(len(deals.created), dtype=np.bool_)
    found[deals.deal[which]] = True
    return found


def seen(deals: Deals, day: float) -> Deals:
    """What was known at the end of a day: later deals, closings, moves and (unless known early) values are not."""
    known = deals.created <= day
    place = np.cumsum(known) - 1
    closed = np.where(deals.closed <= day, deals.closed, np.nan)
    is_open = np.isnan(closed)
    stays = known[deals.deal] & (deals.since <= day)
    return replace(
        deals,
        created=deals.created[known],
        closed=closed[known],
        won=(deals.won & ~is_open)[known],
        value=(deals.value if deals.valued_early else np.where(is_open, np.nan, deals.value))[known],
        deal=place[deals.deal[stays]],
        stage=deals.stage[stays],
        since=deals.since[stays],
        left=np.where(deals.left <= day, deals.left, np.nan)[stays],
    )


def of_rows(
    who: Sequence[object],
    created: Floats,
    stage: Places,
    since: Floats,
    closed: Floats,
    won: NDArray[np.bool_],
    value: Floats,
    names: Sequence[str],
    *,
    valued_early: bool,
) -> Deals:
    """From one row per deal, or one per stage of a deal; rows of one deal share `who` (see `judged`). A deal leaves
    a stage when it comes to its next one, and the last one when it is closed. The last row says how the deal ended.

    Raises Refused: as `judged`.
    """
    places: dict[object, int] = {}
    deal = np.array([places.setdefault(one, len(places)) for one in who], dtype=np.int64)
    order = np.lexsort((since, deal))
    last = order[np.r_[np.flatnonzero(np.diff(deal[order])), len(order) - 1]] if len(order) else order
    left = np.full(len(deal), np.nan)
    follows = deal[order][1:] == deal[order][:-1]
    left[order[:-1][follows]] = since[order[1:][follows]]
    left[last] = closed[last]
    first = np.full(len(places), np.inf)
    with np.errstate(invalid="ignore"):  # a missing day is refused below
        np.minimum.at(first, deal, created)
    told = Deals(first, closed[last], won[last], value[last], deal, stage, since, left, names, valued_early)
    return judged(told, list(places))
