"""Verbs for many rows of a list, with what became of each row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_saved_views")]
    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                ("arguments", models.JSONField(default=dict)),
                ("by", models.BigIntegerField()),
                ("job", models.BigIntegerField(null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("undo_asked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BulkLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("before", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "bulk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kit.bulk",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["bulk", "state", "id"], name="bulk_lines")]},
        ),
    ]
