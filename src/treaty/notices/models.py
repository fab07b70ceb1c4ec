"""The rows of notices to staff."""

from django.db import models


class Notice(models.Model):
    """Something a member of the staff should know; `key` makes telling it twice a no-op."""

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [models.Index(fields=["user", "read_at", "-id"], name="notice_unread")]
