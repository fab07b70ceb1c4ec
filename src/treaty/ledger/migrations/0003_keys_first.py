"""The index of identities begins with the key, which every question names; keys are ordered by code point."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from treaty.kit.append_only import guard

COLUMNS = (("ledger_identity", "key"), ("ledger_touchpoint", "source_key"))


def by_code_point(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, column in COLUMNS:
            schema_editor.execute(f'ALTER TABLE {table} ALTER {column} TYPE varchar(32) COLLATE "C"')


def guarded(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew to change its constraints, and its triggers go with the old one."""
    guard(schema_editor.connection, "ledger_identity")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [
        migrations.RemoveConstraint(model_name="identity", name="identity_once"),
        migrations.RunPython(by_code_point, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.UniqueConstraint(fields=["key", "kind"], name="identity_once"),
        ),
        migrations.RunPython(guarded, migrations.RunPython.noop),
    ]
