"""Django's PostgreSQL, which asks the server before each request only if something came from it unasked."""

from collections.abc import Sequence
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows without a question whether it still stands: a server that goes says so, or the socket ends."""

    read_ahead: dict[tuple[str, tuple[Any, ...]], list[tuple[Any, ...]]] = {}
    """What `kit.together.ahead` was told before it is asked."""

    def known(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        """The rows that answer this, if they were read ahead; once."""
        return self.read_ahead.pop((statement, tuple(values)), None) if self.read_ahead else None

    def is_usable(self) -> bool:
        """Whether statements can go through it."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN)
        return bool(super().is_usable()) if self.errors_occurred or waiting.poll(0) else True
