"""Folded names, addresses and numbers are ordered by code point on PostgreSQL too, as on SQLite.

So both engines list alike, and a prefix is a range of the index, whatever the collation of the database.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = (
    ("people_company", "folded", 400),
    ("people_person", "folded", 800),
    ("people_person", "email", 320),
    ("people_person", "phone", 20),
)


def by_code_point(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, column, length in COLUMNS:
            schema_editor.execute(f'ALTER TABLE {table} ALTER {column} TYPE varchar({length}) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(by_code_point, migrations.RunPython.noop)]
