"""A funnel of four steps and a table of cohorts over 61 million events, beside their limit of one second.

Run: .venv/bin/python benchmarks/funnels.py [--events 61000000] [--sql 6100000]
Beside them stand one plain reading of the same arrays, which no pass can beat, and the same funnel asked of DuckDB in SQL
over fewer events (`--sql`, 0: not at all), put into relation.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from clock import line, middle, peak_mb, told
from happenings import DAY, happenings

from treaty.funnels.rules import (
    Events,
    Exclusion,
    Order,
    Plan,
    Question,
    Unit,
    arranged,
    cohorts,
    counts,
    funnel,
    step_figures,
)

LIMIT = 1.0
STEPS = (2, 5, 9, 13)
WINDOW = 30 * DAY
SQL = Path(__file__).parent / "peers" / "funnel.sql"


def figures(events: Events, plan: Plan, threads: int = 1) -> object:
    """The whole answer: the pass, and counts, medians and means of every step."""
    return step_figures(funnel(events, plan, threads=threads))


def measure(events: Events, value: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    """Every question once to compile it, then some times on the clock."""
    asked = {
        "funnel, 4 steps, loose, 30 days": Plan(STEPS, WINDOW),
        "funnel, strict": Plan(STEPS[:2], WINDOW, Order.STRICT),
        "funnel, any order": Plan(STEPS, WINDOW, Order.ANY),
        "funnel, loose, one exclusion": Plan(STEPS, WINDOW, exclusions=(Exclusion(30, 2),)),
    }
    for threads in (1, 2):
        for name, plan in asked.items():
            work = partial(figures, events, plan, threads)
            told(f"{name}, {threads} thread(s)", work, LIMIT)
        tables = {
            "cohorts by first fact, 24 months": (Question(), None),
            "cohorts by qualifying month, with revenue": (Question((STEPS[1],), None, Unit.MONTH), value),
        }
        for name, (question, brought) in tables.items():
            table = partial(cohorts, events, question, brought, threads=threads)
            told(f"{name}, {threads} thread(s)", table, LIMIT)
    told("one plain reading of kinds and times", lambda: (events.kind.max(), events.time.max()))


def beside_sql(size: int) -> None:
    """The funnel in SQL, in one process with the threads that DuckDB takes by itself."""
    events, _ = happenings(size)
    rows = {  # noqa: F841 - DuckDB finds the arrays by their name
        "person": np.repeat(events.who, np.diff(events.starts)),
        "time": events.time,
        "kind": events.kind,
    }
    base = duckdb.connect()
    base.execute("CREATE TABLE kept AS SELECT * FROM rows")
    query = SQL.read_text(encoding="utf-8")
    [found], theirs = middle(lambda: base.execute(query).fetchall())
    mine, ours = middle(lambda: funnel(events, Plan(STEPS, WINDOW)))
    print(line(f"{len(events.time):,} events: DuckDB", theirs))
    print(line(f"{len(events.time):,} events: ours", ours))
    print(
        f"  {theirs.wall / ours.wall:.1f} times by the clock, {theirs.cpu / ours.cpu:.1f} times by the processor"
    )
    print(f"  persons by SQL {found}, by ours {counts(mine.depth, 4).tolist()}")


def alone(size: int) -> None:
    """Ours over many events, and the memory that it takes."""
    events, value = happenings(size)
    held = sum(part.nbytes for part in (events.starts, events.who, events.time, events.kind)) / 1024**3
    print(
        f"{len(events.time):,} events of {events.persons:,} persons, {held:.2f} GB; peak so far {peak_mb():,.0f} MB"
    )
    compile_all(happenings(20_000)[0])
    measure(events, value)
    person = np.repeat(events.who, np.diff(events.starts))
    told(
        "seeing that events are sorted already", lambda: arranged(person, events.time, events.kind), rounds=1
    )


def main() -> None:
    """Make the events, measure, and print the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=61_000_000)
    parser.add_argument(
        "--sql", type=int, default=6_100_000, help="events of the comparison with SQL; 0: none"
    )
    asked = parser.parse_args()
    alone(asked.events)
    if asked.sql:
        beside_sql(asked.sql)


def compile_all(events: Events) -> None:
    """Compiles every pass."""
    for order in Order:
        funnel(events, Plan(STEPS, WINDOW, order))
    funnel(events, Plan(STEPS, WINDOW, exclusions=(Exclusion(30),)))
    cohorts(events, Question(), np.zeros(len(events.time)))


if __name__ == "__main__":
    main()
