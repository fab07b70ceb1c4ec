"""What can be read in contents, for the search."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="content",
            name="read_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="content",
            name="text",
            field=models.TextField(blank=True),
        ),
        migrations.AddIndex(
            model_name="content",
            index=models.Index(
                models.F("id"), condition=models.Q(("read_at__isnull", True)), name="content_unread"
            ),
        ),
    ]
