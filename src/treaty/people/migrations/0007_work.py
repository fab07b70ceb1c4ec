"""A person may have worked for a company more than once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_consents")]
    operations = [
        migrations.AddIndex(
            model_name="employment",
            index=models.Index(fields=["person", "company"], name="employment_work"),
        ),
        migrations.RemoveConstraint(model_name="employment", name="employment_once"),
    ]
