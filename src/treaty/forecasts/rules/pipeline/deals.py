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


def judged(deals: Deals) -> Deals:
    """The same deals. Raises Refused: empty, not_finite, negative, unsorted, open_and_won."""
    if not len(deals.created):
        raise Refused("empty", "There are no deals.")
    if not (np.isfinite(deals.created).all() and np.isfinite(deals.since).all()):
        raise Refused("not_finite", "A deal has no day of creation, or a stage no day on which it began.")
    if (deals.value < 0).any():
        raise Refused("negative", "The value of a deal cannot be negative.")
    if (deals.closed < deals.created).any():
        deal = int(np.argmax(deals.closed < deals.created))
        raise Refused("unsorted", f"Deal {deal + 1} was closed before it was created.")
    if (deals.left < deals.since).any():
        deal = int(deals.deal[np.argmax(deals.left < deals.since)])
        raise Refused("unsorted", f"Deal {deal + 1} left a stage before it came there.")
    if (deals.won & deals.is_open).any():
        raise Refused("open_and_won", "A deal is won but has no day on which it was closed.")
    return deals


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
    """From one row per deal, or one per stage of a deal; rows of one deal share `who`. A deal leaves a stage when it
    comes to its next one, and the last one when it is closed. The last row says how the deal ended.

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
    return judged(told)
