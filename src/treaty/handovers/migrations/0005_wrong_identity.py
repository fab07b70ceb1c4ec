"""Whose lead was returned for a wrong address or number waits until that one is corrected."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handovers", "0004_waiting"), ("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            "handover",
            "wrong_identity",
            models.ForeignKey(
                "ledger.Identity",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                db_index=False,
            ),
        ),
    ]
