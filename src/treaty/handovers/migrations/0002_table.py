"""The table of handovers is read in the order of its index, by when leads were offered or by grade."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handovers", "0001_initial")]

    operations = [
        migrations.AddIndex("handover", models.Index(fields=["offered_at", "id"], name="handover_offered")),
        migrations.AddIndex("handover", models.Index(fields=["grade", "id"], name="handover_grade")),
    ]
