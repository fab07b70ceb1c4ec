"""How likely each open deal is won within some days, given its stage and how long it has been there.

Compared with the deals that were still in that stage at that age, followed from that age on (landmark Aalen-Johansen:
van Houwelingen 2007; Putter & Spitoni 2018): right also where the past of a deal matters, and censored deals count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.pipeline.curves import CENSORED, LOST, WON, Curve, counted, placed
from treaty.forecasts.rules.pipeline.deals import Deals
from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LEAST = 20
"""Deals that must be there to compare with, before an older age or a single stage is believed."""
WEEK = 7


@dataclass(frozen=True)
class Compared:
    """Groups of open deals with the past deals each is compared with. `group`: of each open deal, (open,).
    `members`: per group their deals; `places`, `lengths`: how long and how each was seen after the age they share, as
    `curves.placed` has it."""

    group: Places
    members: list[Places]
    places: list[Places]
    lengths: list[int]
    by_stage: NDArray[np.bool_]
    """Whether a group is of one stage; else of all deals of that age."""

    def chances(self, horizon: float, weights: Floats | None = None) -> Floats:
        """To be won within so many days, (open,). `weights`: of past deals, for a bootstrap, (deals,)."""
        each = np.array([one.won_until(horizon) for one in self.curves(weights)])
        return np.asarray(each[self.group]) if len(each) else np.empty(0)

    def curves(self, weights: Floats | None = None) -> list[Curve]:
        """Of each group, from the age it shares on."""
        return [
            counted(
                np.bincount(
                    places, None if weights is None else weights[members], minlength=3 * length
                ).reshape(3, length)
            )
            for members, places, length in zip(self.members, self.places, self.lengths, strict=True)
        ]


def learnable(deals: Deals) -> None:
    """Raises Refused: too_few, one_class; where no chance can be learnt from what was closed."""
    closed = int((~deals.is_open).sum())
    if closed < LEAST:
        raise Refused("too_few", f"Only {closed} deals were closed so far; {LEAST} are needed to learn from.")
    if deals.won.sum() in (0, closed):
        word = "won" if deals.won.any() else "lost"
        raise Refused("one_class", f"Every closed deal was {word}: nothing tells the others apart.")


def compared(deals: Deals, day: float) -> Compared:
    """Whom each open deal is compared with, as known on that day. Raises Refused: too_few, one_class."""
    learnable(deals)
    stage, age = standing(deals, day)
    keys, group = np.unique(np.column_stack([stage, age // WEEK * WEEK]), axis=0, return_inverse=True)
    group = group.reshape(-1)
    everywhere = _Stays.whole_lives(deals, day)
    stays = {at: _Stays.of_stage(deals, day, at) for at in np.unique(stage[stage >= 0]).tolist()}
    found: list[_Stays] = []
    by_stage: list[bool] = []
    for at, weeks in keys:
        own = stays[int(at)].believed(int(weeks)) if at >= 0 else None
        by_stage.append(own is not None)
        if own is None:
            own = everywhere.after(_age_of_all(deals, day, np.equal(group, len(found))))
        if own is None:
            own = everywhere
        found.append(own)
    tables = [placed(one.days, one.ends) for one in found]
    return Compared(
        group,
        [one.members for one in found],
        [places for places, _ in tables],
        [length for _, length in tables],
        np.array(by_stage, dtype=np.bool_),
    )


def standing(deals: Deals, day: float) -> tuple[Places, Places]:
    """Of each open deal, in order: its stage (-1 where none is known) and its whole days there, both (open,)."""
    stage = np.full(len(deals.created), -1, dtype=np.int64)
    since = deals.created.copy()
    now = np.isnan(deals.left) & deals.is_open[deals.deal]
    stage[deals.deal[now]] = deals.stage[now]
    since[deals.deal[now]] = np.where(deals.stage[now] >= 0, deals.since[now], deals.created[deals.deal[now]])
    is_open = deals.is_open
    return stage[is_open], np.floor(day - since[is_open]).astype(np.int64)


@dataclass(frozen=True)
class _Stays:
    """Past stays that began alike: how long each lasted, and how long and how the deal was seen from its beginning."""

    members: Places
    lasted: Places
    days: Places
    ends: Places

    @classmethod
    def of_stage(cls, deals: Deals, day: float, stage: int) -> "_Stays":
        """All that came into a stage."""
        here = deals.stage == stage
        return cls._of(deals, day, deals.deal[here], deals.since[here], deals.left[here])

    @classmethod
    def whole_lives(cls, deals: Deals, day: float) -> "_Stays":
        """All deals from their creation on."""
        return cls._of(deals, day, np.arange(len(deals.created)), deals.created, deals.closed)

    @classmethod
    def _of(cls, deals: Deals, day: float, members: Places, since: Floats, left: Floats) -> "_Stays":
        until, won = deals.closed[members], deals.won[members]
        ends = np.where(np.isnan(until), CENSORED, np.where(won, WON, LOST)).astype(np.int64)
        days = np.floor(np.where(np.isnan(until), day, until) - since).astype(np.int64)
        lasted = np.floor(np.where(np.isnan(left), day, left) - since).astype(np.int64)
        return cls(members, lasted, np.maximum(days, 0), ends)

    def believed(self, age: int) -> "_Stays | None":
        """As `after`, where enough of them were closed later at all: a stage nobody was closed from says nothing."""
        return self.after(age) if np.count_nonzero(self.ends != CENSORED) >= LEAST else None

    def after(self, age: int) -> "_Stays | None":
        """Those that lasted longer, from that age on; from a smaller age where they are too few; else None."""
        for since in range(max(age, 0) // WEEK * WEEK, -1, -WEEK):
            there = self.lasted > since
            if np.count_nonzero(there & ((self.ends != CENSORED) | (self.days >= since + 4 * WEEK))) >= LEAST:
                return _Stays(
                    self.members[there], self.lasted[there], self.days[there] - since, self.ends[there]
                )
        return None


def _age_of_all(deals: Deals, day: float, which: NDArray[np.bool_]) -> int:
    """How long the deals of a group have been open in the middle, since they were created."""
    return int(np.median(day - deals.created[deals.is_open][which]))
