"""Makes a table append-only on both engines: its triggers refuse every update and delete."""

from collections.abc import Sequence

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


def let_erase(
    connection: BaseDatabaseWrapper, table: str, *, column: str, blank: str, others: Sequence[str]
) -> None:
    """Let one column of a guarded table be set to `blank`; every other change is refused as before."""
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    name, literal = connection.ops.quote_name(column), f"'{blank}'"
    changed = " OR ".join(
        f"NEW.{connection.ops.quote_name(other)} {differs} OLD.{connection.ops.quote_name(other)}"
        for other in others
    )
    [update] = [one for one in _guards(connection.vendor, table) if f"{table}_no_update" in one]
    condition = f"WHEN (NEW.{name} <> {literal} OR {changed})"
    before = "EXECUTE FUNCTION" if connection.vendor == "postgresql" else "BEGIN SELECT"
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update{on}")
        cursor.execute(update.replace(before, f"{condition} {before}", 1))


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
