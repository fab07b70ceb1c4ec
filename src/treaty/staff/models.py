"""The rows of the installation and those who work here: users, teams, roles, working hours, keys, audit."""

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager as DjangoUserManager
from django.db import models


class Installation(models.Model):
    """The one company that runs this installation; exactly one row, id 1."""

    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="EUR")
    guided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class Team(models.Model):
    """People who work together on one side."""

    name = models.CharField(max_length=80, unique=True)
    side = models.CharField(max_length=12)
    head = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")


class Role(models.Model):
    """What its holders may do, and whose records they see: their own, their team's or all."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    visibility = models.CharField(max_length=8)


class Users(DjangoUserManager["User"]):
    """Lets Django's sign-in find a user by mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of a mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of the staff."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="members")
    role = models.ForeignKey(Role, models.PROTECT, related_name="holders")
    manager = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    theme = models.CharField(max_length=6, blank=True)
    speaks = models.JSONField(default=list)
    external_key = models.CharField(max_length=120, null=True, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"


class Membership(models.Model):
    """In which team a user is from a time on; never changed, so that an old clock finds the calendar of its time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-recorded_at"], name="membership_latest")]


class Invitation(models.Model):
    """A mail address invited to join; only the hash of its token is kept."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    role = models.ForeignKey(Role, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Schedule(models.Model):
    """Working hours as recorded at one time; never changed, a later row replaces it from then on.

    `scope` is company, team or user, `scope_id` the id of the team or user (0 for the company). `shifts` is a list of
    [weekday 0 to 6, start minute, end minute]; an end not after its start lies on the next day. A row of a team or
    user without shifts says that from then on the hours above hold again.
    """

    scope = models.CharField(max_length=8)
    scope_id = models.BigIntegerField(default=0)
    zone = models.CharField(max_length=40)
    shifts = models.JSONField()
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=12, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["scope", "scope_id", "-recorded_at"], name="schedule_latest")]


class DayOff(models.Model):
    """A public holiday (copied from the country's calendar) or an own day off of one schedule."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="days_off")
    day = models.DateField()
    name = models.CharField(max_length=120)
    is_public = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "day"], name="day_off_once")]


class Absence(models.Model):
    """A user is away; a withdrawn absence stays, marked."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A key for the REST API: acts as its owner, within its scopes; only its hash is kept."""

    name = models.CharField(max_length=80)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class KeptAnswer(models.Model):
    """What a call of the REST API was answered, kept for a day under the name its caller gave it.

    `fingerprint` is a hash of the call, so that the name cannot stand for another one.
    """

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="kept_answer_once")]


class AnswerSeed(models.Model):
    """What the key under which answers lie is made of, beside the secret key; one row, id 1, made by the first answer.

    Where it is another one, nothing can read what was kept before.
    """

    value = models.CharField(max_length=32)


class AuditRow(models.Model):
    """Who changed what; append-only. `changes` is {field: [before, after]}, without secrets."""

    at = models.DateTimeField()
    by = models.ForeignKey(User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    verb = models.CharField(max_length=60)
    about_kind = models.CharField(max_length=24)
    about_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["about_kind", "about_id", "-id"], name="audit_about")]
