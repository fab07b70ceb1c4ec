"""BG/BB: people who may buy once at each of some occasions, until they stop.

The chance to buy is beta(alpha, beta) over persons, the chance to stop before an occasion is beta(gamma, delta).
Source: Fader, Hardie, Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing Science
29(6); equations 5 (likelihood), 11 (alive), 13 (expected), the last as a sum, which has no gap at gamma = 1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules.fitting import Fitted, Likelihood, Vector, fitted
from treaty.lifetime.rules.histories import REPEATERS
from treaty.lifetime.rules.rising import rising

NAMES = ("alpha", "beta", "gamma", "delta")
Whole = NDArray[np.int64]


class Parameters(NamedTuple):
    """All above 0, without unit."""

    alpha: float
    beta: float
    gamma: float
    delta: float


class Occasions(NamedTuple):
    """Rows of one length: x purchases, the last at occasion t_x (0 where x is 0), of n occasions; `persons`: how many like it."""

    repeats: Whole
    last: Whole
    occasions: Whole
    persons: Vector


def fit(told: Occasions) -> Fitted:
    """The parameters with the largest likelihood. Raises Refused: empty, impossible, none_repeat, too_few, no_peak."""
    _check(told)
    return fitted(likelihood(told), NAMES, np.ones(4), int(told.persons.sum()))


def likelihood(told: Occasions) -> Likelihood:
    """The sum over who lives through all occasions, and who stopped after occasion t_x, t_x + 1, ... n - 1."""
    ways = _ways(told)

    def likely(at: Vector) -> tuple[float, Vector]:
        tables = _tables(at, ways)
        logs = _logs(tables, ways, told)
        rows = logsumexp(logs, axis=1)
        shares = np.exp(logs - rows[:, None]) * told.persons[:, None]
        by = [
            (shares * slope[place]).sum()
            for (_, slope), place in zip(tables, _places(ways, told), strict=True)
        ]
        slopes = (by[0] - by[2], by[1] - by[2], by[3] - by[5], by[4] - by[5])
        return float(told.persons @ rows), np.array(slopes)

    return likely


class _Ways(NamedTuple):
    """(rows, ways): occasions lived through, whether then stopped, whether a row can have come about so."""

    lived: Whole
    stopped: Whole
    possible: NDArray[np.bool_]
    top: int


def _ways(told: Occasions) -> _Ways:
    top = int(told.occasions.max())
    lived = np.arange(top + 1) + np.zeros_like(told.last)[:, None]
    possible = (lived >= told.last[:, None]) & (lived <= told.occasions[:, None])
    return _Ways(lived, (lived < told.occasions[:, None]).astype(np.int64), possible, top + 1)


def _tables(at: Vector, ways: _Ways) -> list[tuple[Vector, Vector]]:
    alpha, beta, gamma, delta = at
    return [rising(start, ways.top) for start in (alpha, beta, alpha + beta, gamma, delta, gamma + delta)]


def _places(ways: _Ways, told: Occasions) -> list[Whole]:
    """Where the six tables of ln Γ(. + k)/Γ(.) are read."""
    x = np.broadcast_to(told.repeats[:, None], ways.lived.shape)
    misses = np.maximum(ways.lived - x, 0)
    return [x, misses, x + misses, ways.stopped, ways.lived, ways.lived + ways.stopped]


def _logs(tables: list[tuple[Vector, Vector]], ways: _Ways, told: Occasions) -> NDArray[np.float64]:
    signs = (1, 1, -1, 1, 1, -1)
    read = (table[place] for (table, _), place in zip(tables, _places(ways, told), strict=True))
    sums = sum((sign * log for sign, log in zip(signs, read, strict=True)), start=np.zeros(ways.lived.shape))
    return np.where(ways.possible, sums, -np.inf)


def alive(at: Parameters, told: Occasions) -> Vector:
    """The chance of each row to be there at the next occasion, n + 1."""
    return _ahead(at, told, 0, 1)


def expected(at: Parameters, told: Occasions, ahead: int) -> Vector:
    """E[X(n, n+ahead) | x, t_x, n]: purchases of a person of each row at the next `ahead` occasions. Raises Refused: horizon."""
    if ahead < 0:
        raise Refused("horizon", "The number of occasions ahead is 0 or more.")
    return _ahead(at, told, 1, ahead)


def _ahead(at: Parameters, told: Occasions, bought: int, ahead: int) -> Vector:
    """The sum over the next occasions of the chance to be there, and to buy at it where `bought` is 1, given the row."""
    _check_rows(told)
    x, n, most = told.repeats, told.occasions, int(told.occasions.max()) + ahead
    buys, misses, both = (rising(start, most + 1)[0] for start in (at.alpha, at.beta, at.alpha + at.beta))
    stays = rising(at.delta, most)[0] - rising(at.gamma + at.delta, most)[0]
    chance = buys[x + bought] + misses[n - x] - both[n + bought]
    later = np.concatenate(([0.0], np.cumsum(np.exp(stays))))
    ways = _ways(told)
    rows = logsumexp(_logs(_tables(np.array(at), ways), ways, told), axis=1)
    return np.asarray(np.exp(chance - rows) * (later[n + ahead + 1] - later[n + 1]))


def _check(told: Occasions) -> None:
    _check_rows(told)
    back = float(told.persons[told.repeats > 0].sum())
    if not back:
        raise Refused(
            "none_repeat", "Nobody bought at any occasion: nothing tells how often people come back."
        )
    if back < REPEATERS:
        raise Refused(
            "too_few", f"Only {back:g} persons came back; at least {REPEATERS} are needed for a fit."
        )


def _check_rows(told: Occasions) -> None:
    if not len(told.repeats):
        raise Refused("empty", "There is nobody to look at.")
    x, last, n, persons = told
    wrong = (
        (x < 0) | (x > last) | (last > n) | ((x == 0) != (last == 0)) | ~(persons > 0) | ~np.isfinite(persons)
    )
    if wrong.any():
        row = int(np.argmax(wrong))
        text = f"Row {row + 1} cannot be (x {x[row]}, t_x {last[row]}, n {n[row]}, count {persons[row]:g})"
        raise Refused(
            "impossible", f"{text}: 0 <= x <= t_x <= n, t_x is 0 only where x is, and a count is above 0."
        )
