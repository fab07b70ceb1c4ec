"""The rows of handovers and their clocks: projections of the facts, kept so that queues and sweeps are one query."""

from django.db import models
from django.db.models import Q


class Handover(models.Model):
    """One lead passing from marketing to sales. `state` is offered, accepted or returned."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    identity = models.ForeignKey("ledger.Identity", models.PROTECT, related_name="+")
    version = models.ForeignKey("agreements.Version", models.PROTECT, related_name="+")
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    grade = models.CharField(max_length=2)
    why = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, default="offered")
    is_on_purpose = models.BooleanField(default=False)
    qualified_at = models.DateTimeField()
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    first_touch_at = models.DateTimeField(null=True)
    """The buyer's reading: the first human touch after qualifying, whoever made it."""
    touch_seconds = models.PositiveBigIntegerField(null=True)
    """From qualifying to first touch, in the company's business time."""
    return_reason = models.CharField(max_length=40, blank=True)
    return_effect = models.CharField(max_length=40, blank=True)
    hold_until = models.DateTimeField(null=True)
    wrong_identity = models.ForeignKey(
        "ledger.Identity", models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The address or number for which the lead was returned as wrong."""
    routing = models.JSONField(default=dict)
    next_due_at = models.DateTimeField(null=True)
    """When the first running clock runs out: orders every queue."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="offered"), name="one_open_offer_a_person"
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_due_at", "id"], name="handover_queue"),
            models.Index(fields=["owner", "state", "next_due_at"], name="handover_owner"),
            models.Index(
                fields=["next_due_at", "id", "state", "first_touch_at"],
                name="handover_due",
                condition=Q(next_due_at__isnull=False),
            ),
            models.Index(fields=["state", "owner", "team"], name="handover_waiting"),
            models.Index(fields=["person", "-id"], name="handover_person"),
            models.Index(fields=["qualified_at"], name="handover_qualified"),
            models.Index(fields=["offered_at", "id"], name="handover_offered"),
            models.Index(fields=["grade", "id"], name="handover_grade"),
        ]


class Clock(models.Model):
    """One promise's timer for one handover, in one reading, as the fold left it.

    `name` is team_accept, personal_accept, first_touch (the representative's) or buyer_touch. `sequence` counts the
    personal accept clocks of one handover; it is 0 for all others.
    """

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=16)
    sequence = models.PositiveSmallIntegerField(default=0)
    clause = models.CharField(max_length=8, blank=True)
    user = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8)
    """waiting, running, paused or stopped."""
    verdict = models.CharField(max_length=8, default="open")
    """open, kept, broken or excused."""
    cause = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    budget_seconds = models.PositiveIntegerField(null=True)
    warned_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=8, default="open")
    """The verdict that the ledger holds: an acceptance is said kept once it can no longer be undone."""
    is_unsaid = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "name", "sequence"], name="clock_once")]
        indexes = [
            models.Index(fields=["due_at"], name="clock_due", condition=Q(verdict="open")),
            models.Index(fields=["warn_at"], name="clock_warn", condition=Q(verdict="open", warned_at=None)),
            models.Index(fields=["stopped_at"], name="clock_unsaid", condition=Q(is_unsaid=True)),
            models.Index(fields=["name", "verdict"], name="clock_verdict"),
        ]


class Turn(models.Model):
    """Whose turn it is: how much each member of a pool was entitled to and received (Tijdeman 1980)."""

    pool = models.CharField(max_length=40)
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+")
    entitled = models.FloatField(default=0)
    received = models.PositiveIntegerField(default=0)
    month = models.CharField(max_length=7, blank=True)
    """The month, as 2026-11 in the team's time zone, that `this_month` counts."""
    this_month = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "user"], name="turn_once")]


class Watch(models.Model):
    """A person who does not meet the definition now, and when time alone can next change that."""

    person = models.OneToOneField("people.Person", models.CASCADE, primary_key=True, related_name="+")
    next_change_at = models.DateTimeField(db_index=True)
