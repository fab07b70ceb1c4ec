"""The tables of fields. Texts are ordered by code point on PostgreSQL too, so a prefix is a range on both engines."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def by_code_point(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE fields_value ALTER folded TYPE varchar(500) COLLATE "C"')


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=8)),
                ("key", models.CharField(max_length=48)),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=8)),
                ("hint", models.CharField(blank=True, max_length=200)),
                ("options", models.JSONField(default=list)),
                ("position", models.PositiveSmallIntegerField()),
                ("retired_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record", "key"), name="field_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Value",
            fields=[
                ("record_id", models.BigIntegerField()),
                ("part", models.PositiveIntegerField(default=0)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("folded", models.CharField(max_length=500, null=True)),
                ("number", models.FloatField(null=True)),
                ("whole", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("day", models.DateField(null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "field_id",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="fields.field",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("field"),
                        models.F("folded"),
                        models.F("record_id"),
                        condition=models.Q(("folded__isnull", False)),
                        name="value_text",
                    ),
                    models.Index(
                        models.F("field"),
                        models.F("number"),
                        models.F("record_id"),
                        condition=models.Q(("number__isnull", False)),
                        name="value_number",
                    ),
                    models.Index(
                        models.F("field"),
                        models.F("whole"),
                        models.F("record_id"),
                        condition=models.Q(("whole__isnull", False)),
                        name="value_whole",
                    ),
                    models.Index(
                        models.F("field"),
                        models.F("day"),
                        models.F("record_id"),
                        condition=models.Q(("day__isnull", False)),
                        name="value_day",
                    ),
                ],
            },
        ),
        migrations.RunPython(by_code_point, migrations.RunPython.noop),
    ]
