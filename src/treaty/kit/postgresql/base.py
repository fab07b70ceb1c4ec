"""Django's PostgreSQL, which asks the server before each request only if something came from it unasked."""

from select import POLLIN, poll

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows without a question whether it still stands: a server that goes says so, or the socket ends."""

    def is_usable(self) -> bool:
        """Whether statements can go through it."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = poll()
        waiting.register(self.connection.fileno(), POLLIN)
        return bool(super().is_usable()) if self.errors_occurred or waiting.poll(0) else True
