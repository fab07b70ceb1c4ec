"""Segments on the command line."""

from pathlib import Path
from typing import Any

import click
import yaml
from django.utils import timezone

from treaty.kit import console
from treaty.segments import commands, queries
from treaty.segments.rules import NotAPredicate, Predicate, parse
from treaty.segments.wording import problem_sentence, sentence, still_asked

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="segment")
def segment_group() -> None:
    """Saved predicates over persons, and who is in them."""


@segment_group.command()
@click.argument("name")
@click.argument("file", type=FILE)
@console.as_json
def add(name: str, file: Path, as_json: bool) -> None:
    """Save the predicate of a YAML or JSON FILE as the segment NAME; a job finds its members."""
    tree = read(file)
    try:
        made = commands.add_segment(name, tree=tree, at=timezone.now(), by=None)
    except commands.NameTaken as taken:
        raise console.fail(f"Another segment is called {name}; choose another name.") from taken
    except NotAPredicate as wrong:
        raise console.fail(told(wrong)) from wrong
    said = sentence(tree, queries.words([tree], None))
    answer(as_json, {"id": made, "name": name, "sentence": said}, said)


@segment_group.command()
@click.argument("file", type=FILE)
@console.as_json
def count(file: Path, as_json: bool) -> None:
    """Count the persons who match the predicate of a YAML or JSON FILE, and save nothing."""
    tree = read(file)
    [inside] = queries.found([tree], timezone.now())
    said = sentence(tree, queries.words([tree], None))
    answer(as_json, {"persons": len(inside), "sentence": said}, f"{len(inside)}  {said}")


@segment_group.command(name="list")
@console.as_json
def list_all(as_json: bool) -> None:
    """Show every segment with the number of its members."""
    rows = [
        {"id": row.pk, "name": row.name, "members": row.members} for row in queries.listed().order_by("name")
    ]
    answer(as_json, rows, "\n".join(f"{row['id']}  {row['members']}  {row['name']}" for row in rows))


@segment_group.command()
@click.argument("segment", type=int)
def remove(segment: int) -> None:
    """Forget the SEGMENT of this number and who is in it."""
    if queries.segment(segment) is None:
        raise console.fail(f"There is no segment {segment}.")
    try:
        commands.remove_segment(segment, at=timezone.now(), by=None)
    except commands.StillAsked as asked:
        raise console.fail(still_asked(asked.names)) from asked
    console.say("The segment was removed.")


def read(file: Path) -> Predicate:
    """The predicate of a file; else every problem is told."""
    try:
        return parse(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as unread:
        raise console.fail(f"{file} is neither YAML nor JSON: {unread}") from unread
    except NotAPredicate as wrong:
        raise console.fail(told(wrong)) from wrong


def told(wrong: NotAPredicate) -> str:
    """What is wrong with a predicate, each problem on a line."""
    return "\n".join(problem_sentence(problem) for problem in wrong.problems)


def answer(as_json: bool, value: Any, words: str) -> None:
    """One JSON document, or words."""
    if as_json:
        console.document(value)
    else:
        console.say(words)


COMMANDS = (segment_group,)
