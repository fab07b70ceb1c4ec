"""The documents of every test."""

from datetime import UTC, datetime

from treaty.documents import commands

SINCE = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""When the documents of the tests were added: a Monday."""
QUOTE = "Quote for Pia: 12 flow meters, 4 800 €.\n".encode()


def document(
    record: str, one: int, *, name: str = "quote.txt", content: bytes = QUOTE, by: int | None = None
) -> int:
    """A document on a record; its id."""
    return commands.add_document(record, one, name=name, chunks=[content], at=SINCE, by=by).id
