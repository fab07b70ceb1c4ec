"""The folder of files: bytes come in beside, are synced, and take their place under their hash by a rename."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from treaty.documents.rules import Refused, Type, type_of
from treaty.kit.backup import keep


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that is whole on the disk, and not yet in its place."""

    path: Path
    digest: str
    size: int
    type: Type


def folder() -> Path:
    """Where documents lie; no web server serves from here."""
    return Path(settings.MEDIA_ROOT) / "documents"


def path_of(digest: str) -> Path:
    """Where the bytes of a hash lie."""
    return folder() / digest[:2] / digest


def receive(chunks: Iterable[bytes]) -> Incoming:
    """Write bytes beside the others and look what they are. Raises Refused, and leaves nothing then."""
    place = folder() / "incoming"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / uuid4().hex
    try:
        digest, size = _written(path, chunks)
        return Incoming(path, digest, size, type_of(path.read_bytes()))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _written(path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.DOCUMENT_BYTES:
                raise Refused("too_large")
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hexdigest(), size


def place(incoming: Incoming) -> None:
    """Let a file take its place; the same bytes that lie there already are replaced by themselves."""
    target = path_of(incoming.digest)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    incoming.path.replace(target)
    keep(target.parent)
    keep(folder())


def digests(*, before: datetime | None = None) -> Iterator[str]:
    """The hashes of all files, or of those that took their place before a moment."""
    for path in sorted(folder().glob("??/*")):
        if before is None or path.stat().st_mtime < before.timestamp():
            yield path.name


def drop_unfinished(*, before: datetime) -> int:
    """Take away what began to come in before a moment and never took its place; how many files that were."""
    old = [path for path in (folder() / "incoming").glob("*") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
