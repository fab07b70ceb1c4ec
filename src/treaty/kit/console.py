"""How commands speak: one JSON document or words on standard output, everything else on standard error."""

import json
import sys
from typing import Any

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
"""The option that commands for scripts take."""


class Streams:
    """Where the answer goes: the standard output as it was when the process began, None until it was put aside."""

    answer: Any = None


def keep_output_pure() -> None:
    """Lets only `document` reach standard output: whatever a library prints goes to standard error."""
    Streams.answer, sys.stdout = sys.stdout, sys.stderr


def document(value: Any) -> None:
    """Prints the one JSON document of a command."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str), file=Streams.answer)


def say(text: str) -> None:
    """Prints words of a command that was not asked for JSON."""
    click.echo(text)


def fail(reason: str) -> click.ClickException:
    """To be raised: ends the command with 1 and the reason on standard error."""
    return click.ClickException(reason)
