"""What each row of benchmarks/kernels.py measures: a kernel over generated input, and one plain pass over the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import funnels
import generate
import happenings
import journeys
import leads
import numpy as np
import transactions
import visits
import weeks
from numpy.typing import NDArray

from treaty.attribution.rules import attributing, intervals, strings, touches, transitions
from treaty.capture.rules import default_channel
from treaty.experiments.rules import judged
from treaty.forecasts.rules.mix import fitting
from treaty.forecasts.rules.pipeline import banding
from treaty.funnels.rules import Events, Plan, Question, cohorts, funnel, step_figures
from treaty.lifetime.rules import bg_nbd, gamma_gamma, pareto_nbd
from treaty.lifetime.rules import transactions as logs
from treaty.scoring.rules.predicted import training
from treaty.scoring.rules.predicted.model import Kind

RULES = ("first", "last", "last-non-direct", "linear", "position")
CHANNELS, MONTHS, WEEKS_AHEAD, REPLICATES = 30, 12, 39.0, 200
Columns = Mapping[str, generate.Column]


@dataclass
class Made:
    """What is measured; one plain pass over the same input, which nothing can beat; the input as rivals read it."""

    work: Callable[[], object]
    plain: Callable[[], object]
    columns: Callable[[], Columns] | None = None


def path_texts(order: int, size: int) -> Made:
    """Path strings to exact Markov; the plain pass joins and encodes them."""
    paths = journeys.journeys(size, 10)
    listed, models = journeys.texts(paths), [attributing.parsed(f"markov:{order}")]

    def work() -> object:
        return attributing.credits_of(strings.read(listed, paths.outcomes), models)

    return Made(work, lambda: "\n".join(listed).encode(), partial(generate.of_paths, paths))


def path_rules(size: int) -> Made:
    """Five rules over encoded paths; rivals begin with strings, as they know nothing else."""
    paths = journeys.journeys(size, 10)
    models = [attributing.parsed(name) for name in RULES]
    work = partial(attributing.credits_of, paths, models, direct="direct")
    return Made(work, paths.channels.max, partial(generate.of_paths, paths))


def path_games(size: int) -> Made:
    """Both Shapley games over encoded paths."""
    paths = journeys.journeys(size, 10)
    models = [attributing.parsed(name) for name in ("shapley", "shapley:rate")]
    return Made(partial(attributing.credits_of, paths, models), paths.channels.max)


def path_intervals(size: int) -> Made:
    """Intervals of two models from 200 replicates of all paths; the plain pass shares out once."""
    paths = journeys.journeys(size, 10)
    models = [attributing.parsed(name) for name in ("linear", "markov:1")]
    work = partial(intervals.intervals, paths, models, seed=1, replicates=REPLICATES)
    return Made(work, partial(attributing.credits_of, paths, models))


def path_codes(size: int) -> Made:
    """Encoded paths to exact Markov of orders 1, 2 and 3 at once."""
    paths = journeys.journeys(size, CHANNELS)
    models = [attributing.parsed(f"markov:{order}") for order in (1, 2, 3)]
    work = partial(attributing.credits_of, paths, models)
    return Made(work, paths.channels.max, partial(generate.of_paths, paths))


def raw_touches(size: int) -> Made:
    """Raw touches, persons mixed, to paths and to credit; the plain pass sorts them by person."""
    rows = journeys.touches(size, CHANNELS)
    models = [attributing.parsed(name) for name in ("last", "linear", "markov:1")]

    def work() -> object:
        return attributing.credits_of(touches.collect(rows, lookback=90.0), models)

    plain = partial(np.argsort, rows.persons, kind="stable")
    return Made(work, plain, partial(generate.of_touches, rows))


def kept_counts(size: int) -> Made:
    """Twelve kept months of transition counts summed and solved to order 3; the plain pass puts them together."""
    months = [
        transitions.packed(transitions.counted(journeys.journeys(size // MONTHS, CHANNELS, seed=month), 3))
        for month in range(MONTHS)
    ]

    def together() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return np.concatenate([places for places, _ in months]), np.concatenate(
            [cells for _, cells in months]
        )

    def work() -> object:
        return attributing.markov(transitions.unpacked(journeys.names(CHANNELS), 3, *together()), 3)

    return Made(work, together)


def bg_nbd_fit(size: int) -> Made:
    """BG/NBD fitted; the plain pass takes one logarithm of each age."""
    told = transactions.histories(size)

    def columns() -> Columns:
        return {"x": told.repeats, "t_x": told.last / 7, "T": told.age / 7}

    return Made(partial(bg_nbd.fit, told), lambda: np.log(told.age + 1.0).sum(), columns)


def bg_nbd_score(size: int) -> Made:
    """Everybody's purchases expected in 39 weeks."""
    told, at = transactions.histories(size), bg_nbd.Parameters(*transactions.TRUE)
    work = partial(bg_nbd.expected, at, told, WEEKS_AHEAD)
    return Made(work, lambda: np.log(told.age + 1.0).sum(), bg_nbd_fit(size).columns)


