"""The rows of fields that a company defines for itself, and their values in one column for each type."""

from django.db import models
from django.db.models import Q


class Field(models.Model):
    """A field of one kind of record. Its key and kind never change; a retired one keeps its values.

    `options` is [{id, key, name, is_retired}, ...], in order; their ids are told within the field.
    """

    record = models.CharField(max_length=8)
    key = models.CharField(max_length=48)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    hint = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="field_key_once")]


class Value(models.Model):
    """What a field holds of a record, which stands in a noun above: its id is all that is known of it here.

    `whole` is an amount in minor units, an option, or the id of a record; `folded` is what texts are found by. Each index
    holds the values of its own type and no others.
    """

    record_id = models.BigIntegerField()
    field = models.ForeignKey(Field, models.CASCADE, related_name="+", db_index=False)
    part = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=500, blank=True)
    folded = models.CharField(max_length=500, null=True)
    number = models.FloatField(null=True)
    whole = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    day = models.DateField(null=True)
    pk = models.CompositePrimaryKey("record_id", "field_id", "part")

    class Meta:
        indexes = [
            models.Index(
                "field", "folded", "record_id", name="value_text", condition=Q(folded__isnull=False)
            ),
            models.Index(
                "field", "number", "record_id", name="value_number", condition=Q(number__isnull=False)
            ),
            models.Index("field", "whole", "record_id", name="value_whole", condition=Q(whole__isnull=False)),
            models.Index("field", "day", "record_id", name="value_day", condition=Q(day__isnull=False)),
        ]
