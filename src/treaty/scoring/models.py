"""The rows of score models and scores."""

from django.db import models


class ScoreModel(models.Model):
    """The rules persons are scored by, as the agreement states them; the newest adopted one counts."""

    spec = models.JSONField()
    version = models.BigIntegerField(null=True)
    adopted_at = models.DateTimeField()


class Score(models.Model):
    """A person's score: a projection of attributes and touchpoints under the adopted model.

    `decay` is the engagement by half-life at `computed_at`: [[points, half-life in days], ...].
    """

    person = models.OneToOneField("people.Person", models.CASCADE, primary_key=True, related_name="+")
    fit = models.IntegerField()
    engagement = models.FloatField()
    grade = models.CharField(max_length=2)
    reasons = models.JSONField(default=list)
    decay = models.JSONField(default=list)
    computed_at = models.DateTimeField()
    next_change_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_change_at"], name="score_change"),
            models.Index(fields=["grade"], name="score_grade"),
        ]
