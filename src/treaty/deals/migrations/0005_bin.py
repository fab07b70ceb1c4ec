"""Deals in the bin; and the index of sums has the id, by which they are left out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0004_total"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="BinnedDeal",
            fields=[
                (
                    "deal",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="deals.deal",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("cause", models.CharField(max_length=8)),
                ("purged_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "deal",
            models.Index(
                fields=["stage", "closed_at", "currency", "owner", "value_minor", "id"],
                name="deal_sums_shown",
            ),
        ),
        migrations.RemoveIndex("deal", "deal_sums"),
    ]
