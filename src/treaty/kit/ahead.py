"""Reads ahead in a thread, so that a file is read on while the database writes what was read before."""

from collections.abc import Iterable, Iterator
from itertools import islice
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")

BLOCK = 500
"""Items handed over at once: handing over one by one would cost more than it saves."""
BLOCKS = 20
"""Blocks read ahead at most, so that a large file is never held as a whole."""
PATIENCE = 0.1
"""Seconds between two looks whether anybody still reads."""


def ahead(items: Iterable[Item], *, block: int = BLOCK, blocks: int = BLOCKS) -> Iterator[Item]:
    """The same items in the same order, read by a thread; what reading raises is raised where it would have been.

    They are handed over `block` at once, and at most `blocks` of those wait. The thread must not touch the database:
    it would get a connection of its own, outside the transaction.
    """
    reader = _Reader(items, block, blocks)
    Thread(target=reader.read, name="read-ahead", daemon=True).start()
    try:
        yield from reader.items()
    finally:
        reader.unwanted.set()


class _Reader(Generic[Item]):
    """What passes between the thread that reads and the one that takes."""

    def __init__(self, source: Iterable[Item], size: int, blocks: int) -> None:
        self.source = source
        self.size = size
        self.blocks: Queue[list[Item]] = Queue(blocks)
        self.unwanted = Event()
        self.error: BaseException | None = None

    def read(self) -> None:
        """Read until the end, an error, or until nobody wants more; an empty block is the end."""
        source = iter(self.source)
        while self._hand_over(block := self._block(source)) and block:
            pass

    def items(self) -> Iterator[Item]:
        """What was read, then the error that ended it."""
        while block := self.blocks.get():
            yield from block
        if self.error is not None:
            raise self.error

    def _block(self, source: Iterator[Item]) -> list[Item]:
        block: list[Item] = []
        if self.error is None:
            try:
                block.extend(islice(source, self.size))
            except BaseException as error:
                self.error = error
        return block

    def _hand_over(self, block: list[Item]) -> bool:
        while not self.unwanted.is_set():
            try:
                self.blocks.put(block, timeout=PATIENCE)
            except Full:
                continue
            return True
        return False
