"""The board reads its counts and sums from an index alone, and in each stage what came there last."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "deal",
            models.Index(fields=["stage", "closed_at", "currency", "owner", "value_minor"], name="deal_sums"),
        ),
        migrations.RemoveIndex("deal", "deal_board"),
        migrations.AddIndex(
            "deal",
            models.Index(F("stage"), F("stage_since").desc(), F("id").desc(), name="deal_board"),
        ),
    ]
