"""The rows of mail that waits, was sent or failed."""

from django.db import models


class OutgoingMail(models.Model):
    """One transactional mail; its body is emptied once it is sent."""

    key = models.CharField(max_length=160, unique=True)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=8, default="waiting", db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
