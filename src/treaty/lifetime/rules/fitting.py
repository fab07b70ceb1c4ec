"""The largest likelihood over positive parameters, and how sure it is of them: the observed information at its peak."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize

from treaty.kit.rules.refusals import Refused

Vector = NDArray[np.float64]
Likelihood = Callable[[Vector], tuple[float, Vector]]
"""Of parameters: the log-likelihood and its derivative by each of them."""
EDGE = 12.0
"""How far a parameter's logarithm may go from its start: a factor of 160,000 is as good as without end."""
STEP = 1e-4
"""Of a logarithm, for the second derivatives: their error is about its square."""
POLISHED = 1e-16
"""Of log-likelihood a person: Newton's steps end where one would win less. For a million persons that is 0.00001 errors."""


@dataclass(frozen=True)
class Fitted:
    """A fitted model. `errors`: standard errors from the observed information; `covariance`: in the order of `names`."""

    names: tuple[str, ...]
    values: Vector
    errors: Vector
    covariance: NDArray[np.float64]
    log_likelihood: float
    persons: int

    @property
    def parameters(self) -> dict[str, float]:
        """Each by its name."""
        return dict(zip(self.names, self.values.tolist(), strict=True))


def fitted(likelihood: Likelihood, names: tuple[str, ...], start: Vector, persons: int) -> Fitted:
    """The peak: climbed over logarithms by L-BFGS, finished by Newton's steps. Raises Refused: no_peak.

    Second derivatives are central differences of the given first ones. At the peak these vanish, so the information
    about the parameters is the one about their logarithms, scaled (the delta method is exact there).
    """
    lowered, begin = _lowered(likelihood, persons), np.log(start)
    bounds = [(at - EDGE, at + EDGE) for at in begin]
    climbed = minimize(
        lowered, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-7}
    )
    at, spread = _polished(lowered, climbed.x, begin, names)
    covariance = spread / persons * np.outer(np.exp(at), np.exp(at))
    errors = np.sqrt(np.diag(covariance))
    return Fitted(names, np.exp(at), errors, covariance, likelihood(np.exp(at))[0], persons)


def _lowered(likelihood: Likelihood, persons: int) -> Likelihood:
    """What is minimised: of logarithms, turned over, per person, so that limits mean the same for few and for many."""

    def told(at: Vector) -> tuple[float, Vector]:
        value, slope = likelihood(np.exp(at))
        return -value / persons, -slope * np.exp(at) / persons

    return told


def _polished(
    lowered: Likelihood, at: Vector, begin: Vector, names: tuple[str, ...]
) -> tuple[Vector, NDArray[np.float64]]:
    """Newton's steps as long as they win something; with the inverse of the curvature there."""
    for _ in range(30):
        if (np.abs(at - begin) > EDGE - 1).any():
            break
        curvature = _curvature(lowered, at)
        try:
            factor = cho_factor(curvature)
        except LinAlgError:
            raise _endless(names[int(np.argmin(np.diag(curvature)))]) from None
        slope = lowered(at)[1]
        step = cho_solve(factor, slope)
        if float(slope @ step) < POLISHED:
            return at, np.asarray(cho_solve(factor, np.eye(len(at))))
        at = at - step / max(1.0, float(np.abs(step).max()))
    raise _endless(names[int(np.argmax(np.abs(at - begin)))])


def _curvature(lowered: Likelihood, at: Vector) -> NDArray[np.float64]:
    steps = STEP * np.eye(len(at))
    rows = [(lowered(at + step)[1] - lowered(at - step)[1]) / (2 * STEP) for step in steps]
    return (np.array(rows) + np.array(rows).T) / 2


def _endless(name: str) -> Refused:
    text = "the data do not tell it from a simpler model, such as one in which all persons are alike"
    return Refused("no_peak", f"The likelihood has no peak: it grows as {name} runs away; {text}.")
