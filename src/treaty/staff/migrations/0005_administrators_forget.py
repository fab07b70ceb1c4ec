"""Administrators of an installation older than two permissions get them: to forget persons, and to keep own fields."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NEW = ("forget_people", "manage_fields")


def give(apps: StateApps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    """What came later is added; what the company took away from the role before stays away."""
    for role in apps.get_model("staff", "Role").objects.filter(key="administrator"):
        role.permissions += [one for one in NEW if one not in role.permissions]
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_kept_answers")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
