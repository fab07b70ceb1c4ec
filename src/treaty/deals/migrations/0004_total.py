"""The sum at the foot of the table is read in the order of an index, each currency for itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_own")]

    operations = [
        migrations.AddIndex("deal", models.Index(fields=["currency", "value_minor"], name="deal_total")),
    ]
