"""Commands of the agreement: show it, write it to a file, begin a draft from a file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from treaty.agreements import commands, queries, refusal_wording, wording
from treaty.agreements.queries import VersionRow
from treaty.agreements.rules import State, clauses
from treaty.agreements.wording import Names
from treaty.kit.console import as_json, document, fail, say
from treaty.staff import queries as staff


@click.group()
def agreement() -> None:
    """The agreement between marketing and sales."""


@agreement.command()
@click.option("--version", "number", type=int, help="The number of a version; else the one in force.")
@as_json
def show(number: int | None, *, as_json: bool) -> None:
    """Print the clauses as sentences, or the document with its hash and signatures."""
    row = chosen(number)
    if as_json:
        data = row.document.model_dump(mode="json", exclude_none=True)
        signed = [{"side": one.side, "name": one.name, "signed_at": one.signed_at} for one in row.signatures]
        document(
            {
                "number": row.number,
                "state": row.state,
                "sha256": row.sha256,
                "signatures": signed,
                "document": data,
            }
        )
        return
    teams = {team.id: team.name for team in staff.teams()}
    users = staff.user_names([member.user for member in row.document.pool.members])
    names = Names(users=users, teams=teams, asked=queries.asked_by(row.document))
    say(f"{row.document.title}, version {row.number}, {row.state.value}")
    for clause in clauses(row.document):
        say(f"{clause.number}  {wording.text(clause, names)}")
        for what, becomes in wording.lines(clause, names):
            say(f"     {what}: {becomes}")


@agreement.command()
@click.option("--version", "number", type=int, help="The number of a version; else the one in force.")
def export(number: int | None) -> None:
    """Print a version as YAML."""
    say(commands.export_yaml(chosen(number).document).rstrip())


@agreement.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, *, as_json: bool) -> None:
    """Begin a draft from a YAML FILE; it changes nothing in force."""
    at = datetime.now(UTC)
    try:
        made = commands.draft_version(commands.import_yaml(file.read_text(encoding="utf-8")), at=at, by=None)
    except commands.NotValid as refused:
        raise fail(
            "\n".join(refusal_wording.problem(problem, {}) for problem in refused.problems)
        ) from refused
    row = next(row for row in queries.versions(at) if row.id == made)
    document({"number": row.number, "state": row.state}) if as_json else say(
        f"Version {row.number} is a draft now."
    )


def chosen(number: int | None) -> VersionRow:
    """The version of a number, or the one in force."""
    rows = queries.versions(datetime.now(UTC))
    for row in rows:
        if row.number == number or (number is None and row.state is State.IN_FORCE):
            return row
    raise fail("No version is in force yet." if number is None else f"There is no version {number}.")


COMMANDS = [agreement]
