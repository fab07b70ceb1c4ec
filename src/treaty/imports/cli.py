"""Imports on the command line."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import yaml
from django.utils import timezone

from treaty.imports import commands
from treaty.imports.leaving import FORMS
from treaty.imports.queries import own_fields
from treaty.imports.reading import BadFile, Choice, opened
from treaty.imports.rules import columns, maven
from treaty.imports.rules.columns import THINGS, BadMapping
from treaty.imports.rules.options import KEYS, MODES, Options
from treaty.imports.rules.problems import Report
from treaty.imports.rules.things import Thing
from treaty.imports.wording import NOTHING_AGREED, handed_back, unfit
from treaty.kit import console
from treaty.staff.queries import named_users

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SHOWN = 100
"""Rejected rows that the JSON shows; all of them are in the file."""


OWNER = click.option(
    "--owner",
    default="",
    metavar="ADDRESS",
    help="Who owns what the file gives to nobody on the staff; else such rows are handed back.",
)


@click.group(name="import")
def import_group() -> None:
    """Bring in what other systems know."""


@import_group.command()
@click.argument("file", type=FILE)
@click.option("--map", "map_file", type=FILE, help="A YAML or JSON file of {column: field}.")
@click.option(
    "--column", "pairs", multiple=True, metavar="COLUMN=FIELD", help="Maps one column; may be given often."
)
@click.option("--dry-run", is_flag=True, help="Count what would happen, and change nothing.")
@click.option("--offer", is_flag=True, help="Offer everybody the file names to sales, on purpose.")
@click.option("--encoding", default="", help="The file's encoding, where it is found out wrongly.")
@click.option("--delimiter", default="", help="What parts the cells, where it is found out wrongly.")
@click.option("--sheet", default="", help="The sheet of a workbook, where it is not the first.")
@click.option(
    "--source", default="", help="The system that external keys belong to, where its columns do not say."
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default=MODES[0],
    show_default=True,
    help="Whom rows may add or change.",
)
@click.option(
    "--key", type=click.Choice(KEYS), default=KEYS[0], show_default=True, help="What rows are met by."
)
@click.option(
    "--hand-back-doubles",
    "doubles",
    flag_value="hand_back",
    default="merge",
    help="Hand back later rows of a person the file named before.",
)
@OWNER
@click.option("--day-first/--month-first", default=None, help="How dates such as 6/4/2026 are read.")
@console.as_json
def persons(  # noqa: PLR0917  click passes them by name
    file: Path,
    map_file: Path | None,
    pairs: tuple[str, ...],
    encoding: str,
    delimiter: str,
    sheet: str,
    as_json: bool,
    **rules: Any,
) -> None:
    """Bring in persons from CSV, XLSX, vCard or JSON Lines. The same file again changes nothing."""
    options, own = Options(**rules | {"owner": user_of(rules["owner"])}), own_fields()
    try:
        table = opened(file, Choice(encoding, delimiter.replace("\\t", "\t"), sheet))
        told = mapping(map_file, pairs)
        chosen = columns.told(table.header, told, own) if told else columns.guessed(table.header, own)
        say_left_out(chosen.left_out(table.header))
        report, bad_file = commands.import_persons(
            table, chosen, options=options, at=timezone.now(), by=None, progress=on_standard_error
        )
    except (BadFile, BadMapping) as error:
        raise console.fail(unfit(error)) from None
    except commands.NothingAgreed:
        raise console.fail(str(NOTHING_AGREED)) from None
    counts = report.of("persons").as_dict()
    begun = {"run": report.run, "dry_run": options.dry_run}
    show({**begun, **counts, **rejected(report, bad_file)}, as_json=as_json)


RECORD_OPTIONS = (
    click.argument("file", type=FILE),
    click.option("--map", "map_file", type=FILE, help="A YAML or JSON file of {column: field}."),
    click.option(
        "--column",
        "pairs",
        multiple=True,
        metavar="COLUMN=FIELD",
        help="Maps one column; may be given often.",
    ),
    click.option("--dry-run", is_flag=True, help="Count what would happen, and change nothing."),
    click.option("--encoding", default="", help="The file's encoding, where it is found out wrongly."),
    click.option("--delimiter", default="", help="What parts the cells, where it is found out wrongly."),
    click.option("--sheet", default="", help="The sheet of a workbook, where it is not the first."),
    click.option("--source", default="", help="The system that external keys belong to."),
    click.option("--day-first/--month-first", default=None, help="How dates such as 6/4/2026 are read."),
    console.as_json,
)
"""What can be told of a file whose rows are no persons."""
MODE = click.option(
    "--mode", type=click.Choice(MODES), default=MODES[0], show_default=True, help="What rows may touch."
)


def records(what: str, told: str, *more: Callable[..., Any]) -> None:
    """Adds the command that brings a thing in; `more` options than those of all."""

    def command(**given: Any) -> None:
        bring(THINGS[what], **given)

    for option in reversed((*RECORD_OPTIONS, *more)):
        command = option(command)
    import_group.command(name=what, help=told)(command)


def bring(
    thing: Thing,
    *,
    file: Path,
    map_file: Path | None,
    pairs: tuple[str, ...],
    encoding: str,
    delimiter: str,
    sheet: str,
    as_json: bool,
    **rules: Any,
) -> None:
    """Bring in the records of a file, and tell what became of its rows."""
    options, own = Options(**rules | {"owner": user_of(rules.get("owner", ""))}), own_fields(thing)
    try:
        given = mapping(map_file, pairs)
        table = opened(file, Choice(encoding, delimiter.replace("\\t", "\t"), sheet))
        chosen = (
            columns.told(table.header, given, own, thing)
            if given
            else columns.guessed(table.header, own, thing)
        )
        say_left_out(chosen.left_out(table.header))
        report, bad_file = commands.import_records(
            table, chosen, options=options, at=timezone.now(), by=None, progress=on_standard_error
        )
    except (BadFile, BadMapping) as error:
        raise console.fail(unfit(error)) from None
    begun = {"run": report.run, "dry_run": options.dry_run}
    counted = report.of(thing.key).as_dict()
    show({**begun, **counted, **rejected(report, bad_file)}, as_json=as_json)


AGAIN = "from CSV, XLSX or JSON Lines. The same file again changes nothing."
records("companies", f"Bring in companies {AGAIN}", MODE, OWNER)
records("deals", f"Bring in deals {AGAIN}", MODE, OWNER)
records("touchpoints", f"Bring in what buyers did and what was said {AGAIN}")


@import_group.command()
@click.argument("run", type=int)
@console.as_json
def undo(run: int, as_json: bool) -> None:
    """Take back what the import RUN brought, updates included; what happened since stays."""
    try:
        undone = commands.undo_import(run, at=timezone.now(), by=None)
    except commands.CannotUndo as error:
        raise console.fail(str(error)) from None
    show(asdict(undone), as_json=as_json)


@import_group.command()
@click.option("--leads", type=FILE, required=True, help="olist_marketing_qualified_leads_dataset.csv")
@click.option("--deals", type=FILE, required=True, help="olist_closed_deals_dataset.csv")
@console.as_json
def olist(leads: Path, deals: Path, as_json: bool) -> None:
    """Bring in the Olist marketing funnel: leads, won deals and staff."""
    try:
        report = commands.import_olist(opened(leads), opened(deals), at=timezone.now(), by=None)
    except BadFile as error:
        raise console.fail(unfit(error)) from None
    show({**counts(report), **rejected(report, "")}, as_json=as_json)


@import_group.command(name="maven")
@click.option(
    "--dir", "folder", type=FOLDER, required=True, help="The folder of accounts, sales_teams, sales_pipeline."
)
@console.as_json
def maven_(folder: Path, as_json: bool) -> None:
    """Bring in the Maven CRM sample: companies, staff and deals."""
    try:
        tables = {name: opened(folder / name) for name in maven.FILES}
        report = commands.import_maven(tables, at=timezone.now(), by=None)
    except BadFile as error:
        raise console.fail(unfit(error)) from None
    dirt = [
        {"field": each.field, "value": each.value, "rows": each.rows, "kept_as": each.kept_as}
        for each in report.dirt
    ]
    show({**counts(report), "dirt": dirt, **rejected(report, "")}, as_json=as_json)


def user_of(told: str) -> int | None:
    """The member of the staff with a mail address or a name; None where none is told."""
    known = named_users()
    if told and told.casefold().strip() not in known:
        raise console.fail(f"Nobody on the staff has the address or the name {told!r}.")
    return known[told.casefold().strip()] if told else None


def mapping(map_file: Path | None, pairs: tuple[str, ...]) -> dict[str, str]:
    """The mapping that a file and flags tell; raises BadMapping."""
    told: dict[str, str] = {}
    if map_file:
        content = content_of(map_file)
        if not isinstance(content, dict) or not all(
            isinstance(text, str) for pair in content.items() for text in pair
        ):
            raise BadMapping("bad_map_file", file=map_file.name)
        told |= content
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign:
            raise click.UsageError(f"--column {pair!r} must look like “E-mail=email”.")
        told[column] = field
    return told


def content_of(map_file: Path) -> Any:
    """What a mapping file says; raises BadMapping, with its line, where that is neither YAML nor JSON."""
    try:
        return yaml.safe_load(map_file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise BadMapping("map_file_no_text", file=map_file.name) from None
    except yaml.reader.ReaderError as error:
        line = str(map_file.read_text(encoding="utf-8").count("\n", 0, error.position) + 1)
        raise BadMapping("broken_map_file", file=map_file.name, line=line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = str(mark.line + 1 if mark else 1)
        raise BadMapping("broken_map_file", file=map_file.name, line=line) from None


def counts(report: Report) -> dict[str, Any]:
    """The counts of each kind of thing."""
    return {what: each.as_dict() for what, each in report.counts.items()}


def rejected(report: Report, bad_file: str) -> dict[str, Any]:
    """The first rejected rows, and the file that holds them all."""
    return {"bad_rows": [handed_back(each) for each in report.rejected[:SHOWN]], "bad_file": bad_file}


def show(document: dict[str, Any], *, as_json: bool) -> None:
    """The outcome, for a script or for a person."""
    if as_json:
        console.document(document)
        return
    for bad in document.pop("bad_rows", ()):
        console.say("row {row}, {field}: {reason}".format_map(bad))
    for name, value in document.items():
        if value is not False and value not in ("", []):
            console.say(f"{name}: {value}")


def on_standard_error(done: int) -> None:
    """How far an import is."""
    print("1 row" if done == 1 else f"{done:,} rows", file=sys.stderr)


def say_left_out(names: Sequence[str]) -> None:
    """Which columns are not read, for who might have meant them to be."""
    if names:
        print(f"Columns that are not read: {', '.join(names)}", file=sys.stderr)


@click.command(name="export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@console.as_json
def export(file: Path, as_json: bool) -> None:
    """Write persons into FILE (.csv, .xlsx, .jsonl or .vcf), or everything into one archive (.zip)."""
    form = file.suffix.removeprefix(".").lower()
    if form not in {*FORMS, commands.ARCHIVE}:
        raise click.UsageError(f"{file.name} must end in .csv, .xlsx, .jsonl, .vcf or .zip.")
    rows = commands.export_into(file, form, by=None, told=on_standard_error)
    show({"file": str(file), "rows": rows}, as_json=as_json)


COMMANDS = (import_group, export)
