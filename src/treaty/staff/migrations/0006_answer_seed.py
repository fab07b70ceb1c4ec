"""What the key of kept answers is made of: exchanged where somebody is forgotten, in place of every answer."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def erase(apps: StateApps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    """What lies under a key without a seed could be read after somebody was forgotten: it is told no more."""
    apps.get_model("staff", "KeptAnswer").objects.exclude(body="").update(body="")


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_administrators_forget")]

    operations = [
        migrations.CreateModel(
            name="AnswerSeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(max_length=32)),
            ],
        ),
        migrations.RunPython(erase, migrations.RunPython.noop),
    ]
