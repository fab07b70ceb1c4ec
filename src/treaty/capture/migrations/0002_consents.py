"""The consents that a form asks for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("capture", "0001_initial")]
    operations = [
        migrations.AddField(model_name="form", name="consents", field=models.JSONField(default=list))
    ]
