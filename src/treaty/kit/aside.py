"""PostgreSQL's tables stand aside while those of a backup take their place; they come back when that fails.

A backup knows nothing of tables that came after it, so the place must be empty before it is brought in. Who is killed
meanwhile begins again with what was put aside.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

ASIDE = "before_restore"
"""The schema in which they wait."""
OURS = """
SELECT 'TABLE', c.oid::regclass::text FROM pg_class c
 WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'ROUTINE', p.oid::regprocedure::text FROM pg_proc p
 WHERE p.pronamespace = to_regnamespace(%s)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
"""Tables, and the routines of their triggers, save those of extensions."""


@contextmanager
def put_aside() -> Iterator[None]:
    """An empty place for the length of a block; what stood there is gone after it, or back where it failed."""
    _bring_back()
    with transaction.atomic(), connection.cursor() as cursor:
        here = _here(cursor)
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        _move(cursor, here, ASIDE)
    connection.close()
    try:
        yield
    except BaseException:
        connection.close()
        _bring_back()
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _bring_back() -> None:
    """What was put aside stands in its place again, and nothing else; nothing happens where nothing was."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE])
        if not cursor.fetchone()[0]:
            return
        here = _here(cursor)
        for kind, name in _ours(cursor, here):
            cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
        _move(cursor, ASIDE, here)
        cursor.execute(f"DROP SCHEMA {ASIDE}")


def _here(cursor: CursorWrapper) -> str:
    """The schema in which our tables stand."""
    cursor.execute("SELECT quote_ident(current_schema())")
    return str(cursor.fetchone()[0])


def _ours(cursor: CursorWrapper, schema: str) -> list[tuple[str, str]]:
    cursor.execute(OURS, [schema, schema])
    return list(cursor.fetchall())


def _move(cursor: CursorWrapper, source: str, target: str) -> None:
    for kind, name in _ours(cursor, source):
        cursor.execute(f"ALTER {kind} {name} SET SCHEMA {target}")
