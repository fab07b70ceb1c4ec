"""The list of deals by their owners, along an index."""

from django.db import migrations, models

from treaty.kit.online import AddIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("deals", "0005_bin")]
    operations = [
        AddIndex("deal", models.Index(fields=["owner", "-opened_at", "-id"], name="deal_owner")),
    ]
