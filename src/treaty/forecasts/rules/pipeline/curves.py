"""How time goes until a deal closes: censored deals count as long as they are seen.

Discrete hazards by day. Open share: Kaplan & Meier (1958) with Greenwood's error; won and lost share: Aalen & Johansen
(1978), for competing ends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
CENSORED, WON, LOST = 0, 1, 2


@dataclass(frozen=True)
class Curve:
    """After each day 0..d, (days,): shares still open, won and lost; they add up to one. `at_risk`: deals open before."""

    open: Floats
    won: Floats
    lost: Floats
    at_risk: Floats
    ended: Floats

    def won_until(self, days: float) -> float:
        """The share won within so many days."""
        return float(self.won[min(int(days), len(self.won) - 1)])

    def errors(self) -> Floats:
        """Standard error of the open share (Greenwood 1926), (days,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = self.ended / (self.at_risk * (self.at_risk - self.ended))
        return np.asarray(self.open * np.sqrt(np.cumsum(np.nan_to_num(parts, nan=0.0, posinf=0.0))))

    def days_until(self, share: float = 0.5) -> int | None:
        """The day after which at most this share is open; None where it never falls so low."""
        reached = np.flatnonzero(self.open <= share + 1e-12)
        return int(reached[0]) if len(reached) else None


def curve(days: Places, ends: Places, weights: Floats | None = None) -> Curve:
    """From how long each deal was seen open and how that ended (CENSORED, WON, LOST), both (deals,).

    A deal that is censored on a day was at risk on that day. Raises Refused: empty, negative.
    """
    places, length = placed(days, ends)
    return counted(np.bincount(places, weights=weights, minlength=3 * length).reshape(3, length))


def placed(days: Places, ends: Places) -> tuple[Places, int]:
    """Where in a table of ends by days each deal counts, (deals,), and the table's days. Raises Refused: empty, negative."""
    if not len(days):
        raise Refused("empty", "There are no deals to learn from.")
    if days.min() < 0:
        raise Refused("negative", "A deal cannot have been open for less than no time.")
    length = int(days.max()) + 1
    return days + length * ends, length


def counted(counts: NDArray[np.int64] | Floats) -> Curve:
    """From how many deals ended so on each day, (3, days)."""
    at_risk = counts.sum(axis=0)[::-1].cumsum()[::-1].astype(np.float64)
    ended = counts[WON] + counts[LOST]
    risk = np.maximum(at_risk, 1e-300)
    still = np.cumprod(1 - ended / risk)
    before = np.concatenate(([1.0], still[:-1]))
    won, lost = np.cumsum(before / risk * counts[[WON, LOST]], axis=1)
    return Curve(still, won, lost, at_risk, ended.astype(np.float64))
