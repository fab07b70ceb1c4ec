"""Every page says how many offers wait: counted from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handovers", "0003_due")]

    operations = [
        migrations.AddIndex(
            "handover", models.Index(fields=["state", "owner", "team"], name="handover_waiting")
        ),
    ]
