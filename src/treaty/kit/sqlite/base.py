"""Django's SQLite with three things more: a statement is translated once, threads of one process write in turns,
and a migration looks only after what it wrote."""

import os
from collections import defaultdict
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base

from treaty.kit.sqlite.schema import SchemaEditor

PATIENCE = 20.0
"""Seconds that a thread waits for its turn, as long as SQLite itself waits for another process."""
TURNS: dict[str, Lock] = defaultdict(Lock)
"""Whose turn it is to write, by database."""
os.register_at_fork(after_in_child=TURNS.clear)


@lru_cache(maxsize=2_000)
def in_qmarks(statement: str) -> str:
    """A statement as the driver takes it: `?` for each value, where Django writes `%s`."""
    return base.FORMAT_QMARK_REGEX.sub("?", statement).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """Remembers statements it has translated: the same few hundred are put again and again."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """As Django does it."""
        if param_names is None:
            return in_qmarks(query)
        return str(super().convert_query(query, param_names=param_names))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin when no other thread of this process writes.

    SQLite lets one connection write at a time and has the others sleep and ask again, up to a tenth of a second each
    time. Here the next one goes on at once.
    """

    SchemaEditorClass = SchemaEditor
    _turn: "Lock | None" = None

    def create_cursor(self, name: str | None = None) -> Cursor:
        """A cursor of ours."""
        return self.connection.cursor(factory=Cursor)  # type: ignore[no-any-return]

    def _start_transaction_under_autocommit(self) -> None:
        turn = TURNS[str(self.settings_dict["NAME"])]
        if turn.acquire(timeout=PATIENCE):
            self._turn = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()
