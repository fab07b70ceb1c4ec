"""Subsidiaries along an index of their own: most companies have no parent, so an index of all parents looks worthless."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_bin_of_companies")]
    operations = [
        migrations.AlterField(
            model_name="company",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(parent__isnull=False),
                fields=["parent", "folded", "id"],
                name="company_parent",
            ),
        ),
    ]
