"""Commands of the desk: everything known of one person."""

import json
from typing import IO

import click
from django.core.serializers.json import DjangoJSONEncoder

from treaty.desk import queries
from treaty.kit import console
from treaty.people.queries import person_rows


@click.group(name="people")
def people_group() -> None:
    """Who the company knows."""


@people_group.command()
@click.argument("number", type=int)
@click.option(
    "--output", type=click.File("w", encoding="utf-8"), default="-", help="A file; else standard output."
)
@click.option(
    "--archive", type=click.File("wb"), help="A file for the same with the person's documents, as ZIP."
)
def export(number: int, output: IO[str], archive: IO[bytes] | None) -> None:
    """Write everything known of the person with this number as one JSON document, or with its files as an archive."""
    if not person_rows([number]):
        raise console.fail(f"There is no person {number}.")
    if archive is not None:
        queries.pack(number, archive)
        return
    json.dump(queries.dossier(number), output, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    output.write("\n")


COMMANDS = (people_group,)
