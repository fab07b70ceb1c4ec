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
def export(number: int, output: IO[str]) -> None:
    """Write everything known of the person with this number as one JSON document."""
    if not person_rows([number]):
        raise console.fail(f"There is no person {number}.")
    json.dump(queries.dossier(number), output, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    output.write("\n")


COMMANDS = (people_group,)
