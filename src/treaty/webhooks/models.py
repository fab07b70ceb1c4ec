"""The rows of what other systems are told: endpoints, messages on their way, and every attempt."""

from django.db import models


class Endpoint(models.Model):
    """An address that wants some kinds of facts; its secrets lie locked.

    `position` is the ledger line up to which facts were put into its queue; `wait_until` leaves a busy one in peace.
    """

    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    secret = models.TextField()
    former_secret = models.TextField(blank=True)
    former_until = models.DateTimeField(null=True)
    position = models.BigIntegerField()
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=8, blank=True)
    failing_since = models.DateTimeField(null=True)
    wait_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class Delivery(models.Model):
    """One fact on its way to one endpoint; `body` is sent byte for byte with each attempt."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=40)
    kind = models.CharField(max_length=48)
    body = models.TextField()
    state = models.CharField(max_length=9, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "message"], name="delivery_once")]
        indexes = [
            models.Index(fields=["endpoint", "state", "next_try_at"], name="delivery_due"),
            models.Index(fields=["ended_at"], name="delivery_ended"),
        ]


class Attempt(models.Model):
    """One call of an endpoint: its status or what went wrong, how long it took, and how the answer began."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=500, blank=True)
