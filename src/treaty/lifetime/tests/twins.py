"""The formulas as the papers print them, person by person: slow, without tables, what the kernels must equal."""

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import betaln, gammaln, hyp2f1

from treaty.lifetime.rules import bg_bb, bg_nbd, gamma_gamma, pareto_nbd
from treaty.lifetime.rules.fitting import Likelihood
from treaty.lifetime.rules.histories import WEEK, Histories

Vector = NDArray[np.float64]


def bg_nbd_log_likelihood(at: bg_nbd.Parameters, told: Histories) -> Vector:
    """Fader, Hardie, Lee (2005), equation 6."""
    r, alpha, a, b = at
    x, last, age = told.repeats, told.last / WEEK, told.age / WEEK
    common = betaln(a, b + x) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = -(r + x) * np.log(alpha + age)
    stops = np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)) - (r + x) * np.log(alpha + last)
    return np.asarray(common + np.logaddexp(stays, np.where(x > 0, stops, -np.inf)))


def bg_nbd_expected(at: bg_nbd.Parameters, x: int, last: float, age: float, weeks: float) -> float:
    """Their equation 10 as it stands; a is not 1."""
    r, alpha, a, b = at
    left = (alpha + age) / (alpha + age + weeks)
    gauss = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + age + weeks))
    bought = (a + b + x - 1) / (a - 1) * (1 - left ** (r + x) * gauss)
    stopped = a / (b + x - 1) * ((alpha + age) / (alpha + last)) ** (r + x) if x else 0.0
    return float(bought / (1 + stopped))


def pareto_log_likelihood(at: pareto_nbd.Parameters, x: int, last: float, age: float) -> float:
    """The integral over the moment of stopping, by adaptive quadrature in its own variable."""
    r, alpha, s, beta = at
    top = -(r + x) * np.log(alpha + last)

    def stops(at_time: float) -> float:
        log = -(r + x) * np.log(alpha + at_time) - (s + 1) * np.log(beta + at_time)
        return float(np.exp(log - top))

    scale = (alpha + last) / (r + x)
    cuts = [cut for cut in (last + scale, last + 10 * scale) if last < cut < age]
    stopped = s * quad(stops, last, age, points=cuts or None, epsabs=0, epsrel=1e-11, limit=400)[0]
    lives = np.exp(-(r + x) * np.log(alpha + age) - s * np.log(beta + age) - top)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float(common + top + np.log(lives + stopped))


def pareto_alive(at: pareto_nbd.Parameters, x: int, last: float, age: float) -> float:
    """Who lives at T, beside all."""
    r, alpha, s, beta = at
    lives = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + age)
    lives += s * np.log(beta / (beta + age))
    return float(np.exp(lives - pareto_log_likelihood(at, x, last, age)))


def pareto_expected(at: pareto_nbd.Parameters, x: int, last: float, age: float, weeks: float) -> float:
    """Who lives at T buys at the rate (r+x)/(α+T) for as long as they stay, ((β+T)/(β+T+u))^s of them for u more."""
    since = at.beta + age
    stays = quad(lambda more: (since / (since + more)) ** at.s, 0, weeks, epsabs=0, epsrel=1e-11)[0]
    return float(pareto_alive(at, x, last, age) * (at.r + x) / (at.alpha + age) * stays)


def spent_log_likelihood(at: gamma_gamma.Parameters, x: int, mean: float) -> float:
    """The mean of x values that are gamma(p, nu), nu being gamma(q, v): the integral over ln nu."""
    shape = at.p * x

    def told(log_nu: float) -> float:
        nu = np.exp(log_nu)
        of_mean = shape * np.log(nu * x) - gammaln(shape) + (shape - 1) * np.log(mean) - nu * x * mean
        of_nu = at.q * np.log(at.v) - gammaln(at.q) + at.q * log_nu - at.v * nu
        return float(of_mean + of_nu)

    peak = float(np.log((shape + at.q) / (x * mean + at.v)))
    top, wide = told(peak), 12 / np.sqrt(shape + at.q)
    area = quad(
        lambda log_nu: np.exp(told(log_nu) - top),
        peak - wide - 9 * (at.q < 1),
        peak + wide,
        epsrel=1e-10,
        limit=200,
    )[0]
    return float(top + np.log(area))


def occasions_likelihood(at: bg_bb.Parameters, x: int, last: int, occasions: int) -> float:
    """Fader, Hardie, Shang (2010), equation 5, term by term."""
    alpha, beta, gamma, delta = at

    def term(lived: int, stopped: int) -> float:
        bought = betaln(alpha + x, beta + lived - x) - betaln(alpha, beta)
        return float(np.exp(bought + betaln(gamma + stopped, delta + lived) - betaln(gamma, delta)))

    return term(occasions, 0) + sum(term(lived, 1) for lived in range(last, occasions))


def slope(of: Likelihood, at: Vector) -> Vector:
    """A likelihood's derivatives by central differences of its value."""
    steps = 1e-5 * np.diag(at)
    return np.array([(of(at + step)[0] - of(at - step)[0]) / (2 * step.sum()) for step in steps])
