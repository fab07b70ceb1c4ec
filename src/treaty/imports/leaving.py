"""What leaves Treaty as files: persons in four forms, and everything as one archive."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec
import xlsxwriter
from django.apps import apps
from django.db.models import Model

from treaty.documents.queries import every_document
from treaty.imports.rules.cards import card_of
from treaty.imports.rules.columns import IDENTITIES
from treaty.kit.spreadsheet import lines
from treaty.ledger.commands import pepper
from treaty.people.queries import Line, own_columns
from treaty.people.rules import card_name

Told = Callable[[int], None]
"""Told now and then how many rows are written."""

FORMS = ("csv", "xlsx", "jsonl", "vcf")
COLUMNS = (
    "treaty_id",
    "name",
    "name_local",
    "given_name",
    "family_name",
    "email",
    "phone",
    "title",
    "company",
    "city",
    "country",
    "language",
    "time_zone",
    "interest",
    "channel",
    "landing_page",
    "owner",
    "stage",
    "tags",
    "consents",
    "unsubscribed",
    "do_not_call",
    "added_at",
    "keys",
    *(name for name, (_kind, label) in IDENTITIES.items() if label),
)
"""Called as an import calls the fields they hold; `keys` are those of other systems, with their names. Fields that the
company defined follow, and addresses of a label stand under that, too."""
SEVERAL = frozenset({*IDENTITIES, "tags", "consents", "keys"})
TOLD_EVERY = 1_000
FETCHED = 2_000
SHEET = 1_000_000
"""Persons on a sheet; it has 48,576 rows more than that and no others."""

DERIVED = frozenset(
    {
        "kit.changedrow",
        "kit.tick",
        "kit.hold",
        "kit.job",
        "ledger.pepper",
        "people.duplicateblock",
        "people.unscanned",
        "search.line",
        "search.posting",
        "search.word",
        "segments.touched",
        "segments.wake",
        "staff.answerseed",
        "staff.keptanswer",
    }
)
"""Tables that are worked out from others or keep the house running; and the key behind opaque identities."""
SECRET = ("password", "secret", "hash", "token", "body", "html")
"""A column with such a word in its name stays here: secrets, and mails, which may hold links that let somebody in."""
TEXTS = frozenset({"ledger.touchpointtext"})
"""Tables whose texts are what people wrote down, whatever their columns are called."""


class Counted:
    """Persons as they are written; counts them, and tells now and then how many there were."""

    def __init__(self, persons: Iterable[Line], told: Told) -> None:
        self.persons, self.told, self.number = persons, told, 0

    def __iter__(self) -> Iterator[Line]:
        for person in self.persons:
            self.number += 1
            yield person
            if self.number % TOLD_EVERY == 0:
                self.told(self.number)


def write_persons(path: Path, form: str, persons: Iterable[Line], told: Told) -> int:
    """Write persons in one of FORMS; how many they were."""
    counted = Counted(persons, told)
    WRITERS[form](path, iter(counted))
    return counted.number


def columns_of_persons() -> tuple[str, ...]:
    """The columns of persons who leave."""
    return (*COLUMNS, *own_columns())


def cells(person: Line, columns: Sequence[str]) -> list[str]:
    """A person as the cells of columns."""
    return [";".join(person.get(column, ())) for column in columns]


def sheet_lines(persons: Iterable[Line]) -> Iterator[str]:
    """Persons as the lines of a spreadsheet."""
    columns = columns_of_persons()
    return lines(columns, (cells(person, columns) for person in recognisable(persons)))


def recognisable(persons: Iterable[Line]) -> Iterator[Line]:
    """The same persons; who has no address, number or key gets one by which this installation knows who is meant."""
    key = pepper()
    for person in persons:
        if person["email"] or person["phone"] or person["keys"]:
            yield person
        else:
            yield {**person, "keys": (f"treaty:{card_name(int(person['treaty_id'][0]), key)}",)}


def _csv(path: Path, persons: Iterator[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(sheet_lines(persons))


def _workbook(path: Path, persons: Iterator[Line]) -> None:
    columns = columns_of_persons()
    # Texts stay texts: nothing becomes a formula or a link that a spreadsheet would follow.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        persons = recognisable(persons)
        first = list(islice(persons, 1))
        while True:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, columns)
            for number, person in enumerate(islice(chain(first, persons), SHEET), start=1):
                sheet.write_row(number, 0, cells(person, columns))
            if not (first := list(islice(persons, 1))):
                break


def _json_lines(path: Path, persons: Iterator[Line]) -> None:
    with path.open("wb") as file:
        for person in recognisable(persons):
            told = {
                name: list(values) if name in SEVERAL else values[0]
                for name, values in person.items()
                if values
            }
            file.write(msgspec.json.encode(told) + b"\n")


def _cards(path: Path, persons: Iterator[Line]) -> None:
    key = pepper()
    with path.open("w", encoding="utf-8", newline="") as file:
        for person in persons:
            file.write(card_of({**person, "external_key": [card_name(int(person["treaty_id"][0]), key)]}))


WRITERS: dict[str, Callable[[Path, Iterator[Line]], None]] = {
    "csv": _csv,
    "xlsx": _workbook,
    "jsonl": _json_lines,
    "vcf": _cards,
}


def tables() -> list[type[Model]]:
    """Every table of every noun that leaves, in the order of its name."""
    nouns = [config for config in apps.get_app_configs() if config.name.startswith("treaty.")]
    models = [model for config in nouns for model in config.get_models()]
    return sorted(
        (model for model in models if model._meta.label_lower not in DERIVED),
        key=lambda model: model._meta.label_lower,
    )


def columns_of(model: type[Model]) -> list[str]:
    """The columns of a table that leave."""
    names = [field.attname for field in model._meta.concrete_fields]
    if model._meta.label_lower in TEXTS:
        return names
    return [name for name in names if not any(word in name for word in SECRET)]


def write_archive(path: Path, persons: Iterable[Line], told: Told) -> int:
    """Write all tables as JSON Lines, persons as a spreadsheet, and a page that says what is what; the rows written."""
    written, page = 0, list[str]()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("persons.csv", "w", force_zip64=True) as file:
            text = TextIOWrapper(file, encoding="utf-8", newline="")
            text.writelines(sheet_lines(persons))
            text.flush()
        for model in tables():
            name = f"{model._meta.app_label}/{model._meta.model_name}.jsonl"
            with archive.open(name, "w", force_zip64=True) as file:
                number = 0
                for number, row in enumerate(_rows(model), start=1):
                    file.write(msgspec.json.encode(row) + b"\n")
                    if number % TOLD_EVERY == 0:
                        told(written + number)
            written += number
            page.append(f"{name}\n  {number} rows. {(model.__doc__ or '').strip().splitlines()[0]}\n")
        for kept in every_document():
            archive.write(kept.path, f"documents/files/{kept.id}-{kept.name}", zipfile.ZIP_STORED)
        archive.writestr("README.txt", OPENING + "\n".join(page))
    return written


OPENING = """Everything this installation of Treaty holds.

persons.csv is the spreadsheet of persons, which Treaty and others can import.
Each other file is one table: a JSON object a line, times in UTC, amounts of money in minor units.
A name that ends in _id is the id of a row in another table.
documents/files holds the documents, each with the id of its row in documents/document.jsonl in front.
Left out: passwords, secrets, hashes of keys, the texts of mails sent, and what is worked out from the rest.

"""


def _rows(model: type[Model]) -> Iterator[dict[str, Any]]:
    return model._base_manager.order_by("pk").values(*columns_of(model)).iterator(chunk_size=FETCHED)
