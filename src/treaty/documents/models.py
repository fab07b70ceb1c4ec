"""The rows of documents: what lies on the disk, once, and as what it belongs to records."""

from django.db import models


class Content(models.Model):
    """The bytes of a file, kept once under their SHA-256 in the folder of files."""

    digest = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    type = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    """What can be read in it, for the search: its first words."""
    read_at = models.DateTimeField(null=True)
    """When that was tried; empty while it waits for it."""

    class Meta:
        indexes = [models.Index("id", name="content_unread", condition=models.Q(read_at__isnull=True))]


class Document(models.Model):
    """A file on a record, which stands in a noun above: its kind and id are all that is known of it here."""

    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    record = models.CharField(max_length=8)
    record_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    """Empty while it is there; it can be brought back for a while."""

    class Meta:
        indexes = [
            models.Index("record", "record_id", name="document_record"),
            models.Index("removed_at", name="document_removed", condition=models.Q(removed_at__isnull=False)),
        ]
