"""Whether this installation can serve: asked by load balancers and by `treaty serve` before it prints its address."""

from typing import TypedDict

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from treaty.kit import queries


class Report(TypedDict):
    """What /readyz says; `worker_seconds` is the age of the worker's last sign of life, None when there was none."""

    status: str
    database: str
    migrations: str
    worker_seconds: float | None


class Applied:
    """Remembers that no migration waits: it can only become untrue by a new start."""

    known = False


def report() -> Report:
    """The state of database, tables and worker; `status` is ok when pages can be served."""
    try:
        waiting = unapplied()
        beat = queries.worker_beat() if not waiting else None
    except Error:
        return {"status": "down", "database": "unreachable", "migrations": "unknown", "worker_seconds": None}
    age = None if beat is None else round((timezone.now() - beat).total_seconds(), 1)
    status, migrations = ("waiting", "waiting") if waiting else ("ok", "applied")
    return {"status": status, "database": "ok", "migrations": migrations, "worker_seconds": age}


def unapplied() -> bool:
    """Whether a migration waits; also asks the database for a sign of life."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not Applied.known:
        executor = MigrationExecutor(connection)
        Applied.known = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not Applied.known
