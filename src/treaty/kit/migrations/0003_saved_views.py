"""The views of lists that people keep."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_hold")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("query", models.TextField(blank=True)),
                ("owner", models.BigIntegerField()),
                ("team", models.BigIntegerField(null=True)),
                ("scope", models.CharField(default="own", max_length=4)),
                ("changed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["list", "name"], name="view_of_list")]},
        ),
        migrations.CreateModel(
            name="UsualView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user", models.BigIntegerField()),
                ("list", models.CharField(max_length=40)),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kit.savedview"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "list"), name="usual_view_once")]
            },
        ),
    ]
