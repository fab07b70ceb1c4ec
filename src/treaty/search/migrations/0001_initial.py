"""The tables of the index. Words are ordered by code point on PostgreSQL too, so a prefix is a range on both engines."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = (("search_posting", "word", 320), ("search_word", "text", 40), ("search_word", "reversed", 40))


def by_code_point(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, column, length in COLUMNS:
            schema_editor.execute(f'ALTER TABLE {table} ALTER {column} TYPE varchar({length}) COLLATE "C"')


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("kind", models.PositiveSmallIntegerField()),
                ("word", models.CharField(max_length=320)),
                ("place", models.PositiveSmallIntegerField()),
                ("record", models.BigIntegerField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "word",
                        "place",
                        "record",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "kind", "word"], name="posting_record")],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=40)),
                ("reversed", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [models.Index(fields=["reversed"], name="word_reversed")],
                "constraints": [models.UniqueConstraint(fields=("text",), name="word_once")],
            },
        ),
        migrations.RunPython(by_code_point, migrations.RunPython.noop),
    ]
