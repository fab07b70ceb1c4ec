"""Persons on the command line."""

import click
from django.utils import timezone

from treaty.kit import console
from treaty.people import duplicate_wording, queries
from treaty.people.commands import Scan, forget_person

SHOWN = 1_000
"""Pairs told at most, the most probable first."""


@click.group(name="people")
def people_group() -> None:
    """Who the company knows."""


@people_group.command()
@click.option(
    "--limit", default=SHOWN, show_default=True, type=click.IntRange(1), help="Pairs to tell at most."
)
@console.as_json
def duplicates(limit: int, as_json: bool) -> None:
    """Look for duplicates among whoever came or changed, and tell all open pairs, the most probable first."""
    scan = Scan()
    while scan.step(at=timezone.now()):
        pass
    pairs = queries.open_pairs(limit)
    if as_json:
        console.document({"found": scan.found, "pairs": [pair.told() for pair in pairs]})
        return
    for pair in pairs:
        said = ", ".join(duplicate_wording.reasons(pair.reasons, speaks_for=True)[:3])
        console.say(f"{pair.one_name} ({pair.one}) / {pair.other_name} ({pair.other}): {said}")
    console.say(f"{len(pairs)} pairs are open.")


@people_group.command()
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(number: int, *, yes: bool) -> None:
    """Erase for ever what is readable of the person with this number. Figures stay as they are."""
    found = queries.person_rows([number])
    if not found:
        raise console.fail(f"There is no person {number}.")
    if not yes:
        click.confirm(f"Forget {found[0].name} for ever?", abort=True)
    was_known = forget_person(number, at=timezone.now(), by=None, cause="cli")
    console.say(f"Person {number} is forgotten." if was_known else f"Person {number} was forgotten before.")


COMMANDS = (people_group,)
