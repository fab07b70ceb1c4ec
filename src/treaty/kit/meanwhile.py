"""Questions that PostgreSQL answers while Python goes on: what counts and adds up takes about as long as drawing the page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from treaty.kit import sql
from treaty.kit.together import Question

Key = tuple[str, tuple[Any, ...]]


@contextmanager
def meanwhile(questions: Sequence[Question]) -> Iterator[None]:
    """PostgreSQL begins at once with what `sql.ask` will be asked within, each of it once.

    For what nobody changes before it is asked. Whatever else is asked within waits for it.
    """
    own = sql.unwatched(often=True) if sql.is_postgresql() and questions else None
    if own is None:
        yield
        return
    before = own.read_ahead
    with own.wrap_database_errors:
        own.read_ahead = coming = _Coming(own.line, questions)
    try:
        yield
    finally:
        own.read_ahead = before
        with own.wrap_database_errors:
            coming.forget()


class _Coming(dict[Key, Any]):
    """Answers by their questions; one that is still on its way is its number, and is waited for when somebody asks."""

    def __init__(self, line: Any, questions: Sequence[Question]) -> None:
        self._line = line
        super().__init__(((text, tuple(values)), line.begin(text, values)) for text, values in questions)

    def pop(self, key: Key, default: Any = None) -> Any:
        """The rows, once."""
        found = super().pop(key, default)
        return self._line.heard(found) if isinstance(found, int) else found

    def forget(self) -> None:
        """Nobody asks for the rest any more."""
        if left := [found for found in self.values() if isinstance(found, int)]:
            self._line.forget(left)
