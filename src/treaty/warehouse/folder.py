"""The folder of a lake: one manifest names the files that are valid. It is exchanged at once, and files never change."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.conf import settings

from treaty.warehouse.rules import Manifest

MANIFEST, LOCK, WORK = "manifest.json", "lock", "work"
READERS = 600.0
"""Seconds that files nobody needs any more stay: who began to read them may end."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A lake on the disk."""

    path: Path

    def manifest(self) -> Manifest | None:
        """What is valid now; None where there is no lake yet, or one of another version's shape."""
        try:
            return msgspec.json.decode((self.path / MANIFEST).read_bytes(), type=Manifest)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def switch(self, manifest: Manifest) -> None:
        """From now on this is valid. What it names is safely on the disk, and then so is it."""
        before = self.manifest()
        for path in (before.files() if before else set()) - manifest.files():
            if (self.path / path).exists():
                os.utime(self.path / path)  # readers have their time from now on
        part = self.path / f"{MANIFEST}.part"
        part.write_bytes(msgspec.json.encode(manifest))
        settle(part)
        part.replace(self.path / MANIFEST)
        settle(self.path)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else writes this lake; nobody does until the block ends."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    @contextmanager
    def work(self) -> Iterator[Path]:
        """A folder for what one turn needs; what a killed one left there is gone. Ask only when alone."""
        place = self.path / WORK
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def sweep(self) -> None:
        """Remove files that no manifest names any more, once readers had their time. Ask only when alone."""
        manifest = self.manifest()
        valid = manifest.files() if manifest else set()
        until = time.time() - READERS
        for path in self.path.rglob("*.parquet*"):
            if str(path.relative_to(self.path)) not in valid and path.stat().st_mtime < until:
                path.unlink()

    def forget(self) -> None:
        """What is there is not valid any more."""
        (self.path / MANIFEST).unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes of all files, those that wait to be removed among them."""
        return sum(path.stat().st_size for path in self.path.rglob("*.parquet"))


def ours() -> Folder:
    """The lake of this installation."""
    return Folder(Path(settings.HOME) / "lake")


def settle(path: Path) -> None:
    """Let the disk keep a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
