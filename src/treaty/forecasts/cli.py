"""`treaty analyze mix` and `treaty analyze forecast`."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import analysis, console

if TYPE_CHECKING:
    from treaty.forecasts.rules.mix.weeks import Weeks
    from treaty.forecasts.rules.pipeline.deals import Deals
    from treaty.forecasts.rules.pipeline.reading import Read
    from treaty.kit.tabular import Table

analyze = analysis.group()
COMMANDS = (analyze,)

SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
DAY = click.DateTime(["%Y-%m-%d"])
seed_asked = click.option(
    "--seed", default=1, show_default=True, help="The same seed gives the same figures."
)
confidence_asked = click.option("--confidence", type=SHARE, default=0.95, show_default=True)


@analyze.command()
@analysis.files
@click.option("--date", "day", default="date", show_default=True, help="The column of each week's first day.")
@click.option("--target", default="sales", show_default=True, help="The column of sales.")
@click.option("--media", required=True, metavar="NAME,NAME", help="The columns of what each medium spent.")
@click.option(
    "--controls", default="", metavar="NAME,NAME", help="Columns of what else moved sales, such as events."
)
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), help="To split, a week; else the last year's mean."
)
@click.option(
    "--rounds",
    default=500,
    show_default=True,
    type=click.IntRange(20, 100_000),
    help="Draws of the bootstrap.",
)
@seed_asked
@confidence_asked
@console.as_json
@analysis.plot
def mix(
    *,
    files: tuple[Path, ...],
    day: str,
    target: str,
    media: str,
    controls: str,
    budget: float | None,
    rounds: int,
    seed: int,
    confidence: float,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Tell which share of sales each medium brought, from one row per week, and where the budget would bring more."""
    names, others = _names(media), _names(controls)
    if twice := {name for name in (target, *names, *others) if (target, *names, *others).count(name) > 1}:
        raise click.UsageError(f"The column {min(twice)} is named twice.")
    kernel = {
        part: import_module(f"treaty.forecasts.rules.mix.{part}") for part in ("fitting", "budget", "told")
    }
    with analysis.refusals_told():
        weeks = _weeks(analysis.table(files), day, target, names, others)
        found = kernel["fitting"].fitted(weeks)
        analysis.progress(f"Drawing {rounds} times")
        draws = kernel["fitting"].drawn(weeks, found, rounds=rounds, seed=seed)
        advice = kernel["budget"].advised(weeks, found, draws, budget=budget)
    told = kernel["told"].told(weeks, found, draws, advice, names, confidence=confidence)
    analysis.answer({"target": target, **told}, as_json=as_json)
    analysis.drawn(lambda: _shares_chart(told["channels"], target), plot)


@analyze.command()
@analysis.files
@click.option("--created", default="created", show_default=True, help="The column of the day a deal began.")
@click.option(
    "--closed", default="closed", show_default=True, help="The day it was won or lost; empty while open."
)
@click.option("--won", default="won", show_default=True, help="1, true, yes or won where it was won.")
@click.option("--value", default="value", show_default=True, help="What the deal is worth.")
@click.option(
    "--stage", default=None, help="The stage it is or was in.  [default: stage, where there is one]"
)
@click.option("--stage-since", default=None, help="Since when.  [default: stage_since, where there is one]")
@click.option("--deal", default=None, help="Names the deal, where a file has one row per stage of a deal.")
@click.option(
    "--values",
    type=click.Choice(["auto", "early", "at-close"]),
    default="auto",
    show_default=True,
    help="When values are known: while a deal is open, or at its end only.",
)
@click.option(
    "--as-of", type=DAY, default=None, help="The day of the forecast.  [default: the last day in the file]"
)
@click.option(
    "--until", type=DAY, default=None, help="The last day of it.  [default: the next quarter's end]"
)
@click.option(
    "--quota", type=click.FloatRange(0), help="What is to be won from the last quarter's end until then."
)
@click.option(
    "--commit", type=SHARE, default=0.7, show_default=True, help="From which chance on a deal is a commit."
)
@click.option(
    "--best-case", type=SHARE, default=0.4, show_default=True, help="From which chance on it is a best case."
)
@click.option(
    "--quarters", default=8, show_default=True, type=click.IntRange(0, 40), help="Past quarters to try it on."
)
@click.option(
    "--rounds", default=1000, show_default=True, type=click.IntRange(50, 100_000), help="Draws of the band."
)
@seed_asked
@click.option("--confidence", type=SHARE, default=0.8, show_default=True)
@console.as_json
@analysis.plot
def forecast(
    *,
    files: tuple[Path, ...],
    values: str,
    as_of: datetime | None,
    until: datetime | None,
    quarters: int,
    rounds: int,
    seed: int,
    as_json: bool,
    plot: Path | None,
    **asked: Any,
) -> None:
    """Tell what open deals will bring until a day, with a band, and how such forecasts fared at past quarter ends."""
    if asked["best_case"] > asked["commit"]:
        raise click.UsageError("--best-case must not be above --commit.")
    with analysis.refusals_told():
        read = _deals(analysis.table(files), values, **asked)
        day, end = _days(read.deals, as_of, until)
        analysis.progress(f"Trying it on {quarters} past quarters")
        found = import_module("treaty.forecasts.rules.pipeline.answering").answered(
            read, day, end, quarters=quarters, draws=rounds, seed=seed, **_shares(asked)
        )
    analysis.answer(found, as_json=as_json)
    analysis.drawn(lambda: _quarters_chart(found), plot)


