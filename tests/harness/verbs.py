"""Commands as scripts call them: how they ended, and the one document that they print."""

import json
from typing import Any

import click
from click.testing import CliRunner, Result


def called(group: click.Command, *words: object) -> Result:
    """How a command ended."""
    return CliRunner().invoke(group, [str(word) for word in words])


def answered(group: click.Command, *words: object) -> Any:
    """The document that a command prints with --json."""
    done = called(group, *words, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)
