"""Deals in the bin; on PostgreSQL the index of sums has the id, by which they are left out, as each of SQLite's has it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = "stage_id, closed_at, currency, owner_id, value_minor"


def with_ids(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX deal_sums")
        schema_editor.execute(f"CREATE INDEX deal_sums ON deals_deal ({COLUMNS}) INCLUDE (id)")


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0004_total"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="BinnedDeal",
            fields=[
                (
                    "deal",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="deals.deal",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("cause", models.CharField(max_length=8)),
                ("purged_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(with_ids, migrations.RunPython.noop),
    ]
