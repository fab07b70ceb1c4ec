"""Lines in place of the second index: one row for each record where there was an entry for each of its words."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def by_code_point(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Words are compared letter by letter, whatever the database's language is."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE search_line ALTER words TYPE text COLLATE "C"')


def in_the_key(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite keeps the rows in their key: once, where a table beside its key holds them twice."""
    if schema_editor.connection.vendor == "sqlite":
        for table, key in (
            ("search_posting", "kind, word, place, record"),
            ("search_line", "kind, record"),
        ):
            columns = {
                "kind": "smallint unsigned NOT NULL CHECK (kind >= 0)",
                "word": "varchar(320) NOT NULL",
                "place": "smallint unsigned NOT NULL CHECK (place >= 0)",
                "record": "bigint NOT NULL",
                "words": "text NOT NULL",
            }
            names = [*key.split(", "), *(["words"] if table == "search_line" else [])]
            listing = ", ".join(f"{name} {columns[name]}" for name in names)
            schema_editor.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
            schema_editor.execute(f"CREATE TABLE {table} ({listing}, PRIMARY KEY ({key})) WITHOUT ROWID")
            names_listed = ", ".join(names)
            schema_editor.execute(
                f"INSERT INTO {table} ({names_listed}) SELECT {names_listed} FROM {table}_before ORDER BY {key}"
            )
            schema_editor.execute(f"DROP TABLE {table}_before")


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The line of each record from its postings."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    edge, tab = ("char(10)", "char(9)") if is_sqlite else ("chr(10)", "chr(9)")
    gather = "group_concat" if is_sqlite else "string_agg"

    def part(place: int) -> str:
        words = f"CASE WHEN place = {place} THEN word || {edge} END"
        return f"{edge} || coalesce({gather}({words}, ''), '')"

    line = f" || {tab} || ".join(part(place) for place in range(3))
    schema_editor.execute(
        f"INSERT INTO search_line (kind, record, words)"
        f" SELECT kind, record, {line} FROM search_posting GROUP BY kind, record"
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("kind", models.PositiveSmallIntegerField()),
                ("record", models.BigIntegerField()),
                ("words", models.TextField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "record", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.RunPython(by_code_point, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="posting", name="posting_record"),
        migrations.RunPython(in_the_key, migrations.RunPython.noop),
    ]
