"""The rows of the index: words of records, the same words record by record, and each word of names once."""

from django.db import models


class Posting(models.Model):
    """A word of a record. `place` is 0 where it begins the name, 1 inside of it, 2 beside it."""

    kind = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=320)
    place = models.PositiveSmallIntegerField()
    record = models.BigIntegerField()
    pk = models.CompositePrimaryKey("kind", "word", "place", "record")


class Line(models.Model):
    """All words of a record in one text (`rules.line`): whether it has a word too, and what to take away when it changes."""

    kind = models.PositiveSmallIntegerField()
    record = models.BigIntegerField()
    words = models.TextField()
    pk = models.CompositePrimaryKey("kind", "record")


class Word(models.Model):
    """A word that stands in a name, and the same from its end, so that both its halves are ranges of an index."""

    text = models.CharField(max_length=40)
    reversed = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text"], name="word_once")]
        indexes = [models.Index(fields=["reversed"], name="word_reversed")]
