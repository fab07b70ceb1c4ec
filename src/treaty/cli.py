"""The command `treaty`: its own verbs and those of every noun.

Exit 0: done. Exit 1: failed, with the reason on standard error. Exit 2: wrong usage.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module

import click
import django
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from treaty.kit import console, nouns, processes, setup
from treaty.kit.collector import loading


def ready() -> None:
    """Loads Django: the nouns' commands need it, the help of ours does not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treaty.settings")
    django.setup()


class Verbs(click.Group):
    """The root's own commands at once; those of the nouns only when one of them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*super().list_commands(ctx), *of_nouns()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Ours, else a noun's."""
        return super().get_command(ctx, cmd_name) or of_nouns().get(cmd_name)


def of_nouns() -> dict[str, click.Command]:
    """What the nouns offer as COMMANDS; groups of one name (such as `report`) become one group."""
    found: dict[str, click.Command] = {}
    with loading():
        ready()
        offered = list(nouns.offered("cli", "COMMANDS"))
    for _noun, commands in offered:
        for command in commands:
            merge(found, command)
    return found


def merge(found: dict[str, click.Command], command: click.Command) -> None:
    """Adds a command; the members of a group join the group that is there already."""
    name = str(command.name)
    present = found.setdefault(name, command)
    if present is command:
        return
    if not (isinstance(present, click.Group) and isinstance(command, click.Group)):
        raise TypeError(f"Two nouns offer the command {name}.")
    for member in command.commands.values():
        present.add_command(member)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def treaty() -> None:
    """One agreement, one ledger, two teams."""


@treaty.command()
@click.option(
    "--no-input", is_flag=True, help="Ask nothing: no administrator is made, the first page asks for one."
)
def init(no_input: bool) -> None:
    """Make an empty installation in TREATY_HOME, or bring the one that is there up to date."""
    ready()
    setup.prepare()
    try:
        if not no_input:
            ask_for_company()
    except click.Abort:
        console.say(
            "\nThe tables are made, but no administrator is. Run `treaty init` again to be asked again, or:"
        )
        say_how_to_begin()
        raise
    console.say("The installation is ready.")
    say_how_to_begin()


def say_how_to_begin() -> None:
    """Where the first administrator is made, while there is none."""
    if address := import_module("treaty.staff.queries").first_run_address():
        console.say(
            f"Nobody works here yet. While `treaty serve` runs, make the first administrator at {address}"
        )


def ask_for_company() -> None:
    """The company's name and its first administrator, where there is none yet."""
    queries, commands = import_module("treaty.staff.queries"), import_module("treaty.staff.commands")
    at = datetime.now(UTC)
    if queries.has_users():
        return
    row = queries.installation()
    name = click.prompt("Company", default=row.name)
    commands.set_installation(name=name, currency=row.currency, at=at, by=None)
    email = click.prompt("Mail address of the administrator")
    person = click.prompt("Name of the administrator")
    while True:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            commands.add_first_user(email, name=person, password=password, at=at)
        except ValidationError as weak:
            console.say(" ".join(weak.messages))
        else:
            return


@treaty.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes that serve pages."
)
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1), help="Threads in each of them."
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages and the API. Ctrl-C or SIGTERM lets running requests end."""
    address = os.environ.setdefault("TREATY_URL", f"http://{host}:{port}")
    ready()
    import_module(settings.ROOT_URLCONF)
    setup.collect_static()
    console.say(f"The pages are served for {address}. Ctrl-C ends.")
    say_how_to_begin()
    processes.serve(host=host, port=port, workers=workers, threads=threads)


@treaty.command()
@click.option("--check", is_flag=True, help="Only count the rows that differ; change nothing.")
@console.as_json
def rebuild(check: bool, as_json: bool) -> None:
    """Fold every projection anew from the ledger. With --check, any difference ends with 1."""
    ready()
    differences = dict(rebuilt(check=check, at=datetime.now(UTC)))
    total = sum(differences.values())
    if as_json:
        console.document({"differences": total, "by_projection": differences})
    else:
        console.say(f"{total} rows differed from their fold.")
    if check and total:
        raise console.fail(f"{total} rows differ from their fold; `treaty rebuild` writes them anew.")


def rebuilt(*, check: bool, at: datetime) -> Iterator[tuple[str, int]]:
    """Each noun that has projections, with the number of its rows that differed from their fold."""
    for noun, rebuild_noun in nouns.offered("projections", "rebuild"):
        yield noun, rebuild_noun(check=check, at=at)


@treaty.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own administration commands, such as `treaty manage check`."""
    ready()
    execute_from_command_line(["treaty manage", *arguments])


def main() -> None:
    """The entry point: whatever breaks, its reason stands on standard error and the exit code is 1."""
    if "--json" in sys.argv:
        console.keep_output_pure()
    try:
        treaty(prog_name="treaty")
    except Exception as error:
        if os.environ.get("TREATY_DEBUG") in {"1", "true", "yes", "on"}:
            raise
        click.echo(f"Error: {reason_of(error)}", err=True)
        sys.exit(1)


def reason_of(error: Exception) -> str:
    """What broke, in one line; a database that lacks tables or columns is told as what is to be done."""
    lacking = setup.lacking() if isinstance(error, DatabaseError) else ""
    return lacking or f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    main()
