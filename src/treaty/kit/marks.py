"""Which state of a thing an answer tells: `ETag`, and what callers make of it in `If-Match` and `If-None-Match`."""

from hashlib import blake2b


def mark_of(content: bytes) -> str:
    """The mark of an answer; the same content has the same."""
    return f'"{blake2b(content, digest_size=12).hexdigest()}"'


def names(header: str, mark: str) -> bool:
    """Whether a header names the mark, or any (`*`).

    A mark that came back as weak is the same one: an answer that was compressed on its way bears it so.
    """
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in named or mark in named
