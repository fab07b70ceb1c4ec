"""The sample company on the command line."""

import os
import secrets
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from treaty.kit import console, processes, setup
from treaty.sample.commands import fill, is_filled
from treaty.sample.commands.company import NAME, STAFF

SIGN_INS = "sign-ins.txt"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int) -> None:
    """Fill the sample company where it is missing, start web and worker, print the address and the sign-ins.

    Stays until Ctrl-C; with DEMO_WAIT=0 it ends after the start-up checks.
    """
    setup.prepare()
    path = Path(settings.HOME) / SIGN_INS
    if not is_filled():
        password = secrets.token_urlsafe(9)
        # Written first: what is filled has its sign-ins, and whoever is stopped in between fills anew with new ones.
        path.write_text(sign_ins(password), encoding="utf-8")
        path.chmod(0o600)
        console.say(f"Filling {NAME}: 120 working days of history. This takes a minute.")
        with click.progressbar(length=120, label="days") as bar:
            fill(now=timezone.now(), password=password, told=lambda done, _all: bar.update(done - bar.pos))
    elif not path.exists():
        raise console.fail(
            f"{settings.HOME} holds another installation; choose an empty TREATY_HOME for the sample."
        )
    wait = os.environ.get("DEMO_WAIT", "1") != "0"
    processes.start_web_and_worker(host, port, wait=wait, greet=lambda address: greet(address, path))


def sign_ins(password: str) -> str:
    """Whom one can sign in as."""
    lines = [
        f"  {member.key}@kestrel.example".ljust(30) + f"{member.name}, {member.title}" for member in STAFF
    ]
    return "\n".join([*lines, f"  password of all: {password}"])


def greet(address: str, path: Path) -> None:
    """Say where the pages are, and how to sign in."""
    console.say(f"\n{NAME} is open at {address}\n{path.read_text(encoding='utf-8')}\n")


COMMANDS = (demo,)
