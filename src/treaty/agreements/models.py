"""The rows of the agreement: versions, signatures, verdicts."""

from django.db import models
from django.db.models import Q


class Version(models.Model):
    """One state of the agreement. Its document never changes once it is proposed.

    `state` is draft, proposed, signed_one, signed, declined or withdrawn. Being in force is not written: a signed
    version is in force from `in_force_from` until the next one begins, so gaps and overlaps cannot be written.
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, default="draft")
    document = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    """When the last of both sides signed."""
    in_force_from = models.DateTimeField(null=True, unique=True)
    began_at = models.DateTimeField(null=True)
    """When the running system put it into force."""
    ended_at = models.DateTimeField(null=True)
    """When it was declined or withdrawn."""
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True)
                | (Q(signed_at__isnull=False) & Q(in_force_from__gte=models.F("signed_at"))),
                name="in_force_after_last_signature",
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=False, state="signed")
                | (Q(in_force_from__isnull=True) & ~Q(state="signed")),
                name="signed_versions_begin",
            ),
        ]


class Signature(models.Model):
    """One side signed exactly one hash."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=12)
    user = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    zone = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_signature_a_side"),
            models.UniqueConstraint(fields=["version", "user"], name="one_signature_a_person"),
        ]


class VerdictRow(models.Model):
    """The standing verdict on one clause about one thing: a projection of the verdict facts.

    `revision` counts the facts before the standing one: a corrected verdict has a higher one.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    clause = models.CharField(max_length=8)
    side = models.CharField(max_length=12)
    about = models.CharField(max_length=40)
    verdict = models.CharField(max_length=8)
    """kept, broken or excused."""
    due_at = models.DateTimeField()
    user = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "clause", "user"],
                condition=Q(user__isnull=False),
                name="verdict_once_a_user",
            ),
            models.UniqueConstraint(
                fields=["about", "clause"], condition=Q(user__isnull=True), name="verdict_once"
            ),
        ]
        indexes = [models.Index(fields=["side", "clause", "due_at"], name="verdict_month")]
