"""Which rows came or changed, for who reads on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0004_bulk")]
    operations = [
        migrations.CreateModel(
            name="ChangedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("row", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
