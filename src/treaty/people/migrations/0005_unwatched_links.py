"""The database looks no more after the links that every person brings by the handful: docs/decisions/0023."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_forgotten")]
    operations = [
        migrations.AlterField(
            model_name="personidentity",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=models.CASCADE,
                related_name="identities",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="employment",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.CASCADE,
                related_name="employments",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="employment",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=models.CASCADE,
                related_name="employments",
                to="people.company",
            ),
        ),
        migrations.AlterField(
            model_name="persontag",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.CASCADE,
                related_name="person_tags",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="persontag",
            name="tag",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=models.CASCADE,
                related_name="+",
                to="people.tag",
            ),
        ),
    ]
