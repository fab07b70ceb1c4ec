"""JSON Lines: an object a line, or one array of objects. Lists become several values of one cell, objects in objects
become `outer.inner`."""

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from treaty.imports.reading.table import Table, header_of, refuse_where_all_are_broken
from treaty.imports.rules.problems import KEPT, TEXT, BadField, Broken

BOM = b"\xef\xbb\xbf"
ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")
"""How an array of objects begins."""
SHOWN = 80
"""Characters by which a line that is no object is told."""


class JsonLines(Table):
    """A file of objects, one a line; its columns are the names that any of them has."""

    __slots__ = ()

    @property
    def form(self) -> str:
        """The form of the file."""
        return "json"

    @classmethod
    def opened(cls, path: Path) -> "JsonLines":
        """The table; every line is read once to know all names. Raises BadFile."""
        names: dict[str, None] = {}
        for _number, record in _objects(path):
            names |= dict.fromkeys(() if isinstance(record, Broken) else record)
        table = cls(path, tuple(names), "utf-8-sig")
        refuse_where_all_are_broken(table, "no_object")
        header_of(path, table.header)
        return table

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Each object that is not empty, with the number of its line counted as if a header stood above."""
        for number, record in _objects(self.path):
            if isinstance(record, Broken):
                yield number + 1, record
                continue
            cells = [record.get(name, "") for name in self.header]
            if any(cells):
                yield number + 1, cells


def _pieces(path: Path) -> Generator[bytes, None, None]:
    """The lines, or the members of one array; of an array that is broken its lines, which are no objects."""
    with path.open("rb") as file:
        if ARRAY.match(file.read(1024)):
            try:
                whole = path.read_bytes().removeprefix(BOM)
                yield from map(bytes, msgspec.json.decode(whole, type=list[msgspec.Raw]))
                return
            except msgspec.DecodeError:
                pass
        file.seek(0)
        yield from file


def _objects(path: Path) -> Iterator[tuple[int, dict[str, str] | Broken]]:
    """Each piece with its number: what the object says by name, or what stands there instead."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    with closing(_pieces(path)) as pieces:
        for number, line in enumerate(pieces, start=1):
            text = line.removeprefix(BOM).strip()
            try:
                if text:
                    yield number, flat(decoder.decode(text))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                stood = text.decode(errors="replace")
                yield number, Broken((), BadField(TEXT, "no_object", stood[:SHOWN]), stood[:KEPT])


def flat(record: dict[str, Any], outer: str = "") -> dict[str, str]:
    """An object as texts by name."""
    found: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            found |= flat(value, f"{outer}{name.strip()}.")
        else:
            found[f"{outer}{name.strip()}"] = text_of(value)
    return found


def text_of(value: object) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(filter(None, map(text_of, value)))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
