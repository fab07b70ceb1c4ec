"""`treaty analyze value`: what persons are worth, from a log of purchases, survivors of contracts, or counts of occasions."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import analysis, console

if TYPE_CHECKING:
    from treaty.kit.tabular import Table

analyze = analysis.group()
COMMANDS = (analyze,)

OF_MODELS = {
    "bg-nbd": ("person", "date", "value", "until", "weeks", "discount", "margin", "first"),
    "pareto-nbd": ("person", "date", "value", "until", "weeks", "discount", "margin", "first"),
    "gamma-gamma": ("person", "date", "value", "until"),
    "sbg": ("survivors", "ahead", "discount"),
    "bg-bb": ("repeats", "last", "occasions", "count", "ahead"),
}
"""Which options a model takes."""
ABOVE = click.FloatRange(0, min_open=True)


@analyze.command()
@analysis.files
@click.option("--model", type=click.Choice(list(OF_MODELS)), default="bg-nbd", show_default=True)
@click.option("--person", default="person", show_default=True, help="Column of who bought.")
@click.option(
    "--date", default="date", show_default=True, help="Column of the day, or the time, of a purchase."
)
@click.option("--value", help="Column of what was paid.  [default: value, where there is one]")
@click.option(
    "--calibrate-until",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Fit to purchases up to and with this day; later ones are held out and judge the fit.  [default: the last day]",
)
@click.option("--weeks", type=ABOVE, default=52.0, show_default=True, help="How far ahead to value persons.")
@click.option(
    "--discount",
    type=click.FloatRange(0),
    default=0.1,
    show_default=True,
    help="A year, 0 for none; with sbg: a period, above 0.",
)
@click.option(
    "--margin", type=ABOVE, default=1.0, show_default=True, help="Share of the value that is earned."
)
@click.option(
    "--first",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How many persons to tell, the best first.",
)
@click.option(
    "--survivors", default="survivors", show_default=True, help="sbg: column of how many were there."
)
@click.option("--repeats", default="x", show_default=True, help="bg-bb: column of purchases.")
@click.option(
    "--last", default="t_x", show_default=True, help="bg-bb: column of the occasion of the last one."
)
@click.option("--occasions", default="n", show_default=True, help="bg-bb: column of occasions there were.")
@click.option("--count", default="count", show_default=True, help="bg-bb: column of persons like that.")
@click.option(
    "--ahead", type=click.IntRange(0, 1000), default=5, show_default=True, help="sbg, bg-bb: periods ahead."
)
@console.as_json
@analysis.plot
@click.pass_context
def value(
    context: click.Context,
    /,
    *,
    files: tuple[Path, ...],
    model: str,
    as_json: bool,
    plot: Path | None,
    **told: Any,
) -> None:
    """Fit a model of purchases or contracts: parameters with errors, hold-out, what is still to come of whom."""
    _refuse_strangers(context, model)
    with analysis.refusals_told():
        table = analysis.table(files)
        found = ANSWERS.get(model, _of_log)(table, told, model)
    analysis.answer(found, as_json=as_json)
    analysis.drawn(lambda: import_module("treaty.lifetime.charts").chart(found), plot)


def _refuse_strangers(context: click.Context, model: str) -> None:
    """An option that the model does not know is a mistake, not to be passed over."""
    for name in sorted(set().union(*OF_MODELS.values()) - set(OF_MODELS[model])):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            option = "calibrate-until" if name == "until" else name
            raise click.UsageError(f"--{option} says nothing to the model {model}.")


def _of_log(table: "Table", told: dict[str, Any], model: str) -> dict[str, Any]:
    answers = import_module("treaty.lifetime.answers")  # SciPy and Numba: only when a verb runs
    column = told["value"] or ("value" if "value" in table.names or model == "gamma-gamma" else None)
    codes, names = table.codes(told["person"], needed=True)
    values = table.numbers(column, needed=True) if column else None
    times = table.times(told["date"], needed=True)
    until: datetime | None = told["until"]
    terms = {name: told[name] for name in ("weeks", "discount", "margin", "first")}
    asked = answers.Asked(model, until and answers.np.datetime64(until), **terms)
    analysis.progress(f"Fitting {model} to {table.rows} purchases")
    found: dict[str, Any] = answers.of_log(codes, names, times, values, asked)
    return found


def _of_survivors(table: "Table", told: dict[str, Any], _model: str) -> dict[str, Any]:
    counts = import_module("treaty.lifetime.counts")
    survivors = table.numbers(told["survivors"], needed=True)
    found: dict[str, Any] = counts.of_survivors(survivors, ahead=told["ahead"], discount=told["discount"])
    return found


def _of_occasions(table: "Table", told: dict[str, Any], _model: str) -> dict[str, Any]:
    counts = import_module("treaty.lifetime.counts")
    names = {"x": "repeats", "t_x": "last", "n": "occasions", "count": "count"}
    columns = {name: table.numbers(told[option], needed=True) for name, option in names.items()}
    found: dict[str, Any] = counts.of_occasions(columns, ahead=told["ahead"])
    return found


ANSWERS: dict[str, Callable[["Table", dict[str, Any], str], dict[str, Any]]] = {
    "sbg": _of_survivors,
    "bg-bb": _of_occasions,
}
"""What does not come from a log of purchases."""
