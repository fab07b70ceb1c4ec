"""The rows of long work: what a person watches while a job runs."""

from django.db import models


class Job(models.Model):
    """A piece of long work: its progress, its end, and what it was asked to do.

    `attempts` counts its starts, and is the fence: a worker whose count is no longer the row's has lost the job.
    """

    name = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    by = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="waiting", db_index=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)


class Tick(models.Model):
    """When a recurring piece of work last ran; claimed by one conditional update."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    error = models.TextField(blank=True)


class Hold(models.Model):
    """While the row is there nothing leaves the installation: no mail, no webhook, no job. A restore puts it there."""

    since = models.DateTimeField()
