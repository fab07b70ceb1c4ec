"""A backup is one tar file: what it is, the database as it stood at one moment, and the files. The secret key stays out.

Web and worker go on while it is made. It gets its name only when it is whole and on the disk.
"""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection

from treaty.kit import aside, queries, sql

ABOUT, DATABASE, FILES = "about.json", "database", "files"
FORMAT = 1


class Failed(Exception):
    """A backup could not be made or read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself."""

    format: int
    engine: str
    at: str
    bytes: int


def make(target: Path, *, at: datetime) -> About:
    """Write a backup of the running installation to `target`, which is there whole or not at all. Raises Failed."""
    target = target.expanduser().resolve()
    if not target.parent.is_dir():
        raise Failed(f"There is no folder {target.parent}.")
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        database, part = Path(folder) / DATABASE, Path(folder) / "backup.tar"
        (dump_postgresql if sql.is_postgresql() else copy_sqlite)(database)
        about = About(FORMAT, connection.vendor, at.isoformat(), database.stat().st_size)
        pack(part, about, database)
        part.replace(target)
    keep(target.parent)
    return about


def copy_sqlite(target: Path) -> None:
    """The database as one moment saw it. In one step: a copy in several begins anew whenever somebody writes."""
    source = settings.DATABASES["default"]["NAME"]
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as ours,
        closing(sqlite3.connect(target)) as copy,
    ):
        ours.backup(copy)


def dump_postgresql(target: Path) -> None:
    """The database by PostgreSQL's own program, which sees one moment too."""
    run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on our database; the password goes by the environment. Raises Failed."""
    if shutil.which(program) is None:
        raise Failed(
            f"{program} is not installed; it comes with the package postgresql-client of the server's version."
        )
    given = connection.get_connection_params()
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    names["sslmode"] = "PGSSLMODE"
    own = {variable: str(given[name]) for name, variable in names.items() if given.get(name)}
    done = subprocess.run(
        [program, *arguments], env={**os.environ, **own}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{program} failed: {done.stderr.strip()[:2000]}")


def pack(target: Path, about: About, database: Path) -> None:
    """One file of all parts, readable by its owner only and safely on the disk."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            told = json.dumps(asdict(about)).encode()
            head = tarfile.TarInfo(ABOUT)
            head.size = len(told)
            tar.addfile(head, io.BytesIO(told))
            tar.add(database, DATABASE)
            add_files(tar, Path(settings.MEDIA_ROOT))
        file.flush()
        os.fsync(descriptor)


def add_files(tar: tarfile.TarFile, root: Path) -> None:
    """Every file of the folder; what somebody takes away meanwhile is left out."""
    for path in sorted(root.rglob("*")):
        with suppress(FileNotFoundError):
            tar.add(path, Path(FILES) / path.relative_to(root), recursive=False)


def keep(folder: Path) -> None:
    """Let the disk keep a new name in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_about(source: Path) -> About:
    """What a backup says of itself, if it is one that this installation can take. Raises Failed."""
    try:
        with tarfile.open(source) as tar:
            file = tar.extractfile(ABOUT)
            about = About(**json.load(file)) if file else None
    except (OSError, KeyError, TypeError, ValueError, tarfile.TarError) as error:
        raise Failed(f"{source} is not a backup that `treaty backup` has made: {error}") from error
    if about is None or about.format != FORMAT:
        raise Failed(f"{source} was made by another version of Treaty.")
    if about.engine != connection.vendor:
        raise Failed(f"The backup is of {about.engine}, and this installation runs on {connection.vendor}.")
    return about


def restore(source: Path, *, settle: Callable[[], None]) -> None:
    """Put a backup's database and files in place of ours; where that fails, ours are as they were.

    `settle` runs on the restored tables before anybody else can see them (SQLite), or at once after (PostgreSQL).
    The SQLite database that was there stays beside as treaty.sqlite3.before. Raises Failed.
    """
    read_about(source)
    marker = Path(settings.HOME) / queries.RESTORING
    marker.touch(mode=0o600)
    try:
        with tempfile.TemporaryDirectory(prefix=".restore.", dir=settings.HOME) as folder:
            bring_in(source, Path(folder), settle)
    finally:
        # Whether it succeeded or not: what is in place says itself whether it is held. Only a kill leaves the marker.
        marker.unlink(missing_ok=True)


def bring_in(source: Path, folder: Path, settle: Callable[[], None]) -> None:
    """Unpack a backup into a folder, and let its parts take their places."""
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
    except (OSError, tarfile.TarError) as error:
        raise Failed(f"The backup is damaged: {error}") from error
    (replace_postgresql if sql.is_postgresql() else replace_sqlite)(folder / DATABASE, settle)
    if (folder / FILES).is_dir():
        shutil.copytree(folder / FILES, settings.MEDIA_ROOT, dirs_exist_ok=True)


def replace_postgresql(database: Path, settle: Callable[[], None]) -> None:
    """Let the backup's tables take the place of ours, and settle them; ours come back where either fails."""
    try:
        with aside.put_aside():
            run("pg_restore", "--no-owner", "--single-transaction", "--dbname=", str(database))
            settle()
    except ProgrammingError as refused:
        raise Failed(f"The database refused to make room for the backup: {refused}") from refused


def replace_sqlite(database: Path, settle: Callable[[], None]) -> None:
    """Settle the restored database where it lies, then let it take the place of ours."""
    check(database)
    with connected_to(database):
        settle()
    fold_in(database)
    ours = Path(str(settings.DATABASES["default"]["NAME"]))
    if ours.exists():
        fold_in(ours)
        before = ours.with_name(f"{ours.name}.before")
        before.unlink(missing_ok=True)
        before.hardlink_to(ours)
    database.replace(ours)
    keep(ours.parent)


def check(database: Path) -> None:
    """Raises Failed where the copy is damaged."""
    with closing(sqlite3.connect(database)) as copy:
        try:
            (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            said = str(error)
    if said != "ok":
        raise Failed(f"The backup is damaged: {said}")


def fold_in(database: Path) -> None:
    """Write the log beside a SQLite database into it, so that it is one file nobody else has open. Raises Failed."""
    with closing(sqlite3.connect(database, timeout=5)) as own:
        try:
            own.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise Failed("Somebody still uses the database: stop web and worker first.") from error


@contextmanager
def connected_to(database: Path) -> Iterator[None]:
    """Django's connection, to another SQLite database for a while."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(database)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
