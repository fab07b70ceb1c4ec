"""Whoever is forgotten is taken out of bulk actions: their lines are found along an index."""

from django.db import migrations, models

from treaty.kit.online import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("kit", "0006_pinned_views")]
    operations = [AddIndex("bulkline", models.Index(fields=["record"], name="bulk_lines_of_record"))]
