"""The rows of imports: what was brought in, when, and what became of it."""

from django.db import models


class Import(models.Model):
    """One run of an import; bad rows lie in `bad_file`, importable again once mended."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    is_dry_run = models.BooleanField(default=False)
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey("kit.Job", models.SET_NULL, null=True, related_name="+")
    bad_file = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
