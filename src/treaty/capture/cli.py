"""`treaty analyze channels`."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from treaty.kit import analysis, console

analyze = analysis.group()
COMMANDS = (analyze,)

COLUMNS = ("source", "medium", "campaign", "code", "number", "qr")


def columns(command: Any) -> Any:
    """An option for each column that tells of an origin."""
    for name in reversed(COLUMNS):
        told = click.option(
            f"--{name}", metavar="COLUMN", help=f'Else "{name}", where there is such a column.'
        )
        command = told(command)
    return command


@analyze.command()
@analysis.files
@columns
@click.option(
    "--own", type=analysis.FILE, metavar="FILE", help="Channels of one's own: rules and marks, in YAML."
)
@click.option(
    "--sites", type=analysis.FILE, metavar="FILE", help="More sites: columns source and category, in CSV."
)
@click.option("--expected", metavar="COLUMN", help="Compare with the channels of this column.")
@console.as_json
@analysis.plot
def channels(
    *,
    files: tuple[Path, ...],
    own: Path | None,
    sites: Path | None,
    expected: str | None,
    as_json: bool,
    plot: Path | None,
    **named: str | None,
) -> None:
    """Say through which channel each touch came, by one's own rules and then by GA4's default grouping."""
    with analysis.refusals_told():
        told = _grouping()
        ours = told.read(own, sites)
        found = told.of_channels(analysis.table(files), named, ours, expected)
        analysis.answer(found, as_json=as_json)
        analysis.drawn(lambda: import_module("treaty.capture.drawing").channels_chart(found), plot)


def _grouping() -> Any:
    # NumPy and the reader of YAML: only a verb that runs waits for them.
    return import_module("treaty.capture.grouping")
