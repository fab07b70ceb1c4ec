"""Retention on the command line."""

import click
from django.utils import timezone

from treaty.kit import console
from treaty.retention import commands, queries
from treaty.retention.rules import Kind


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be taken.")
@console.as_json
def retention(*, dry_run: bool, as_json: bool) -> None:
    """Empty the texts, forget the persons and remove the documents that the rules name which are on, for good."""
    at, on = timezone.now(), queries.rules()
    taken = {kind: _taken(kind, dry_run=dry_run) for kind in on}
    if as_json:
        rules = [
            {
                "kind": kind.value,
                "months": on[kind].months if kind in on else None,
                "taken": taken.get(kind, 0),
            }
            for kind in Kind
        ]
        console.document({"at": at, "dry_run": dry_run, "rules": rules})
        return
    for kind in Kind:
        console.say(_told(kind, on[kind].months, taken[kind], dry_run) if kind in on else f"{kind}: off")


def _taken(kind: Kind, *, dry_run: bool) -> int:
    if dry_run:
        return queries.counted(kind, at=timezone.now())
    return commands.take(kind, at=timezone.now(), step=lambda _taken: None)


def _told(kind: Kind, months: int, number: int, dry_run: bool) -> str:
    did = "would be taken" if dry_run else "were taken"
    return f"{kind}: {number} older than {months} months {did}"


COMMANDS = (retention,)
