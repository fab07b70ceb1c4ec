"""Whoever writes to one SQLite file, process or thread, in a queue: nobody waits long, however many there are.

SQLite itself has whoever finds the file taken sleep and ask again, ever more seldom, up to a tenth of a second, while
whoever has just written asks at once. Of eight processes that write all the time one waited for more than 20 seconds.
"""

import os
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from time import monotonic, sleep
from weakref import WeakSet

AGAIN, AT_THE_HEAD = 0.003, 0.001
"""Seconds after which one asks again who waits in the queue, or is its head. All the same, however long they have
waited, so that each turn finds its next one among all who wait by equal chances."""


class Place:
    """One connection's place in the queue of its file; the system gives it up with the process, however that ends.

    There are two locks, on files beside the database's own (whose closing would end SQLite's locks). The head of the
    queue holds the one and waits for the other, the turn. Whoever gives up his turn and wants it again finds a head that
    was there before him.
    """

    def __init__(self, path: str) -> None:
        self.is_open = False
        self._head = os.open(f"{path}-queue", os.O_RDONLY | os.O_CREAT, 0o644)
        try:
            self._turn = os.open(f"{path}-turn", os.O_RDONLY | os.O_CREAT, 0o644)
        except OSError:
            os.close(self._head)
            raise
        self.is_open = True
        PLACES.add(self)

    def take(self, patience: float) -> bool:
        """Wait so many seconds for the turn; whether it came."""
        end = monotonic() + patience
        if not _locked(self._head, AGAIN, end):
            return False
        try:
            return _locked(self._turn, AT_THE_HEAD, end)
        finally:
            flock(self._head, LOCK_UN)

    def leave(self) -> None:
        """The next one's turn."""
        flock(self._turn, LOCK_UN)

    def close(self) -> None:
        """Nothing is held any more."""
        if self.is_open:
            self.is_open = False
            os.close(self._head)
            os.close(self._turn)

    __del__ = close  # a thread may end without closing its connection


PLACES: WeakSet[Place] = WeakSet()
"""The open ones of this process."""


def _leave_to_parent() -> None:
    """In a child: what it shares with its parent would outlive him, locks and all."""
    for place in list(PLACES):
        place.close()


os.register_at_fork(after_in_child=_leave_to_parent)


def _locked(file: int, again: float, end: float) -> bool:
    """Ask for a lock again and again until the end; whether it came."""
    while True:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            if monotonic() > end:
                return False
            sleep(again)
        else:
            return True
