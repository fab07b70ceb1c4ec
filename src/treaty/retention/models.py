"""The rows of retention: the rules that are on, and what each took."""

from django.db import models


class Rule(models.Model):
    """A rule that is on: what it takes once it is `months` old; off is no row."""

    kind = models.CharField(max_length=8, unique=True)
    months = models.PositiveSmallIntegerField()
    since = models.DateTimeField()


class Run(models.Model):
    """What a rule took in one go."""

    kind = models.CharField(max_length=8)
    months = models.PositiveSmallIntegerField()
    taken = models.PositiveIntegerField()
    at = models.DateTimeField()
