"""The rows of the ledger: identities, touchpoints, and the erasable texts beside them."""

from django.db import models
from django.db.models import F


class Identity(models.Model):
    """How a person is recognised; `key` is opaque (a keyed hash), the readable value lies in `IdentityText`."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "kind"], name="identity_once")]


class IdentityText(models.Model):
    """The readable value of an identity; emptied when its person is forgotten."""

    identity = models.OneToOneField(
        Identity, models.CASCADE, primary_key=True, related_name="text", db_constraint=False
    )
    value = models.CharField(max_length=320)


class Touchpoint(models.Model):
    """One line of the ledger. Never updated, never deleted: triggers refuse both."""

    kind = models.CharField(max_length=48)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    known_at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    batch = models.BigIntegerField(null=True)
    source_key = models.CharField(max_length=32)
    payload = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_key"], name="touchpoint_once")]
        indexes = [
            models.Index(
                "subject_kind",
                "subject_id",
                F("occurred_at").desc(),
                F("id").desc(),
                name="touchpoint_subject",
            ),
            models.Index("kind", "occurred_at", name="touchpoint_kind"),
        ]


class TouchpointText(models.Model):
    """The free text of a touchpoint (a note, a message); emptied by retention and when a person is forgotten."""

    touchpoint = models.OneToOneField(Touchpoint, models.CASCADE, primary_key=True, related_name="text")
    body = models.TextField()


class HiddenLine(models.Model):
    """A touchpoint that nobody is shown for now, such as a note in the bin. It happened all the same: figures count it."""

    touchpoint = models.OneToOneField(
        Touchpoint, models.CASCADE, primary_key=True, related_name="hidden", db_constraint=False
    )
    at = models.DateTimeField(db_index=True)
    by = models.BigIntegerField(null=True)


class Pepper(models.Model):
    """The installation's own key for opaque hashes; one row, made with the tables and never changed."""

    value = models.CharField(max_length=64)
