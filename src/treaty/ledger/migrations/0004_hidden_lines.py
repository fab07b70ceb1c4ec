"""Lines that nobody is shown for now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_keys_first")]
    operations = [
        migrations.CreateModel(
            name="HiddenLine",
            fields=[
                (
                    "touchpoint",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hidden",
                        serialize=False,
                        to="ledger.touchpoint",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("by", models.BigIntegerField(null=True)),
            ],
        ),
    ]
