"""`treaty analyze funnel` and `treaty analyze cohort`."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from treaty.kit import analysis, console

analyze = analysis.group()
COMMANDS = (analyze,)

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def window_of(_context: click.Context, _option: click.Parameter, told: str | None) -> int | None:
    """The microseconds of a length of time such as 30d."""
    if told is None:
        return None
    found = re.fullmatch(r"(\d{1,6})([smhdw])", told)
    if not found or not int(found[1]):
        raise click.BadParameter(f'"{told}" is no length of time; write 90m, 24h, 30d or 4w.')
    return int(found[1]) * SECONDS[found[2]] * 1_000_000


def names_of(_context: click.Context, _option: click.Parameter, told: str | None) -> tuple[str, ...] | None:
    """Names with commas between them, without the space around them."""
    if told is None:
        return None
    names = tuple(part.strip() for part in told.split(","))
    if not all(names):
        raise click.BadParameter(f'"{told}" has a name that is empty.')
    return names


COLUMNS = (
    click.option("--person", metavar="COLUMN", help="Who; else person, person_id, customer, user ..."),
    click.option("--time", metavar="COLUMN", help="When; else time, date, timestamp ..."),
    click.option("--event", metavar="COLUMN", help="What happened; else event, kind, activity ..."),
    click.option(
        "--id", "id_", metavar="COLUMN", help="Which of equal times comes first; else the file's order."
    ),
)


def columns(command: Any) -> Any:
    """The options that name the columns of a log of events."""
    for option in reversed(COLUMNS):
        command = option(command)
    return command


@analyze.command()
@analysis.files
@columns
@click.option(
    "--steps", callback=names_of, required=True, metavar="A,B,C", help="The events that are the steps."
)
@click.option(
    "--window",
    callback=window_of,
    metavar="30d",
    help="From step one to the last; without it there is no limit.",
)
@click.option(
    "--order",
    type=click.Choice(["loose", "strict", "any"]),
    default="loose",
    show_default=True,
    help="Whether other events may come between the steps, or the steps in any order.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="EVENT[:AFTER-BEFORE]",
    help="An event that ends an attempt, anywhere or between two steps, such as refund:1-2.",
)
@click.option("--by", metavar="COLUMN", help="Break down by a column of the event that begins the attempt.")
@click.option(
    "--reached", type=click.IntRange(1), metavar="STEP", help="Name the persons who took this step."
)
@click.option(
    "--lost", type=click.IntRange(1), metavar="STEP", help="Name those who took it and not the next."
)
@click.option(
    "--ended",
    type=click.IntRange(1),
    metavar="STEP",
    help="Name those of them whom an excluded event stopped.",
)
@click.option("--of", metavar="VALUE", help="Name only those of one value of the breakdown.")
@console.as_json
@analysis.plot
def funnel(*, files: tuple[Path, ...], as_json: bool, plot: Path | None, **asked: Any) -> None:
    """Count who gets from step to step, and how long it takes."""
    if asked["of"] is not None and asked["by"] is None:
        raise click.UsageError("--of names a value of the breakdown: give --by, too.")
    if asked["of"] is not None and not (asked["reached"] or asked["lost"] or asked["ended"]):
        raise click.UsageError("--of says whom to name: give --reached, --lost or --ended, too.")
    with analysis.refusals_told():
        told = _answers()
        found = told.of_funnel(analysis.table(files), told.FunnelAsked(**asked))
        analysis.answer(found, as_json=as_json)
        analysis.drawn(lambda: _drawing().funnel_chart(found), plot)


@analyze.command()
@analysis.files
@columns
@click.option("--value", metavar="COLUMN", help="What each event brought; an empty cell is nought.")
@click.option(
    "--first", callback=names_of, metavar="A,B", help="The events that let a person into a cohort; else any."
)
@click.option(
    "--count", callback=names_of, metavar="A,B", help="The events that count as having come back; else any."
)
@click.option(
    "--unit",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    default="month",
    show_default=True,
    help="How long a period is.",
)
@click.option("--zone", default="UTC", show_default=True, help="Whose calendar, such as Europe/Rome.")
@click.option(
    "--cell",
    metavar="PERIOD:AGE",
    help="Name the persons of a cell, such as 2026-01-01:2; without an age, of the whole cohort.",
)
@console.as_json
@analysis.plot
def cohort(*, files: tuple[Path, ...], as_json: bool, plot: Path | None, **asked: Any) -> None:
    """Count who comes back, and with what, by the period in which they first came."""
    with analysis.refusals_told():
        told = _answers()
        found = told.of_cohorts(analysis.table(files), told.CohortsAsked(**asked))
        analysis.answer(found, as_json=as_json)
        analysis.drawn(lambda: _drawing().cohort_chart(found), plot)


def _answers() -> Any:
    # NumPy and compiled loops cost a second: only a verb that runs waits for them.
    return import_module("treaty.funnels.answers")


def _drawing() -> Any:
    return import_module("treaty.funnels.drawing")