def _shares(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in ("quota", "commit", "best_case", "confidence")}


def _deals(table: "Table", values: str, **asked: Any) -> "Read":
    reading = import_module("treaty.forecasts.rules.pipeline.reading")
    stage, since = (
        asked[name] or (name if name in table.names else None) for name in ("stage", "stage_since")
    )
    created = _numbered(table, asked["created"])
    columns = reading.Columns(
        created,
        _numbered(table, asked["closed"]),
        _numbered(table, since) if since else created,
        table.texts(stage).tolist() if stage else [""] * table.rows,
        table.texts(asked["won"]).tolist(),
        table.numbers(asked["value"]),
        table.texts(asked["deal"]).tolist() if asked["deal"] else None,
    )
    early = {"auto": None, "early": True, "at-close": False}[values]
    found: Read = reading.read(columns, valued_early=early)
    return found


def _numbered(table: "Table", name: str) -> Any:
    """Days since 1970-01-01, NaN where the cell is empty."""
    numpy = import_module("numpy")
    times = table.times(name)
    return numpy.where(numpy.isnat(times), numpy.nan, times.astype("datetime64[D]").astype("float64"))


def _days(deals: "Deals", as_of: datetime | None, until: datetime | None) -> tuple[float, float]:
    numpy, backtest = import_module("numpy"), import_module("treaty.forecasts.rules.pipeline.backtest")
    last = float(numpy.nanmax(numpy.r_[deals.created, deals.closed]))
    day = as_of.toordinal() - backtest.EPOCH if as_of else last
    end = until.toordinal() - backtest.EPOCH if until else backtest.quarter_ends(day)[1]
    if end <= day:
        raise click.UsageError("--until must be later than the day of the forecast.")
    return float(day), float(end)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _weeks(table: "Table", day: str, target: str, media: list[str], controls: list[str]) -> "Weeks":
    numpy, weeks = import_module("numpy"), import_module("treaty.forecasts.rules.mix.weeks")
    spent, others = (
        numpy.array([table.numbers(name, needed=True) for name in names]).reshape(len(names), table.rows)
        for names in (media, controls)
    )
    days = weeks.dates(table.texts(day, needed=True).tolist())
    found: Weeks = weeks.Weeks(days, table.numbers(target, needed=True), spent, others)
    return found


def _quarters_chart(found: dict[str, Any]) -> Any:
    """Past quarters and the next: band, expected, and what came."""
    alt = import_module("altair")
    rows = [
        {
            "until": one["until"],
            "expected": one["expected"],
            "low": one["band"][0],
            "high": one["band"][1],
            "actual": one["actual"],
        }
        for one in found["backtest"]["quarters"]
    ]
    rows.append(
        {
            "until": found["until"],
            "expected": found["expected"],
            "low": found["band"][0],
            "high": found["band"][1],
            "actual": None,
        }
    )
    drawn = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("until:N", title=None))
    band = drawn.mark_bar(opacity=0.3, width=24).encode(
        y=alt.Y("low:Q", title="Won by open deals"), y2="high:Q"
    )
    expected = drawn.mark_tick(thickness=2, width=24).encode(y="expected:Q")
    came = drawn.mark_point(filled=True, size=80).encode(y="actual:Q")
    return (band + expected + came).properties(width=120 + 60 * len(rows), height=280)


def _shares_chart(channels: list[dict[str, Any]], target: str) -> Any:
    """Each medium's share and its interval."""
    alt = import_module("altair")
    rows = [{**one, "low": one["interval"][0], "high": one["interval"][1]} for one in channels]
    drawn = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("channel:N", title=None))
    bar = drawn.mark_bar(height=16, opacity=0.5).encode(
        x=alt.X("share:Q", title=f"Share of {target}", axis={"format": "%"})
    )
    return (bar + drawn.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")).properties(
        width=480, height=60 + 30 * len(rows)
    )
