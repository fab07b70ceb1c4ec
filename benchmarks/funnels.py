"""A funnel of four steps and a table of cohorts over 61 million events, beside their limit of one second.

Run: .venv/bin/python benchmarks/funnels.py [--events 61000000] [--sql 6100000]
Beside them stand one plain reading of the same arrays, which no pass can beat, and the same funnel asked of DuckDB in SQL
over fewer events (`--sql`, 0: not at all), put into relation. Processor seconds are those of all threads together.
"""

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb
import numpy as np
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
SQL = f"""
WITH one AS (SELECT person, min(time) AS began FROM told WHERE kind = {STEPS[0]} GROUP BY person),
two AS (SELECT t.person, any_value(began) AS began, min(time) AS at FROM told t JOIN one USING (person)
    WHERE kind = {STEPS[1]} AND time > began AND time <= began + {WINDOW} GROUP BY t.person),
three AS (SELECT t.person, any_value(began) AS began, min(time) AS at FROM told t JOIN two USING (person)
    WHERE kind = {STEPS[2]} AND time > two.at AND time <= began + {WINDOW} GROUP BY t.person),
four AS (SELECT t.person, min(time) AS at FROM told t JOIN three USING (person)
    WHERE kind = {STEPS[3]} AND time > three.at AND time <= began + {WINDOW} GROUP BY t.person)
SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM two), (SELECT count(*) FROM three), (SELECT count(*) FROM four)
"""
"""The way from each person's very first step one; later beginnings, which ours tries too, would take far longer."""


def seconds(work: Callable[[], object], rounds: int = 3) -> tuple[float, float]:
    """Wall and processor seconds of the round that took the processor least: others work on the machine, too."""
    spent = []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        spent.append((time.perf_counter() - wall, time.process_time() - processor))
    return min(spent, key=lambda one: one[1])


def line(name: str, spent: tuple[float, float], limit: float = LIMIT) -> str:
    """One measurement and its ratio to the limit, by the wall clock and by the processor."""
    wall, processor = spent
    return (
        f"{name:<44} {wall:7.3f} s  processor {processor:7.3f} s  limit {limit:.1f} s"
        f"  {wall / limit:6.1%} by the clock, {processor / limit:6.1%} by the processor"
    )


def peak() -> float:
    """The most memory that this process ever held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


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
            print(line(f"{name}, {threads} thread(s)", seconds(work)), flush=True)
        tables = {
            "cohorts by first fact, 24 months": (Question(), None),
            "cohorts by qualifying month, with revenue": (Question((STEPS[1],), None, Unit.MONTH), value),
        }
        for name, (question, brought) in tables.items():
            table = partial(cohorts, events, question, brought, threads=threads)
            print(line(f"{name}, {threads} thread(s)", seconds(table)), flush=True)
    print(
        line("one plain reading of kinds and times", seconds(lambda: (events.kind.max(), events.time.max())))
    )


def beside_sql(size: int) -> None:
    """The funnel in SQL, in one process with the threads that DuckDB takes by itself."""
    events, _ = happenings(size)
    told = {  # noqa: F841 - DuckDB finds the arrays by their name
        "person": np.repeat(events.who, np.diff(events.starts)),
        "time": events.time,
        "kind": events.kind,
    }
    base = duckdb.connect()
    base.execute("CREATE TABLE kept AS SELECT * FROM told")
    query = SQL.replace("told", "kept")
    sql = seconds(lambda: base.execute(query).fetchall(), 2)
    ours = seconds(lambda: step_figures(funnel(events, Plan(STEPS, WINDOW))))
    print(line(f"{len(events.time):,} events: DuckDB", sql))
    print(line(f"{len(events.time):,} events: ours", ours))
    print(f"  {sql[0] / ours[0]:.0f} times by the clock, {sql[1] / ours[1]:.0f} times by the processor")
    [found] = base.execute(query).fetchall()
    print(
        f"  persons by SQL {found}, by ours {counts(funnel(events, Plan(STEPS, WINDOW)).depth, 4).tolist()}"
    )


def alone(size: int) -> None:
    """Ours over many events, and the memory that it takes."""
    events, value = happenings(size)
    held = sum(part.nbytes for part in (events.starts, events.who, events.time, events.kind)) / 1024**3
    print(
        f"{len(events.time):,} events of {events.persons:,} persons, {held:.2f} GB; peak so far {peak():.2f} GB"
    )
    compile_all(happenings(20_000)[0])
    measure(events, value)
    print(f"peak {peak():.2f} GB")
    person = np.repeat(events.who, np.diff(events.starts))
    spent = seconds(lambda: arranged(person, events.time, events.kind), 1)
    print(line("seeing that events are sorted already", spent))


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
