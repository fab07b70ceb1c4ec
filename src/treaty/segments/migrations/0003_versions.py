"""What a segment meant and means, version by version; of segments that are there it is known what they mean now."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """The first version of every segment."""
    version = apps.get_model("segments", "SegmentVersion")
    version.objects.bulk_create(
        version(segment=row, number=1, predicate=row.predicate, at=row.changed_at, by_id=row.by_id)
        for row in apps.get_model("segments", "Segment").objects.order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("segments", "0002_marks_of_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SegmentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("predicate", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("segment", "number"), name="segment_version_once")
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
