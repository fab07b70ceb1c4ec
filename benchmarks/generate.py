"""Made-up data of a marketing department as a file that `treaty analyze` reads: the same for the same seed, of any size.

Run: .venv/bin/python benchmarks/generate.py KIND --rows 100000 [--seed 1] --out FILE.csv (or .parquet)
KIND: paths, touches, visits, events, transactions, contracts, gifts, leads, deals, weeks, experiment.
Columns bear the names that the verbs look for by themselves.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import happenings
import journeys
import leads
import numpy as np
import transactions
import visits
import weeks
from numpy.typing import NDArray

from treaty.attribution.rules.paths import Paths
from treaty.attribution.rules.touches import Touches
from treaty.scoring.rules.predicted.columns import Choices

Array = NDArray[np.generic]
Column = Array | list[str] | tuple[NDArray[np.integer], tuple[str, ...]]
"""Values; texts; or codes and the texts they stand for, where a negative code is an empty cell."""
BEGIN = np.datetime64("2025-01-01", "us")
CHANNELS = 10
ACTS = ("visit", "page", "search", "mail opened", "price seen", "form", "trial", "call", "offer", "order")


def paths(rows: int, seed: int) -> Mapping[str, Column]:
    """Paths of channels, each with what came of it."""
    return of_paths(journeys.journeys(rows, CHANNELS, seed=seed))


def of_paths(made: Paths) -> Mapping[str, Column]:
    """One row per path."""
    conversions, value, nulls = made.outcomes.T
    return {
        "path": journeys.texts(made),
        "total_conversions": conversions.astype(np.int64),
        "total_conversion_value": value,
        "total_null": nulls.astype(np.int64),
    }


def touches(rows: int, seed: int) -> Mapping[str, Column]:
    """Touches of a year in the order of time, persons mixed."""
    return of_touches(journeys.touches(rows, CHANNELS, seed=seed))


def of_touches(made: Touches) -> Mapping[str, Column]:
    """One row per touch."""
    return {
        "person": made.persons,
        "time": BEGIN + made.times.astype("timedelta64[us]"),
        "channel": (made.channels, made.names),
        "conversion": made.conversions.astype(np.int64),
        "conversion_value": made.values,
    }


def purchases(rows: int, seed: int) -> Mapping[str, Column]:
    """Purchases of as many whole persons as fit."""
    made = transactions.log(rows, seed)
    kept = int(np.searchsorted(made.person, made.person[rows])) if len(made.person) > rows else rows
    days = made.day[:kept].astype("timedelta64[D]")
    assert made.value is not None
    return {
        "person": made.person[:kept],
        "date": BEGIN.astype("datetime64[D]") + days,
        "value": made.value[:kept],
    }


def contracts(rows: int, seed: int) -> Mapping[str, Column]:
    """How many of a thousand contracts are there after so many periods."""
    return {"period": np.arange(rows), "survivors": transactions.survivors(rows, seed)}


def gifts(rows: int, seed: int) -> Mapping[str, Column]:
    """Persons alike, of so many: gifts, the occasion of the last one, occasions, how many persons."""
    kinds, count = transactions.gifts(rows, seed)
    occasions = np.full(len(count), transactions.OCCASIONS)
    return {"x": kinds[:, 0], "t_x": kinds[:, 1], "n": occasions, "count": count}


def lead_rows(rows: int, seed: int) -> Mapping[str, Column]:
    """Leads of two years with fields that tell something, blanks, and whether they converted."""
    fields, outcome = leads.leads(rows, seed)
    created = np.sort(np.random.default_rng(seed).integers(0, 730, rows)).astype("timedelta64[D]")
    told = {
        field.name: (field.codes, tuple(field.levels)) if isinstance(field, Choices) else field.values
        for field in fields
    }
    return {"created": BEGIN.astype("datetime64[D]") + created, **told, "converted": outcome.astype(np.int64)}


def events(rows: int, seed: int) -> Mapping[str, Column]:
    """About so many events of persons, sorted by person and time, with a value each."""
    made, value = happenings.happenings(rows, seed)
    names = (*ACTS, *(f"act {number}" for number in range(len(ACTS), happenings.KINDS)))
    person = np.repeat(made.who, np.diff(made.starts))
    return {
        "person": person,
        "time": made.time.astype("datetime64[us]"),
        "event": (made.kind, names),
        "value": value,
    }


def mix(rows: int, seed: int) -> Mapping[str, Column]:
    """Weeks with sales and what two media spent."""
    made = weeks.weeks(rows, 2, seed=seed)
    media = {f"medium_{place}": spend for place, spend in enumerate(made.media, 1)}
    return {"date": made.days.astype("datetime64[D]"), "sales": made.sales, **media}


def deals(rows: int, seed: int) -> Mapping[str, Column]:
    """So many deals of three years, one row per stage; open where they end after the last day."""
    made = weeks.stays(rows, seed=seed)
    known = made.since <= weeks.LAST_DAY
    closed = np.where(made.closed <= weeks.LAST_DAY, made.closed, np.nan)[known]
    return {
        "deal": made.deal[known],
        "created": day(made.created[known]),
        "stage": (made.stage[known], weeks.STAGES),
        "stage_since": day(made.since[known]),
        "closed": day(closed),
        "won": (made.won[known] & ~np.isnan(closed)).astype(np.int64),
        "value": made.value[known],
    }


def day(number: NDArray[np.float64]) -> Array:
    """Days after the first one as dates; empty where there is none."""
    empty = np.isnan(number)
    dates = BEGIN.astype("datetime64[D]") + np.where(empty, 0, number).astype("timedelta64[D]")
    return np.where(empty, np.datetime64("NaT"), dates)


def experiment(rows: int, seed: int) -> Mapping[str, Column]:
    """Persons in two groups, of whom .106 and .110 convert."""
    groups, values = weeks.outcomes(rows, seed=seed)
    return {
        "person": np.arange(rows),
        "group": (groups, ("control", "new")),
        "conversion": values.astype(np.int64),
    }


def origins(rows: int, seed: int) -> Mapping[str, Column]:
    """Visits with the source, medium and campaign of their links."""
    made = visits.visits(rows, seed=seed)
    names = (made.sources, made.mediums, made.campaigns)
    return {
        name: (codes, texts)
        for name, codes, texts in zip(("source", "medium", "campaign"), made.codes.T, names, strict=True)
    }


KINDS: Mapping[str, Callable[[int, int], Mapping[str, Column]]] = {
    "paths": paths,
    "touches": touches,
    "visits": origins,
    "events": events,
    "transactions": purchases,
    "contracts": contracts,
    "gifts": gifts,
    "leads": lead_rows,
    "deals": deals,
    "weeks": mix,
    "experiment": experiment,
}


def write(columns: Mapping[str, Column], file: Path) -> None:
    """Columns into a file: CSV or, by its ending, Parquet."""
    held = {name: array(column) for name, column in columns.items()}  # noqa: F841 - DuckDB finds it by its name
    rows = duckdb.sql(f"SELECT {', '.join(cell(*each) for each in columns.items())} FROM held")
    if file.suffix.lower() in {".parquet", ".pq"}:
        rows.write_parquet(str(file))
    else:
        rows.write_csv(str(file))


def array(column: Column) -> Array:
    """What DuckDB reads: it knows no days, only moments."""
    if isinstance(column, list):
        return np.asarray(column, object)  # else each text takes the room of the longest
    told = column[0] if isinstance(column, tuple) else column
    return told.astype("datetime64[us]") if told.dtype.kind == "M" else told


def cell(name: str, column: Column) -> str:
    """A column in SQL: codes as their texts, days as days, what is no number as empty."""
    quoted = f'"{name}"'
    if isinstance(column, tuple):
        names = ", ".join("'" + text.replace("'", "''") + "'" for text in column[1])
        return f"nullif([{names}][{quoted} + 1], '') AS {quoted}"
    dtype = "" if isinstance(column, list) else str(column.dtype)
    told = {"float64": f"nullif({quoted}, 'nan'::DOUBLE)", "datetime64[D]": f"{quoted}::DATE"}
    return f"{told.get(dtype, quoted)} AS {quoted}"


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument(
        "--rows",
        type=int,
        default=100_000,
        help="how many; of deals deals, of gifts persons, of contracts periods  [default: 100000]",
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same file  [default: 1]")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="a name that ends with .csv or .parquet"
    )
    asked = parser.parse_args()
    if asked.rows < 1:
        parser.error("--rows must be 1 or more.")
    write(KINDS[asked.kind](asked.rows, asked.seed), asked.out)


if __name__ == "__main__":
    main()
