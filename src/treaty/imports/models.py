"""The rows of imports: what was brought in, when, what became of it, and what it changed."""

from django.db import models


class Import(models.Model):
    """One run of an import; bad rows lie in `bad_file`, importable again once mended."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    header = models.CharField(max_length=32, blank=True, db_index=True)
    """A digest of the column names: what they held is remembered for the next file of the same ones."""
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="running")
    """running, done, cancelled, undoing or undone; a run that was broken off stays running."""
    is_dry_run = models.BooleanField(default=False)
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey("kit.Job", models.SET_NULL, null=True, related_name="+")
    bad_file = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class Change(models.Model):
    """What a run changed of a person who was there before: undoing takes back what is still so."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="changes")
    person = models.BigIntegerField()
    fields = models.JSONField(default=dict)
    """{field: [before, after]}"""
    identities = models.JSONField(default=list)
    """Those that were linked."""
    tags = models.JSONField(default=list)
    companies = models.JSONField(default=list)
    """Those the person works for since."""


class RecordChange(models.Model):
    """What a run did to a record that is no person: added it, or changed fields of one that was there."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="record_changes")
    record = models.BigIntegerField()
    is_new = models.BooleanField()
    fields = models.JSONField(default=dict)
    """{field: [before, after]}"""
