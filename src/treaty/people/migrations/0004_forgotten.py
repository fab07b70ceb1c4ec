"""Since when a person is forgotten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_duplicates")]
    operations = [
        migrations.AddField(model_name="person", name="forgotten_at", field=models.DateTimeField(null=True))
    ]
