"""The journal of forgettings: a file beside the database, so that a restored backup can forget again whom it knows.

A line holds a moment and the opaque key of a person's anchor, and so nothing that says who it was.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

NAME = "forgotten.jsonl"


def place() -> Path:
    """Where the journal lies."""
    return Path(settings.HOME) / NAME


def append(at: str, anchors: Iterable[str]) -> None:
    """Add a line for each anchor, and wait until the disk has it."""
    # Each begins anew: a line that a power failure cut off must not swallow the next one.
    lines = "".join(f"\n{json.dumps({'at': at, 'anchor': anchor})}" for anchor in anchors)
    descriptor = os.open(place(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(descriptor)


def anchors(path: Path | None = None) -> Iterator[str]:
    """The anchors of all who were forgotten; a line cut off by a power failure is passed over."""
    path = path or place()
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines():
        try:
            yield str(json.loads(line)["anchor"])
        except (ValueError, KeyError, TypeError):
            continue
