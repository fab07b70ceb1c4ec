"""The rows of long work, which a person watches while a job runs, and of the views of lists that people keep."""

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


class SavedView(models.Model):
    """What somebody wants to see of a list again: its filters, order and columns, as the address carries them.

    `scope` says who is offered it: own, team (that of whoever saved it) or all.
    """

    list = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    owner = models.BigIntegerField()
    team = models.BigIntegerField(null=True)
    scope = models.CharField(max_length=4, default="own")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["list", "name"], name="view_of_list")]


class UsualView(models.Model):
    """The view with which a list opens for somebody."""

    user = models.BigIntegerField()
    list = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list"], name="usual_view_once")]


class PinnedView(models.Model):
    """A view that somebody wants in front of the others, always in sight."""

    user = models.BigIntegerField()
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="pinned_view_once")]


class Bulk(models.Model):
    """One verb for many rows of a list, as it was asked for: what it is given, and what became of it."""

    verb = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    by = models.BigIntegerField()
    job = models.BigIntegerField(null=True)
    total = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undo_asked_at = models.DateTimeField(null=True)


class BulkLine(models.Model):
    """One row of a bulk. `before` is what undoing needs, as JSON; `reason` says why it failed or was not taken back."""

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="+", db_index=False)
    record = models.BigIntegerField()
    state = models.CharField(max_length=8, default="waiting")
    """waiting, done, same (nothing was to be done), failed, undone or kept (could not be taken back)."""
    before = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["bulk", "state", "id"], name="bulk_lines"),
            models.Index(fields=["record"], name="bulk_lines_of_record"),
        ]


class ChangedRow(models.Model):
    """A row of a noun came or changed: for who reads on what changed since. `at` is when it was written down."""

    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    at = models.DateTimeField()
