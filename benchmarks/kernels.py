"""Each kernel of the numbers beside its bar, the rivals and a plain pass over the same input; writes the reference page.

Run: .venv/bin/python benchmarks/kernels.py [--share 1] [--only texts] [--no-rivals]
Each row runs in a process of its own, so that its peak memory is its own; seconds are of the processor, the median of
three runs after one that compiles. Rivals run once, without importing and reading, in an environment that
benchmarks/rivals.py makes. Once all rows were measured whole, the table goes into docs/reference/performance.md.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

import duckdb
import funnels
import happenings
import journeys
import leads
import numpy as np
import rivals
import transactions
import weeks
from numpy.typing import NDArray

from treaty.attribution.rules import attributing, strings, touches, transitions
from treaty.forecasts.rules.mix import fitting
from treaty.funnels.rules import Plan, Question, cohorts, funnel, step_figures
from treaty.lifetime.rules import bg_nbd, pareto_nbd
from treaty.scoring.rules.predicted import training

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "performance.md"
BEGIN, END = "<!-- kernels: written by benchmarks/kernels.py -->\n", "<!-- kernels end -->\n"
RULES = ("first", "last", "last-non-direct", "linear", "position")
CHANNELS, MONTHS, WEEKS_AHEAD = 30, 12, 39.0
Columns = Mapping[str, NDArray[np.generic] | list[str]]


@dataclass
class Made:
    """What is measured; one plain pass over the same input, which nothing can beat; the input as rivals read it."""

    work: Callable[[], object]
    plain: Callable[[], object]
    columns: Callable[[], Columns] | None = None


@dataclass(frozen=True)
class Row:
    """One row of the table: so much of a noun's work, with its bar in seconds and the rivals' tasks for the same."""

    work: str
    make: Callable[[int], Made]
    size: int
    bar: float
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time of the work and of the plain pass, megabytes at the peak (input included)."""

    cpu: float
    plain: float
    peak_mb: float


def path_texts(order: int, size: int) -> Made:
    """Path strings to exact Markov; the plain pass joins and encodes them."""
    paths = journeys.journeys(size, 10)
    listed, models = journeys.texts(paths), [attributing.parsed(f"markov:{order}")]

    def columns() -> Columns:
        names = ("total_conversions", "total_conversion_value", "total_null")
        return {"path": listed, **dict(zip(names, paths.outcomes.T, strict=True))}

    def work() -> object:
        return attributing.credits_of(strings.read(listed, paths.outcomes), models)

    return Made(work, lambda: "\n".join(listed).encode(), columns)


def path_rules(size: int) -> Made:
    """Five rules over encoded paths; rivals begin with strings, as they know nothing else."""
    paths = journeys.journeys(size, 10)
    models = [attributing.parsed(name) for name in RULES]
    work = partial(attributing.credits_of, paths, models, direct="direct")
    return Made(work, paths.channels.max, path_texts(1, size).columns)


def path_codes(size: int) -> Made:
    """Encoded paths to exact Markov of orders 1, 2 and 3 at once."""
    paths = journeys.journeys(size, CHANNELS)
    models = [attributing.parsed(f"markov:{order}") for order in (1, 2, 3)]
    return Made(partial(attributing.credits_of, paths, models), paths.channels.max)


def raw_touches(size: int) -> Made:
    """Raw touches, persons mixed, to paths and to credit; the plain pass sorts them by person."""
    rows = journeys.touches(size, CHANNELS)
    models = [attributing.parsed(name) for name in ("last", "linear", "markov:1")]

    def work() -> object:
        return attributing.credits_of(touches.collect(rows, lookback=90.0), models)

    return Made(work, lambda: np.argsort(rows.persons, kind="stable"))


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


def pareto_nbd_fit(size: int) -> Made:
    """Pareto/NBD fitted."""
    told = transactions.histories(size)
    made = bg_nbd_fit(size)
    return Made(partial(pareto_nbd.fit, told), made.plain, made.columns)


def funnel_of_four(size: int) -> Made:
    """A funnel of four steps within thirty days, with the times between steps; the plain pass reads kinds and times."""
    events, _ = happenings.happenings(size)
    plan = Plan(funnels.STEPS, funnels.WINDOW)
    return Made(lambda: step_figures(funnel(events, plan)), lambda: (events.kind.max(), events.time.max()))


def cohort_table(size: int) -> Made:
    """Retention by first fact over 24 months."""
    events, _ = happenings.happenings(size)
    return Made(partial(cohorts, events, Question(), None), lambda: (events.kind.max(), events.time.max()))


def naive_bayes(size: int) -> Made:
    """Naive Bayes learned anew and every lead scored; the plain pass counts each different text of each field."""
    columns, outcome = leads.leads(size)
    won = outcome.astype(bool)

    def work() -> object:
        fields, body = training.fit(columns, won, kind="naive_bayes", seed=1)
        return body.margin(fields, columns)

    return Made(work, won.sum)


def media_mix(size: int) -> Made:
    """Media mix of two channels with so many draws; the plain pass is one least-squares solve."""
    told = weeks.weeks(179, 2)

    def work() -> object:
        return fitting.drawn(told, fitting.fitted(told), rounds=size, seed=1)

    return Made(work, lambda: np.linalg.lstsq(told.media.T, told.sales, rcond=None))


