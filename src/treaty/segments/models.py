"""The rows of segments: the saved predicates, who is in, and whom to ask again."""

from django.db import models


class Segment(models.Model):
    """A saved predicate. `followed_until` is the instant as of which its members are right; None until they were first found."""

    name = models.CharField(max_length=80, unique=True)
    predicate = models.JSONField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    filling_since = models.DateTimeField(null=True)
    followed_until = models.DateTimeField(null=True)


class SegmentVersion(models.Model):
    """What a segment meant from a time on, and who said so; never changed."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    predicate = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once")]


class Membership(models.Model):
    """A person is in a segment.

    The database does not look after its links, which took half of the time of a rebuild; a rebuild does (docs/decisions/0023).
    """

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_constraint=False)
    since = models.DateTimeField()
    pk = models.CompositePrimaryKey("segment_id", "person_id")


class Touched(models.Model):
    """A person whose answers may have changed; may stand here more than once.

    Where only the history grew, and by facts of which kind, that is said: who does not ask for them is not asked.
    """

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=48, blank=True)


class Wake(models.Model):
    """When fading alone may change whether a person is in a segment."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    pk = models.CompositePrimaryKey("segment_id", "person_id")
