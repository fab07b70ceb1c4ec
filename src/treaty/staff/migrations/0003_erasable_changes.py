"""The audit's values can be emptied, and nothing else of it be changed: a forgotten person leaves there too."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from treaty.kit import append_only

COLUMNS = ("id", "at", "by_id", "verb", "about_kind", "about_id", "request_id")


def let_erase(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.let_erase(editor.connection, "staff_auditrow", column="changes", blank="{}", others=COLUMNS)


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.guard(editor.connection, "staff_auditrow")


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_guards")]
    operations = [migrations.RunPython(let_erase, guard)]