MILLION = 1_000_000
ROWS: Mapping[str, Row] = {
    "texts-1": Row("{:,} path strings to Markov of order 1", partial(path_texts, 1), MILLION, 0.3, ("markov-1", "mam")),
    "texts-3": Row("{:,} path strings to Markov of order 3", partial(path_texts, 3), MILLION, 0.3, ("markov-3",)),
    "rules": Row("five rules over {:,} paths", path_rules, MILLION, 0.1, ("heuristics",)),
    "codes": Row("{:,} paths, 30 channels, orders 1 to 3", path_codes, 10 * MILLION, 1.0),
    "touches": Row("{:,} raw touches to credit", raw_touches, 10 * MILLION, 2.5),
    "counts": Row("stored counts of {:,} paths, order 3", kept_counts, MILLION, 0.2),
    "bg-nbd": Row("BG/NBD fitted to {:,} persons", bg_nbd_fit, MILLION, 1.0, ("bg-nbd", "pymc")),
    "bg-nbd-score": Row("{:,} persons scored by BG/NBD", bg_nbd_score, MILLION, 0.2, ("bg-nbd-score",)),
    "pareto-nbd": Row("Pareto/NBD fitted to {:,} persons", pareto_nbd_fit, MILLION // 10, 2.9, ("pareto-nbd",)),
    "pareto-nbd-million": Row("Pareto/NBD fitted to {:,} persons", pareto_nbd_fit, MILLION, 15.0),
    "funnel": Row("funnel of 4 steps over {:,} events", funnel_of_four, 61 * MILLION, 1.0),
    "cohorts": Row("cohorts over {:,} events", cohort_table, 61 * MILLION, 1.0),
    "naive-bayes": Row("naive Bayes anew over {:,} leads", naive_bayes, 50_300, 1.0),
    "mix": Row("media mix with {:,} draws", media_mix, 500, 1.0),
}  # fmt: skip


def main() -> None:
    """One row (`--row`, in a process of its own), or all with their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of every input")
    parser.add_argument("--only", default="", help="rows whose name has this")
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    parser.add_argument("--input", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.row:
        print(json.dumps(asdict(cost(ROWS[asked.row], asked.share, asked.input))))
        return
    table = list(lines(asked.only, asked.share, not asked.no_rivals))
    if asked.share == 1 and not asked.only and not asked.no_rivals:
        write("\n".join(table))


def lines(only: str, share: float, with_rivals: bool) -> Iterator[str]:
    """The table in Markdown, printed as it comes."""
    heads = ("work", "ours", "bar", "of the bar", "plain pass", "memory", "rivals")
    for line in ("| " + " | ".join(heads) + " |", "|---|--:|--:|--:|--:|--:|---|"):
        print(line)
        yield line
    for name, row in ROWS.items():
        if only in name:
            line = measured(name, row, share, with_rivals)
            print(line, flush=True)
            yield line


def measured(name: str, row: Row, share: float, with_rivals: bool) -> str:
    """One line of the table."""
    with tempfile.TemporaryDirectory(prefix="treaty-kernels-") as folder:
        file = Path(folder) / "input.parquet"
        given = ["--input", str(file)] if with_rivals and row.against else []
        command = [sys.executable, __file__, "--row", name, "--share", str(share), *given]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        ours = Cost(**told)
        beside = [against(task, file, ours) for task in row.against] if given else []
    cells = (
        row.work.format(size(row, share)),
        f"{ours.cpu:.3f} s",
        f"{row.bar:g} s",
        f"{ours.cpu / row.bar:.2f}",
        f"{ours.plain:.3f} s",
        f"{ours.peak_mb:,.0f} MB",
        "; ".join(beside),
    )
    return "| " + " | ".join(cells) + " |"


def against(task: str, file: Path, ours: Cost) -> str:
    """What a rival took for the same input, and how many times ours that is."""
    theirs = rivals.measured(task, file)
    name = rivals.NAMES[task]
    if theirs is None:
        return f"{name}: gave up"
    return f"{name} {theirs.cpu:.1f} s ({theirs.cpu / ours.cpu:,.0f} times), {theirs.peak_mb:,.0f} MB"


def size(row: Row, share: float) -> int:
    """How large the input is."""
    return max(100, round(row.size * share))


def cost(row: Row, share: float, file: Path | None) -> Cost:
    """Measure one row in this process; the rivals' input is written to the file afterwards."""
    made = row.make(size(row, share))
    made.work()
    cpu, plain = clocked(made.work), clocked(made.plain)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if file and made.columns:
        save(made.columns(), file)
    return Cost(cpu, plain, peak)


def clocked(work: Callable[[], object]) -> float:
    """Seconds of processor time, the median of three runs."""
    spent = []
    for _ in range(3):
        begin = process_time()
        work()
        spent.append(process_time() - begin)
    return median(spent)


def save(columns: Columns, file: Path) -> None:
    """Columns as Parquet."""
    held = {  # noqa: F841 - DuckDB finds it by its name
        name: np.asarray(column, object) if isinstance(column, list) else column
        for name, column in columns.items()
    }
    duckdb.sql("SELECT * FROM held").write_parquet(str(file))


def write(table: str) -> None:
    """Put the table between the marks of the reference page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
