"""The rows of benchmarks/kernels.py: what is measured at which size, the design's bar, and which rivals do the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import inputs
from inputs import Made

MILLION = 1_000_000


@dataclass(frozen=True)
class Row:
    """One row of the table. Bars and limits are seconds on two cores; the rivals' tasks are those of peers/tasks.py."""

    work: str
    make: Callable[[int], Made]
    size: int
    bar: float | None = None
    """What the design asks for; nothing where it names none."""
    near: float | None = None
    """What the design calls near the machine's limit."""
    against: tuple[str, ...] = ()


TEXTS, RULES = "{:,} path strings to Markov of order", "five rules over {:,} paths"
CODES = "{:,} paths, 30 channels, orders 1 to 3"
ORDERS = ("markov-1", "markov-2", "markov-3")
ROWS: Mapping[str, Row] = {
    "texts-1": Row(f"{TEXTS} 1", partial(inputs.path_texts, 1), MILLION, 0.3, 0.14, ("markov-1", "mam")),
    "texts-3": Row(f"{TEXTS} 3", partial(inputs.path_texts, 3), MILLION, 0.3, 0.14, ("markov-3",)),
    "rules": Row(RULES, inputs.path_rules, MILLION, 0.1, 0.014, ("heuristics",)),
    "games": Row("both Shapley games over {:,} paths", inputs.path_games, MILLION),
    "intervals": Row("intervals, 200 replicates of {:,} paths", inputs.path_intervals, MILLION // 10),
    "codes": Row(CODES, inputs.path_codes, 10 * MILLION, 1.0, 0.33, ORDERS),
    "touches": Row("{:,} raw touches to credit", inputs.raw_touches, 10 * MILLION, 2.5, 1.2, ("touches",)),
    "counts": Row("stored counts of {:,} paths, order 3", inputs.kept_counts, MILLION, 0.2, 0.06),
    "channels": Row("{:,} different origins to channels", inputs.channels_named, MILLION // 20),
    "funnel": Row("funnel of 4 steps over {:,} events", inputs.funnel_of_four, 61 * MILLION, 1.0, 0.2, ("funnel",)),
    "cohorts": Row("cohorts over {:,} events", inputs.cohort_table, 61 * MILLION, 1.0, 0.2),
    "log": Row("a log of {:,} persons to x, t_x, T, m", inputs.purchase_log, MILLION),
    "bg-nbd": Row("BG/NBD fitted to {:,} persons", inputs.bg_nbd_fit, MILLION, 1.0, 0.55, ("bg-nbd", "pymc")),
    "bg-nbd-score": Row("{:,} persons scored by BG/NBD", inputs.bg_nbd_score, MILLION, 0.2, 0.09, ("bg-nbd-score",)),
    "pareto-nbd": Row("Pareto/NBD fitted to {:,} persons", inputs.pareto_nbd_fit, MILLION // 10, 2.9, None, ("pareto-nbd",)),
    "pareto-nbd-million": Row("Pareto/NBD fitted to {:,} persons", inputs.pareto_nbd_fit, MILLION, 15.0),
    "gamma-gamma": Row("gamma-gamma fitted, {:,} persons", inputs.gamma_gamma_fit, MILLION, None, None, ("gamma-gamma",)),
    "naive-bayes": Row("naive Bayes anew over {:,} leads", inputs.naive_bayes, 50_300, 1.0),
    "logistic": Row("logistic score learned from {:,} leads", partial(inputs.scores_learned, "logistic"), 50_300),
    "trees": Row("score of trees learned from {:,} leads", partial(inputs.scores_learned, "trees"), 50_300),
    "scored": Row("{:,} leads scored by trees", partial(inputs.scores_given, "trees"), MILLION),
    "deals": Row("forecast of {:,} deals, 1,000 draws", inputs.deals_forecast, MILLION // 10),
    "mix": Row("media mix of {:,} weeks fitted", inputs.mix_fit, 179, 0.01),
    "mix-draws": Row("media mix with {:,} draws", inputs.mix_draws, 500, 1.0),
    "lift": Row("lift and interval of {:,} persons", inputs.lift_judged, 10 * MILLION),
}  # fmt: skip
