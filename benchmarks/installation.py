"""An empty installation for a measurement: SQLite in a temporary folder, or the database that DATABASE_URL names."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def installation() -> Iterator[str]:
    """Sets an empty installation up and gives the engine's name; a database given by URL is emptied first.

    Refused where that holds tables and is not one for measurements by its name.
    """
    with tempfile.TemporaryDirectory(prefix="treaty-bench-") as home:
        os.environ |= {"TREATY_HOME": home, "DJANGO_SETTINGS_MODULE": "treaty.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        if connection.vendor == "postgresql":
            name = str(connection.settings_dict["NAME"])
            if connection.introspection.table_names() and "bench" not in name:
                raise SystemExit(f"The database {name} holds tables, and a measurement would drop them.")
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0, skip_checks=True)
        yield connection.vendor
        connection.close()
