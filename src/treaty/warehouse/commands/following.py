"""The lake follows the ledger, turn by turn; or is made anew as a whole. One at a time, whoever asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
from msgspec.structs import replace

from treaty.kit import queries as kit
from treaty.ledger import queries as ledger
from treaty.warehouse import queries
from treaty.warehouse.folder import Folder, ours
from treaty.warehouse.rules import Manifest, Until, empty
from treaty.warehouse.tables import KNOWN, shape
from treaty.warehouse.watching import digest

if TYPE_CHECKING:
    from treaty.warehouse.commands.turning import Turn

MOST = 200_000
"""Lines and marks of one turn; what is left waits for the next."""
KEPT = timedelta(days=1)
"""How long marks of changed rows stay."""
SLEPT = timedelta(hours=12)
"""A lake that followed nothing for so long may have missed marks, and is made anew."""
WAKING = timedelta(hours=1)
"""How often a lake with nothing to take in says that it does not sleep."""

log = structlog.get_logger("treaty.lake")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a turn took in: up to which line of the ledger, whether more waits, and whether the lake was made anew."""

    line: int
    is_all: bool = True
    is_anew: bool = False


def follow(at: datetime) -> Taken | None:
    """Take in what happened since the last turn; None where somebody else is at it, or writers have to end first.

    Where there is no lake yet, or none of this database, it is made.
    """
    lake = ours()
    with lake.alone() as is_mine:
        return _follow(lake, at) if is_mine else None


def follow_all(at: datetime) -> Taken | None:
    """As many turns as it takes until nothing waits."""
    while (taken := follow(at)) is not None:
        if taken.is_all:
            return taken
    return None


def rebuild(at: datetime) -> Taken | None:
    """Make the lake anew out of the database; who reads it reads the former one until the new one is whole."""
    lake = ours()
    with lake.alone() as is_mine:
        return _rebuild(lake, at) if is_mine else None


def after_restore(*, at: datetime) -> None:
    """The lake of the database that was replaced is not valid any more."""
    ours().forget()


def goes_on(before: Manifest, at: datetime) -> bool:
    """Whether a lake can be read on: of this shape, of this ledger, and awake."""
    return queries.is_of_this(before) and abs(at - before.at) < SLEPT


def horizon() -> tuple[int, int] | None:
    """The line and the mark before which none can appear any more; None while it is not known."""
    line, mark = ledger.settled_line(), kit.settled_mark()
    return None if line is None or mark is None else (line, mark)


def _follow(lake: Folder, at: datetime) -> Taken | None:
    before = lake.manifest()
    if before is None or not goes_on(before, at):
        return _rebuild(lake, at)
    if (known := horizon()) is None:
        return None
    line = ledger.portion_end(before.line, known[0], MOST)
    # Where all marks are gone, as after a quiet day, the newest one is none.
    mark = kit.marks_end(before.mark, max(known[1], before.mark), MOST)
    after = _turned(lake, before, Until(line, ledger.line_key(line) or "", mark), at)
    if after.turn != before.turn or at - before.at > WAKING:
        lake.switch(after)
    lake.sweep()
    return Taken(line, is_all=line >= known[0] and mark >= known[1])


def _turned(lake: Folder, before: Manifest, until: Until, at: datetime) -> Manifest:
    """The manifest after one more turn; the same one, awake, where nothing happened and no watched row differs."""
    with lake.work() as work:
        is_quiet = (before.line, before.mark) == (until.line, until.mark)
        if is_quiet and all(
            digest(table, work) == before.tables[table.name].digest
            for table in KNOWN.values()
            if table.is_watched
        ):
            return replace(before, at=at)
        return turn(lake, before, until, before.turn + 1, at).take(work)


def _rebuild(lake: Folder, at: datetime) -> Taken | None:
    if (known := horizon()) is None:
        return None
    line, mark = known
    before, until = lake.manifest(), Until(line, ledger.line_key(line) or "", mark)
    with lake.work() as work:
        number = before.turn + 1 if before else 1
        lake.switch(turn(lake, empty(shape(), at), until, number, at).take(work))
    lake.sweep()
    log.info("the lake was made anew", line=line)
    return Taken(line, is_anew=True)


def turn(lake: Folder, before: Manifest, until: Until, number: int, at: datetime) -> "Turn":
    """A turn to be taken. What it needs weighs forty megabytes, so a process imports it when it takes the first."""
    turning = import_module("treaty.warehouse.commands.turning")
    made: Turn = turning.Turn(lake, before, until, number=number, at=at)
    return made
