"""The audit is append-only: triggers refuse to change or delete its rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from treaty.kit import append_only


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.guard(editor.connection, "staff_auditrow")


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.unguard(editor.connection, "staff_auditrow")


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
