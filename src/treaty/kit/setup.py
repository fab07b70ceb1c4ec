"""Makes an installation, or brings it up to date: tables, cache, starter rows of every noun, static files."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from treaty.kit import nouns
from treaty.kit.online import patiently


def prepare() -> None:
    """Does all of it; a second time it finds it done."""
    migrate()
    collect_static()


def migrate() -> None:
    """The tables as this version needs them, and the rows that nouns begin with."""
    patiently(lambda: call_command("migrate", interactive=False, verbosity=0))
    call_command("createcachetable", verbosity=0)
    start_nouns()


def lacking() -> str:
    """What to do where the tables are not made, or not those of this version; empty where they are, or nobody can tell."""
    try:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ""
    except DatabaseError:
        return ""
    if executor.loader.applied_migrations:
        return (
            "The database is of an older version. `treaty init` brings it up to date and keeps what is in it."
        )
    return f"The installation in {settings.HOME} is not made yet. Make it with `treaty init`, or name another by TREATY_HOME."


def start_nouns() -> None:
    """Gives each noun the rows it begins with; those that are there already stay."""
    with transaction.atomic():
        for _noun, start in nouns.offered("commands", "prepare"):
            start(at=timezone.now())


def collect_static() -> None:
    """Copies the static files with hashed names and compressed twins, unless nothing changed since."""
    newest = fingerprint(static_sources())
    stamp = Path(settings.STATIC_ROOT) / "collected.txt"
    if stamp.exists() and stamp.read_text(encoding="ascii") == newest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(newest, encoding="ascii")


def fingerprint(paths: Iterable[Path]) -> str:
    """Another text whenever a file came, went or changed."""
    seen = sorted(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in paths)
    return sha256("\n".join(seen).encode()).hexdigest()


def static_sources() -> list[Path]:
    """Every static file of Treaty and its libraries."""
    return [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
