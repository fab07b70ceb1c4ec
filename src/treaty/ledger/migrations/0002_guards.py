"""Makes the ledger append-only, and makes the installation's own key for opaque hashes."""

import secrets

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from treaty.kit.append_only import guard, unguard

TABLES = ("ledger_touchpoint", "ledger_identity")


def put_up(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put up the triggers and make the key."""
    for table in TABLES:
        guard(editor.connection, table)
    apps.get_model("ledger", "Pepper").objects.get_or_create(defaults={"value": secrets.token_hex(32)})


def take_down(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers down again."""
    for table in TABLES:
        unguard(editor.connection, table)


class Migration(migrations.Migration):
    """Guards of the ledger."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
