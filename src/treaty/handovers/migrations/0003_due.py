"""The clocks that break soon are read and counted in the order in which they run out."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("handovers", "0002_table")]

    operations = [
        migrations.AddIndex(
            "handover",
            models.Index(
                fields=["next_due_at", "id", "state", "first_touch_at"],
                name="handover_due",
                condition=Q(next_due_at__isnull=False),
            ),
        ),
    ]
