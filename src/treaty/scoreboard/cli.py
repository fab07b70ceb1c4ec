"""Reports of the scoreboard, for scripts."""

from datetime import UTC, datetime

import click

from treaty.kit import console
from treaty.scoreboard import queries, wording
from treaty.scoreboard.queries import PromiseTotal
from treaty.scoreboard.rules import Month


@click.group()
def report() -> None:
    """Figures of this installation."""


@report.command()
@click.option("--month", default="", help="Only the promises of one month, such as 2026-11; else all time.")
@console.as_json
def promises(month: str, *, as_json: bool) -> None:
    """Each promise of both sides: how often it was kept, broken and excused, and how many run."""
    at = datetime.now(UTC)
    rows = queries.promise_totals(at, asked_month(month, at) if month else None)
    if as_json:
        console.document([told(row) for row in rows])
        return
    for row in rows:
        count = row.tally
        console.say(
            f"{row.clause.number:<5} {row.clause.side:<9} v{row.version:<3} kept {count.kept:>6}, "
            f"broken {count.broken:>6}, excused {count.excused:>6}, open {count.open:>6}  "
            f"{wording.clause_title(row.clause)}"
        )


def asked_month(text: str, at: datetime) -> Month:
    """The month of the option; wrong usage for what is none."""
    month = Month.parse(text, queries.this_month(at).zone)
    if month is None:
        raise click.BadParameter("Write a month as 2026-11.", param_hint="--month")
    return month


def told(row: PromiseTotal) -> dict[str, object]:
    """A promise as JSON has it."""
    return {
        "clause": row.clause.number,
        "side": row.clause.side,
        "title": wording.clause_title(row.clause),
        "kept": row.tally.kept,
        "broken": row.tally.broken,
        "excused": row.tally.excused,
        "open": row.tally.open,
        "version": row.version,
    }


COMMANDS = [report]
