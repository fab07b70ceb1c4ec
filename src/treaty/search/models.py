"""The rows of the index: words of records, and each word of names once."""

from django.db import models


class Posting(models.Model):
    """A word of a record. `place` is 0 where it begins the name, 1 inside of it, 2 beside it."""

    kind = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=320)
    place = models.PositiveSmallIntegerField()
    record = models.BigIntegerField()
    pk = models.CompositePrimaryKey("kind", "word", "place", "record")

    class Meta:
        indexes = [models.Index(fields=["record", "kind", "word"], name="posting_record")]


class Word(models.Model):
    """A word that stands in a name, and the same from its end, so that both its halves are ranges of an index."""

    text = models.CharField(max_length=40)
    reversed = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text"], name="word_once")]
        indexes = [models.Index(fields=["reversed"], name="word_reversed")]
