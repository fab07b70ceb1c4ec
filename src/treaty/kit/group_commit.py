"""Calls that a server is given at the same time, done by one of them for all in one transaction (group commit).

What several calls share is then asked, written and committed once: threads compute one at a time, so each of them would
only have waited for the others.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, local
from typing import Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

from treaty.kit.turns import leave_turn, turn

Told = TypeVar("Told")
Done = TypeVar("Done")


A_MOMENT = 0.0005
"""Seconds that a call waits for others, if the last one did not come alone: half of what one costs."""


class NotTogether(Exception):
    """Some calls cannot be done at once; nothing of them was written, and each is to be done by itself."""


class Interrupted(Exception):
    """The thread that did what several calls want has ended meanwhile."""


class _Seat(Generic[Told, Done]):
    """One call that waits for the others."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.crew: Sequence[_Seat[Told, Done]] = ()
        """Whose calls this one does, its own among them; empty where another one does it."""
        self.done: list[Done] = []
        self.error: Exception | None = None
        self._door = Lock()
        self._door.acquire()
        self.lingers = False
        """It sits alone, where others may soon come."""

    def wake(self) -> None:
        """It waits no longer."""
        self._door.release()

    def wait(self, seconds: float = -1) -> bool:
        """Until it is done, or this one has to do it, or some time is over; whether it is not that."""
        return self._door.acquire(timeout=seconds)


class Group(Generic[Told, Done]):
    """What is done with calls of one kind.

    A call is expected from when it came (`expected`) until it knows what it wants done (`do`), or went another way. Those
    that know wait for those expected, which is short: nobody sits and is expected, so that the last one always comes.
    """

    def __init__(
        self, together: Callable[[Sequence[Told]], Sequence[Done]], alone: Callable[[Told], Done]
    ) -> None:
        self._together, self._alone = together, alone
        self._lock = Lock()
        self._expected = 0
        self._seats: list[_Seat[Told, Done]] = []
        self._last = 1
        """How many were done at once the last time."""
        self._own = local()

    @contextmanager
    def expected(self) -> Iterator[None]:
        """A call that may come to `do`; one within another is the same call."""
        if getattr(self._own, "is_expected", False):
            yield
            return
        with self._lock:
            self._expected += 1
        self._own.is_expected = True
        try:
            yield
        finally:
            self._no_longer_expected()

    def do(self, told: Told) -> Done:
        """What comes of a call; raises what its doing raises. Within a transaction, and unexpected, it is done alone."""
        if not getattr(self._own, "is_expected", False):
            return self._alone(told)
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            self._no_longer_expected()
            return self._alone(told)
        seat = _Seat[Told, Done](told)
        self._no_longer_expected(seat)
        if not seat.crew:
            leave_turn()
        if not (seat.lingers and seat.wait(A_MOMENT)):
            self._linger_no_more(seat)
            seat.wait()
        if seat.crew:
            self._lead(seat)
        if seat.error:
            raise seat.error
        return seat.done[0] if seat.done else self._alone(told)

    def _no_longer_expected(self, seat: "_Seat[Told, Done] | None" = None) -> None:
        """Nobody waits for this call any more. Where nobody is expected now, the last one that sits does what all want."""
        if not getattr(self._own, "is_expected", False):
            return
        self._own.is_expected = False
        with self._lock:
            self._expected -= 1
            if seat:
                self._seats.append(seat)
            if self._expected or not self._seats:
                return
            if seat and len(self._seats) == 1 < self._last:
                seat.lingers = True
            else:
                self._set_out()

    def _linger_no_more(self, seat: _Seat[Told, Done]) -> None:
        """Nobody came in time."""
        if seat.lingers:
            with self._lock:
                if seat in self._seats and not self._expected:
                    self._set_out()

    def _set_out(self) -> None:
        """The last one that sits does what all want; the lock is held."""
        crew, self._seats, self._last = self._seats, [], len(self._seats)
        crew[-1].crew = crew
        crew[-1].wake()

    def _lead(self, seat: _Seat[Told, Done]) -> None:
        """Do what a crew wants; where that cannot be done together, each does its own."""
        crew = seat.crew
        try:
            if len(crew) > 1:
                with turn():
                    results = self._together([one.told for one in crew])
                for one, done in zip(crew, results, strict=True):
                    one.done.append(done)
        except NotTogether:
            pass
        except Exception as error:
            for one in crew:
                one.error = error
        except BaseException as end:  # of this thread alone; whether anything was written is not known
            for one in crew:
                one.error = Interrupted("Whoever did this together with others was interrupted.")
                one.error.__cause__ = end
            raise
        finally:
            for one in crew:
                if one is not seat:
                    one.wake()
