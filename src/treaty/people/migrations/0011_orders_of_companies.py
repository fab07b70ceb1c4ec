"""The list of companies in the order of a text or a number, along an index of each."""

from django.db import migrations, models

from treaty.kit.online import AddIndex

FIELDS = ("employees", "sector", "city", "country")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0010_subsidiaries")]
    operations = [
        AddIndex("company", models.Index(fields=[field, "id"], name=f"company_{field}")) for field in FIELDS
    ]
