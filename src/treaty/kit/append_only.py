"""Makes a table append-only on both engines: its triggers refuse every update and delete."""

from django.db.backends.base.base import BaseDatabaseWrapper


def guard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Put up the triggers of one table; doing it again changes nothing."""
    unguard(connection, table)
    with connection.cursor() as cursor:
        for statement in _guards(connection.vendor, table):
            cursor.execute(statement)


def unguard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers of one table down: only a test that flushes tables, or a migration, may."""
    with connection.cursor() as cursor:
        for action in ("update", "delete", "truncate"):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action}")


def _guards(vendor: str, table: str) -> list[str]:
    text = f"{table} is append-only: record a new row instead"
    if vendor != "postgresql":
        return [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{text}'); END"
            for action in ("update", "delete")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION treaty_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only: record a new row instead', TG_TABLE_NAME; END $$"
    )
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table}"
            f" FOR EACH {'STATEMENT' if action == 'truncate' else 'ROW'} EXECUTE FUNCTION treaty_append_only()"
            for action in ("update", "delete", "truncate")
        ),
    ]
