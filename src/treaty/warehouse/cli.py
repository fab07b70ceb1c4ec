"""The lake on the command line."""

from typing import Any

import click
from django.utils import timezone

from treaty.kit import console
from treaty.warehouse import commands, queries

BUSY = "Somebody else writes the lake, or somebody has been writing to the ledger for long; try again in a minute."


@click.group(name="lake")
def lake_group() -> None:
    """The ledger and how things stand as files of columns, for questions about everybody."""


@lake_group.command()
@console.as_json
def status(as_json: bool) -> None:
    """Say how far behind the ledger the lake is, and what it holds."""
    found = queries.status()
    rows = ", ".join(f"{number:,} {name}" for name, number in found.rows.items())
    words = (
        f"The lake is {found.behind_seconds:,.0f} seconds behind the ledger: {rows},"
        f" {found.files} files, {found.bytes / 1024**2:,.1f} MB."
        if found.behind_seconds is not None
        else "There is no lake yet."
    )
    answer(as_json, found.as_dict(), words)


@lake_group.command()
@console.as_json
def follow(as_json: bool) -> None:
    """Take in what happened since the last turn, as the worker does every few seconds."""
    if (taken := commands.follow_all(timezone.now())) is None:
        raise console.fail(BUSY)
    answer(
        as_json, {"line": taken.line, "anew": taken.is_anew}, f"The lake holds all up to line {taken.line}."
    )


@lake_group.command()
@click.option(
    "--check", is_flag=True, help="Only count the rows that differ from a lake made anew; change nothing."
)
@console.as_json
def rebuild(check: bool, as_json: bool) -> None:
    """Make the lake anew out of the database. With --check, any difference ends with 1."""
    at = timezone.now()
    if check:
        compare(commands.differences(at), as_json)
    elif (taken := commands.rebuild(at)) is None:
        raise console.fail(BUSY)
    else:
        answer(as_json, {"line": taken.line}, f"The lake was made anew up to line {taken.line}.")


def compare(found: dict[str, int] | None, as_json: bool) -> None:
    """Say what differs."""
    if found is None:
        raise console.fail(f"There is no lake yet. Or: {BUSY}")
    total = sum(found.values())
    answer(as_json, {"differences": total, "by_table": found}, f"{total} rows differ.")
    if total:
        raise console.fail(f"{total} rows differ from the database; `treaty lake rebuild` makes them anew.")


def answer(as_json: bool, value: Any, words: str) -> None:
    """One JSON document, or words."""
    if as_json:
        console.document(value)
    else:
        console.say(words)


COMMANDS = (lake_group,)
