"""Consent per purpose: purposes, the versions of their words, and how persons stand to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def number() -> "models.BigAutoField[int, int]":
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_unwatched_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Purpose",
            fields=[
                ("id", number()),
                ("key", models.SlugField(max_length=48, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PurposeText",
            fields=[
                ("id", number()),
                ("version", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="people.purpose"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "version"), name="purpose_version_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", number()),
                ("version", models.PositiveSmallIntegerField()),
                ("is_given", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("how", models.CharField(max_length=8)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("line", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.purpose",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["purpose", "is_given", "person"], name="consent_given")],
                "constraints": [models.UniqueConstraint(fields=("person", "purpose"), name="consent_once")],
            },
        ),
    ]
