"""The rows of the pipeline and its deals."""

from django.db import models
from django.db.models import F, Q


class DealStage(models.Model):
    """A step of the pipeline. `type` is open, won or lost."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    type = models.CharField(max_length=4)
    position = models.PositiveSmallIntegerField()


class Deal(models.Model):
    """An opportunity. A value of None is unknown, which is not 0."""

    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=400, db_index=True)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    company = models.ForeignKey("people.Company", models.SET_NULL, null=True, related_name="+")
    handover = models.BigIntegerField(null=True, db_index=True)
    """The handover it came from; its noun stands above this one."""
    owner = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    stage = models.ForeignKey(DealStage, models.PROTECT, related_name="deals")
    stage_since = models.DateTimeField()
    value_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    close_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=120, blank=True)
    flags = models.JSONField(default=list)
    """Odd things an import kept, such as won_before_first_contact."""
    next_step = models.CharField(max_length=200, blank=True)
    next_step_kind = models.CharField(max_length=12, blank=True)
    next_step_at = models.DateTimeField(null=True)
    external_key = models.CharField(max_length=120, null=True, unique=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(F("stage"), F("stage_since").desc(), F("id").desc(), name="deal_board"),
            models.Index(fields=["owner", "next_step_at"], name="deal_next_step"),
            models.Index(fields=["owner", "-opened_at", "-id"], name="deal_owner"),
            models.Index(
                fields=["owner", "closed_at", "next_step_kind", "value_minor", "id", "stage", "currency"],
                name="deal_own",
            ),
            models.Index(fields=["person"], name="deal_person", condition=Q(person__isnull=False)),
            models.Index(fields=["-opened_at", "-id"], name="deal_newest"),
            models.Index(fields=["closed_at"], name="deal_closed"),
            # On PostgreSQL it has the id, too, by which sums leave out what is in the bin without a look at the rows.
            models.Index(fields=["stage", "closed_at", "currency", "owner", "value_minor"], name="deal_sums"),
            models.Index(fields=["value_minor", "id"], name="deal_value"),
            models.Index(fields=["close_on", "id"], name="deal_close"),
            models.Index(fields=["currency", "value_minor"], name="deal_total"),
        ]


class BinnedDeal(models.Model):
    """A deal in the bin: in no list, board, search or next step. After a month its texts are emptied, and it stays out."""

    deal = models.OneToOneField(Deal, models.CASCADE, primary_key=True, related_name="+", db_constraint=False)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(max_length=8)
    purged_at = models.DateTimeField(null=True)
