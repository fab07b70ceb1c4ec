"""Commands of staff: users from the command line."""

import sys
from datetime import UTC, datetime
from getpass import getpass

import click
from django.core.exceptions import ValidationError

from treaty.kit.console import as_json, document, fail, say
from treaty.staff import commands, queries, wording


@click.group()
def user() -> None:
    """Users of this installation."""


@user.command()
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--name", default="", help="Their name; the address where none is given.")
@click.option(
    "--role", default="representative", show_default=True, help="The key of a role, such as administrator."
)
@click.option("--team", default="", help="The name of a team.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@as_json
def add(email: str, name: str, role: str, team: str, *, password_stdin: bool, as_json: bool) -> None:
    """Add a user; asks for the password unless it comes by standard input."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass("Password: ")
    new = commands.NewUser(email, name, role, team=team_id(team), password=password)
    try:
        made = commands.add_user(new, at=datetime.now(UTC), by=None)
    except commands.Refused as refused:
        raise fail(wording.word(wording.REFUSALS, refused.code)) from refused
    except ValidationError as weak:
        raise fail(" ".join(weak.messages)) from weak
    document({"id": made, "email": email}) if as_json else say(f"{email} can sign in now.")


def team_id(name: str) -> int | None:
    """The id of a team by its name; none for no name."""
    if not name:
        return None
    for team in queries.teams():
        if team.name.casefold() == name.casefold():
            return team.id
    raise fail(f"There is no team {name!r}; there are: {', '.join(team.name for team in queries.teams())}.")


@user.command("list")
@as_json
def list_users(*, as_json: bool) -> None:
    """Who works here."""
    rows = queries.staff()
    if not as_json:
        for row in rows:
            say(f"{row.email}\t{row.name}\t{row.role_key}\t{row.team}")
        return
    document(
        [
            {
                "id": row.id,
                "email": row.email,
                "name": row.name,
                "role": row.role_key,
                "team": row.team,
                "active": row.is_active,
                "last_sign_in": row.last_login.isoformat() if row.last_login else None,
            }
            for row in rows
        ]
    )


COMMANDS = [user]
