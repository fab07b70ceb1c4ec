"""The rows of a file of persons, sifted: good ones as drafts made ready to be written, bad ones with what is wrong."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from treaty.imports.reading import Table
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.options import Options, mended
from treaty.imports.rules.persons import draft_of
from treaty.imports.rules.problems import BadRow, Rejected
from treaty.people.rules import Ready, made_ready

AT_ONCE = 500
"""Rows of a block."""
Cells = tuple[str, ...]
packed, unpacked = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[Cells]).decode


@dataclass(frozen=True, slots=True)
class Sieve:
    """What sifting a file needs, and none of it asks the database."""

    table: Table
    columns: Columns
    options: Options
    owners: Mapping[str, int]
    """The ids of staff by mail address or name."""
    pepper: bytes
    keeps_cells: bool
    """Whether good rows may still be handed back."""
    home: str = ""
    """The company's country, in two letters."""


class Block(msgspec.Struct):
    """Some rows of a file: the numbers and drafts of good ones, with their cells where those are kept, and the others."""

    numbers: list[int] = []
    ready: list[Ready] = []
    cells: bytes = b""
    """The cells of the good ones, packed: hardly any of them is asked for again."""
    rejected: list[Rejected] = []

    def told(self) -> dict[int, Cells]:
        """The cells of the good rows by their numbers."""
        return dict(zip(self.numbers, unpacked(self.cells), strict=True))


def blocks(sieve: Sieve) -> Generator[Block, None, None]:
    """The rows of a file, block by block, in order. Raises reading.BadFile."""
    rows = sieve.table.rows()
    while some := list(islice(rows, AT_ONCE)):
        block, kept = Block(), list[Sequence[str]]()
        for number, told in some:
            cells = mended(sieve.options, number, told)
            if _sift(sieve, number, cells, block) and sieve.keeps_cells:
                kept.append(cells)
        block.cells = packed(kept)
        yield block


def _sift(sieve: Sieve, number: int, cells: list[str], block: Block) -> bool:
    """Put a row where it belongs; whether it is good."""
    options = sieve.options
    try:
        draft = draft_of(
            sieve.columns,
            cells,
            source=options.source,
            owners=sieve.owners,
            day_first=bool(options.day_first),
            home=sieve.home,
        )
    except BadRow as error:
        block.rejected.append(Rejected.of(number, cells, error.fields))
        return False
    block.numbers.append(number)
    block.ready.append(made_ready(draft, sieve.pepper))
    return True
