"""Django's SQLite with five things more: a statement is translated once, threads of one process write in turns and
processes in a queue, short calls of a server share one connection, and a migration looks only after what it wrote."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base

from treaty.kit.sqlite.queue import Place
from treaty.kit.sqlite.schema import SchemaEditor

PATIENCE = 20.0
"""Seconds that a thread waits for its turn, and a connection in the queue, as long as SQLite itself waits."""
WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})
"""How a statement begins that writes."""
TURNS: dict[str, Lock] = defaultdict(Lock)
"""Whose turn it is to write, by database."""
WRITERS: dict[str, Any] = {}
"""The driver's connection that threads share for a held turn, by database, while nobody has it: what one of them has read
and written of the file the next need not read again."""
for _of_the_parent in (TURNS, WRITERS):
    os.register_at_fork(after_in_child=_of_the_parent.clear)


@lru_cache(maxsize=2_000)
def in_qmarks(statement: str) -> str:
    """A statement as the driver takes it: `?` for each value, where Django writes `%s`."""
    return base.FORMAT_QMARK_REGEX.sub("?", statement).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """Remembers statements it has translated: the same few hundred are put again and again."""

    own: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        """As Django does it; a statement that writes outside of a transaction waits in the queue as well."""
        if self.connection.in_transaction or query[:6] not in WRITES:
            return super().execute(query, params)
        with self.own.queued():
            return super().execute(query, params)

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """As Django does it."""
        if param_names is None:
            return in_qmarks(query)
        return str(super().convert_query(query, param_names=param_names))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin when no other one writes.

    SQLite lets one connection write at a time and has the others sleep and ask again, up to a tenth of a second each
    time. Here the next thread of the process goes on at once, and the next process by the order of `Place`.
    """

    SchemaEditorClass = SchemaEditor
    writes_by_one = False
    """Whether short calls of all threads of this process go by one connection: a server's do (`treaty.wsgi`)."""
    _turn: "Lock | None" = None
    _place: "Place | None" = None
    _reader: Any = None
    _is_held = False

    def create_cursor(self, name: str | None = None) -> Cursor:
        """A cursor of ours."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.own = self
        return cursor

    @property
    def takes_turns(self) -> bool:
        """Whether a stretch outside of a transaction can be `held_turn`."""
        is_free = not self.in_atomic_block and not self._is_held
        return self.writes_by_one and is_free and not self.is_in_memory_db()

    @contextmanager
    def held_turn(self) -> Iterator[None]:
        """A short stretch that reads, writes and reads again by one connection; no other thread writes meanwhile.

        Not every transaction goes by that connection: a cursor may be older than the transaction that it is to write in
        (Django's cache has such ones).
        """
        self.ensure_connection()
        self._take_turn()
        self._is_held = True
        try:
            if self._turn is not None:
                self._take_writer()
            yield
        finally:
            self.leave_held_turn()

    def leave_held_turn(self) -> None:
        """Let others go on before the stretch is over, where nothing is asked or written in the rest of it."""
        if self._is_held:
            self._is_held = False
            self._end_turn()

    def _start_transaction_under_autocommit(self) -> None:
        try:
            if not self._is_held:
                self._take_turn()
            if place := self._own_place():
                place.take(PATIENCE)
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    @contextmanager
    def queued(self) -> Iterator[None]:
        """A statement outside of a transaction; where its turn does not come, SQLite itself decides who writes."""
        place = self._own_place()
        if place is None:
            yield
            return
        place.take(PATIENCE)
        try:
            yield
        finally:
            place.leave()

    def _own_place(self) -> "Place | None":
        """This connection's place in the queue; none without a file, or where there is no room for one beside it."""
        if self.is_in_memory_db():
            return None
        if self._place is None or not self._place.is_open:
            self._place = None
            with suppress(OSError):
                self._place = Place(str(self.settings_dict["NAME"]))
        return self._place

    def _take_turn(self) -> None:
        turn = TURNS[str(self.settings_dict["NAME"])]
        if turn.acquire(timeout=PATIENCE):
            self._turn = turn

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        reader, self._reader = self._reader, None
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if reader is not None:
                reader.close()
            self._end_turn()
            if self._place is not None:
                self._place.close()
                self._place = None

    def _take_writer(self) -> None:
        """Go by the connection that threads share; this thread's own one waits."""
        writer = WRITERS.pop(str(self.settings_dict["NAME"]), None)
        if writer is None:
            with self.wrap_database_errors:
                writer = self.get_new_connection(self.get_connection_params())
            writer.isolation_level = None  # we begin transactions, not the driver
        self._reader, self.connection = self.connection, writer

    def _give_writer_back(self) -> None:
        """Have this thread's own connection again; the other one is kept if nothing is open on it any more."""
        writer, self.connection, self._reader = self.connection, self._reader, None
        if writer.in_transaction or self.errors_occurred:
            writer.close()
        else:
            WRITERS[str(self.settings_dict["NAME"])] = writer

    def _end_turn(self) -> None:
        if self._place is not None and self._place.is_open:
            self._place.leave()
        if self._is_held:
            return
        if self._reader is not None:
            self._give_writer_back()
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()