def gamma_gamma_fit(size: int) -> Made:
    """Gamma-gamma fitted to those who came back; the plain pass takes one logarithm of each value."""
    told = gamma_gamma.spent(transactions.histories(size))
    work, plain = partial(gamma_gamma.fit, told), lambda: np.log(told.value).sum()
    return Made(work, plain, lambda: {"x": told.repeats, "m": told.value})


def purchase_log(size: int) -> Made:
    """A log in no order to x, t_x, T and m of each person; the plain pass sorts it by person."""
    log = transactions.log(size)
    assert log.value is not None
    mixed = np.random.default_rng(3).permutation(len(log.day))
    person, value = log.person[mixed], log.value[mixed]
    time = log.day[mixed].astype("datetime64[D]").astype("datetime64[us]")

    def work() -> object:
        return logs.watched(logs.merged(person, time, value))

    return Made(work, partial(np.argsort, person, kind="stable"))


def pareto_nbd_fit(size: int) -> Made:
    """Pareto/NBD fitted."""
    told = transactions.histories(size)
    made = bg_nbd_fit(size)
    return Made(partial(pareto_nbd.fit, told), made.plain, made.columns)


def funnel_of_four(size: int) -> Made:
    """A funnel of four steps within thirty days, with the times between steps; the plain pass reads kinds and times."""
    events, _ = happenings.happenings(size)
    plan = Plan(funnels.STEPS, funnels.WINDOW)

    def columns() -> Columns:
        person = np.repeat(events.who, np.diff(events.starts))
        return {"person": person, "time": events.time, "kind": events.kind}

    return Made(lambda: step_figures(funnel(events, plan)), partial(read_once, events), columns)


def read_once(events: Events) -> object:
    """One plain pass over kinds and times."""
    return events.kind.max(), events.time.max()


def cohort_table(size: int) -> Made:
    """Retention by first fact over 24 months."""
    events, _ = happenings.happenings(size)
    return Made(partial(cohorts, events, Question(), None), partial(read_once, events))


def naive_bayes(size: int) -> Made:
    """Naive Bayes learned anew and every lead scored; the plain pass counts each different text of each field."""
    columns, outcome = leads.leads(size)
    won = outcome.astype(bool)

    def work() -> object:
        fields, body = training.fit(columns, won, kind="naive_bayes", seed=1)
        return body.margin(fields, columns)

    return Made(work, won.sum)


def scores_learned(kind: Kind, size: int) -> Made:
    """A predicted score trained, and calibrated on inner parts."""
    columns, outcome = leads.leads(size)
    return Made(partial(training.train, columns, outcome, kind=kind, seed=1), outcome.sum)


def scores_given(kind: Kind, size: int) -> Made:
    """Every lead scored by a model of fifty thousand others; the plain pass takes one exponential of each."""
    model = training.train(*leads.leads(min(size, 50_300)), kind=kind, seed=1)
    columns, outcome = leads.leads(size, seed=12)
    return Made(partial(model.scores, columns), lambda: np.exp(outcome))


def mix_fit(size: int) -> Made:
    """Media mix of two channels over so many weeks, fitted once; the plain pass is one least-squares solve."""
    told = weeks.weeks(size, 2)
    return Made(partial(fitting.fitted, told), lambda: np.linalg.lstsq(told.media.T, told.sales, rcond=None))


def mix_draws(size: int) -> Made:
    """Intervals of the same by so many draws of the bootstrap."""
    told = weeks.weeks(179, 2)
    work = partial(fitting.drawn, told, fitting.fitted(told), rounds=size, seed=1)
    return Made(work, mix_fit(179).plain)


def deals_forecast(size: int) -> Made:
    """A quarter ahead with its band from 1,000 draws; the plain pass draws once whether each deal is won."""
    deals = weeks.deals(size)
    work = partial(banding.forecast, deals, weeks.LAST_DAY, 91, draws=1000, seed=1)
    return Made(work, lambda: np.random.default_rng(1).random(len(deals.value)))


def lift_judged(size: int) -> Made:
    """Two groups compared, with interval; the plain pass sums once."""
    groups, values = weeks.outcomes(size)

    def work() -> object:
        arms = judged.arms(groups, ("control", "new"), values)
        return judged.judged(arms, "control", stopping=judged.Stopping(), confidence=0.95)

    return Made(work, values.sum)


def channels_named(size: int) -> Made:
    """The channel of each different origin of ten times as many visits; the plain pass reads their texts once."""
    found = visits.visits(10 * size).origins()[:size]
    return Made(
        lambda: [default_channel(one) for one in found], lambda: [one.source.lower() for one in found]
    )
