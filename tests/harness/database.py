"""Databases that hide nothing: unordered rows come back reversed, and a flush may pass the append-only triggers."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.signals import connection_created

from treaty.kit.tests.installation import PRISTINE

flush_rows = BaseDatabaseOperations.execute_sql_flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The key of opaque hashes is read, and so kept, before the first flush of a browser story drops its row."""
    from treaty.ledger.commands import pepper

    with django_db_blocker.unblock():
        pepper()


def pytest_sessionfinish() -> None:
    """The installation that others were copied from goes before the server does."""
    PRISTINE.close()


def reverse_unordered(connection: BaseDatabaseWrapper, **_: object) -> None:
    """SQLite returns rows without ORDER BY backwards, so a forgotten order shows itself.

    PostgreSQL has no such switch, and its order after updates is unsteady by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA reverse_unordered_selects = ON")


@contextmanager
def triggers_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Refusing triggers (those that keep the ledger append-only) rest while a test's rows are flushed."""
    pause, resume = (sqlite_triggers if connection.vendor == "sqlite" else postgres_triggers)(connection)
    run(connection, pause)
    try:
        yield
    finally:
        run(connection, resume)


def run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def sqlite_triggers(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    """Statements that drop and that make again each trigger that may RAISE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%' ORDER BY name"
        )
        found = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]


def postgres_triggers(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    """Statements that disable and enable the triggers of each table that has some."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
    pause, resume = (
        [f"ALTER TABLE {table} {verb} TRIGGER USER" for table in tables] for verb in ("DISABLE", "ENABLE")
    )
    return pause, resume


def flush_past_triggers(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
    """Flush, and put the key of opaque hashes back: it is made with the tables, and no installation is without it."""
    from treaty.ledger.commands import pepper

    with triggers_off(self.connection):
        flush_rows(self, sql_list)
    run(self.connection, [f"INSERT INTO ledger_pepper (value) VALUES ('{pepper().hex()}')"])


def pytest_configure(config: pytest.Config) -> None:
    connection_created.connect(reverse_unordered, dispatch_uid="tests.harness.reverse_unordered")
    BaseDatabaseOperations.execute_sql_flush = flush_past_triggers  # type: ignore[method-assign]
