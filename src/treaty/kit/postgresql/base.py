"""Django's PostgreSQL, which asks the server before each request only if something came from it unasked."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg import errors
from psycopg.types.datetime import TimestamptzLoader

from treaty.kit.postgresql.line import Line, Question, Rows


class MomentLoader(TimestamptzLoader):
    """Reads a moment, which the server tells in UTC, at a twentieth of what the driver takes in Python."""

    timezone = UTC
    """Django looks whether this is the connection's."""

    def load(self, data: Any) -> datetime:
        """The moment."""
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # infinity, or before year 1: the driver says so
            return super().load(data)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows without a question whether it still stands: a server that goes says so, or the socket ends."""

    along: Sequence[Question] = ()
    """What is to be answered along with the next question (`kit.together.along`)."""
    at_the_end: Callable[[], Sequence[Question]] | None = None
    """What is to be answered along with the end of each transaction (`kit.together.at_the_end`)."""
    read_ahead: dict[tuple[str, tuple[Any, ...]], Rows] = {}
    """What was answered so, before it is asked."""
    hurries = False
    """Whether what is told now waits for the next question (`kit.sql.at_once`)."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Line:
        """A connection, as Django makes it where nobody chose an isolation level or a pool.

        The line alone keeps plans: at each rollback the driver would give up its own and all others.
        """
        self.isolation_level = IsolationLevel.READ_COMMITTED
        made = Line.connect(**conn_params | {"prepare_threshold": None})
        made.adapters.register_loader("timestamptz", MomentLoader)
        return made

    def ask(self, statement: str, values: Sequence[Any]) -> Rows:
        """The rows that answer a statement, which may have been read ahead; that is so once."""
        known = self.read_ahead.pop((statement, tuple(values)), None) if self.read_ahead else None
        if known is not None:
            return known
        asked: Question = (statement, values)
        others, self.along = [one for one in self.along if one != asked], ()
        rows, *read = self.line.asked([asked, *others])
        self._keep(others, read)
        return rows

    def tell(self, statement: str, values: Sequence[Any], *, often: bool) -> int:
        """How many rows a statement wrote; -1 where nobody waits for that."""
        if not self.hurries:
            return self.line.told(statement, values, often=often)
        self.line.later(statement, values, often=often)
        return -1

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """What is told within waits for the next question; outside of a transaction at most until the end of this."""
        before, self.hurries = self.hurries, True
        is_alone = not self.in_atomic_block and not before
        try:
            yield
        except BaseException:
            if is_alone:  # as without hurry: what was told is done
                with suppress(errors.Error):  # something failed before
                    self.line.settle()
            raise
        finally:
            self.hurries = before
        if is_alone:
            self.line.settle()

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor; one whose rows the server keeps does not wait by itself for what was told."""
        if name:
            self.line.settle()
        return super().create_cursor(name)

    def _savepoint(self, sid: str) -> None:
        """What was told before is none of the matter of an inner block, which may live with an error of its own.

        That the server is away, or others stand in the way, is everybody's matter, and is said as it is.
        """
        with self.wrap_database_errors:
            try:
                if self.connection is not None:
                    self.line.settle()
            except errors.OperationalError:
                raise
            except errors.Error as error:
                raise errors.InFailedSqlTransaction(f"What was told before it failed: {error}") from error
        super()._savepoint(sid)  # type: ignore[misc]

    def _commit(self) -> None:
        last = self._last_questions()
        if not last or self.connection is None:
            super()._commit()  # type: ignore[misc]  # its stub leaves it out
            return
        with self.wrap_database_errors:
            self._keep(last, self.line.commit_asking(last))

    def _last_questions(self) -> Sequence[Question]:
        try:
            return self.at_the_end() if self.at_the_end else ()
        except BaseException:
            self.line.rollback()  # Django expects no error here but those of a database
            raise

    def _keep(self, asked: Sequence[Question], read: Sequence[Rows]) -> None:
        for (statement, values), rows in zip(asked, read, strict=True):
            self.read_ahead[statement, tuple(values)] = rows

    @property
    def line(self) -> Line:
        """The driver's own connection."""
        driver: Line = self.connection
        return driver

    def is_usable(self) -> bool:
        """Whether statements can go through it."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN)
        return bool(super().is_usable()) if self.errors_occurred or waiting.poll(0) else True
