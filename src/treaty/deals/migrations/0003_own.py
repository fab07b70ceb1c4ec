"""Whoever opens Today reads the own deals without a next step, and the own wins, from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_board")]

    operations = [
        migrations.AddIndex(
            "deal",
            models.Index(
                fields=["owner", "closed_at", "next_step_kind", "value_minor", "id", "stage", "currency"],
                name="deal_own",
            ),
        ),
    ]
