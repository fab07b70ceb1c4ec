"""The rows of persons, companies, employment, tags, and whose identities are whose."""

from django.db import models


class Company(models.Model):
    """An organisation."""

    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=400)
    domain = models.CharField(max_length=253, blank=True)
    sector = models.CharField(max_length=80, blank=True)
    employees = models.PositiveIntegerField(null=True)
    founded = models.PositiveSmallIntegerField(null=True)
    revenue_minor = models.BigIntegerField(null=True)
    revenue_currency = models.CharField(max_length=3, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    external_key = models.CharField(max_length=120, null=True, unique=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="company_newest"),
            models.Index(fields=["folded", "id"], name="company_folded"),
            models.Index(fields=["employees", "id"], name="company_employees"),
            models.Index(fields=["sector", "id"], name="company_sector"),
            models.Index(fields=["city", "id"], name="company_city"),
            models.Index(fields=["country", "id"], name="company_country"),
            models.Index(
                fields=["parent", "folded", "id"],
                name="company_parent",
                condition=models.Q(parent__isnull=False),
            ),
        ]


class Person(models.Model):
    """A human being. `email`, `phone` repeat the main identities so that lists need no join."""

    name = models.CharField(max_length=200)
    name_local = models.CharField(max_length=200, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    folded = models.CharField(max_length=800)
    email = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=120, blank=True)
    interest = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    landing_page = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=16, default="subscriber")
    stage_since = models.DateTimeField()
    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+", db_index=False)
    anchor = models.OneToOneField("ledger.Identity", models.PROTECT, related_name="+", db_constraint=False)
    unsubscribed_at = models.DateTimeField(null=True)
    do_not_call_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    """When what was readable of the person was erased; the row stays, so that sums and links stay."""
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="person_newest"),
            models.Index(fields=["folded", "id"], name="person_folded"),
            models.Index(fields=["stage", "-created_at", "-id"], name="person_stage"),
            models.Index(fields=["owner", "-created_at", "-id"], name="person_owner"),
            models.Index(fields=["channel", "stage"], name="person_channel"),
            models.Index(fields=["company", "id"], name="person_company"),
            models.Index(fields=["email", "id"], name="person_email"),
            models.Index(fields=["phone", "id"], name="person_phone"),
        ]


class BinnedPerson(models.Model):
    """A person in the bin: in no list, search, segment or count. After `KEPT_FOR` it is forgotten, and stays out."""

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(max_length=8)
    purged_at = models.DateTimeField(null=True)


class BinnedCompany(models.Model):
    """A company in the bin: in no list, search or choice. After `KEPT_FOR` it is emptied, and stays out."""

    company = models.OneToOneField(
        Company, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(max_length=8)
    purged_at = models.DateTimeField(null=True)


class PersonIdentity(models.Model):
    """Whose identity is whose; merging and splitting persons moves these rows and nothing else.

    The database does not look after the links of this table, of work and of tags: that was a third of a bulk's time.
    `treaty rebuild --check` does (docs/decisions/0023).
    """

    identity = models.OneToOneField(
        "ledger.Identity", models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="identities", db_constraint=False)
    label = models.CharField(max_length=40, blank=True)
    is_valid = models.BooleanField(default=True)
    is_main = models.BooleanField(default=False)


class Employment(models.Model):
    """A person works or worked for a company, from a day until a day; without the latter it still does.

    Of the one job whose company stands in the person's row the row holds the title, too.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="employments", db_index=False, db_constraint=False
    )
    company = models.ForeignKey(Company, models.CASCADE, related_name="employments", db_constraint=False)
    title = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "company"], name="employment_work")]


class Tag(models.Model):
    """A word staff put on persons."""

    name = models.CharField(max_length=60, unique=True)


class PersonTag(models.Model):
    """A tag on a person."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="person_tags", db_index=False, db_constraint=False
    )
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "tag"], name="tag_once")]


class Purpose(models.Model):
    """What persons may agree to, such as a newsletter; out of use it is asked of nobody, and what was agreed stays."""

    key = models.SlugField(max_length=48, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class PurposeText(models.Model):
    """A version of the exact words that ask for a purpose. Never changed: other words are another version."""

    purpose = models.ForeignKey(Purpose, models.CASCADE, related_name="texts")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    created_at = models.DateTimeField()
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="purpose_version_once")]


class Consent(models.Model):
    """How a person stands to a purpose; folded from the ledger, where every consent and withdrawal stays."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    purpose = models.ForeignKey(Purpose, models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveSmallIntegerField()
    is_given = models.BooleanField()
    at = models.DateTimeField()
    how = models.CharField(max_length=8)
    place = models.CharField(max_length=300, blank=True)
    line = models.BigIntegerField()
    """The touchpoint that says so."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "purpose"], name="consent_once")]
        indexes = [models.Index(fields=["purpose", "is_given", "person"], name="consent_given")]


class Unscanned(models.Model):
    """A person who came or changed since duplicates were last looked for; may stand here more than once."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_constraint=False, db_index=False)


class DuplicateBlock(models.Model):
    """A person stands in a block: who shares one is compared. The number says nothing of what they share."""

    number = models.BigIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_constraint=False)
    pk = models.CompositePrimaryKey("number", "person_id")


class Candidate(models.Model):
    """Two persons who may be one: `one` is the lower id. `reasons` is [[field, level, bits], ...]."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    bits = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="open")
    """open, later or apart: apart means somebody said that they are two persons, and stays so."""
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="candidate_once")]
        indexes = [models.Index(fields=["state", "-bits", "id"], name="candidate_best")]


class Merge(models.Model):
    """One person was found to be another: `merged` is an id that no person has until the merge is undone.

    `kept` holds what undoing needs: the merged person's row, links, work and tags, and what the survivor had before.
    """

    merged = models.BigIntegerField()
    name = models.CharField(max_length=200)
    survivor = models.BigIntegerField(db_index=True)
    kept = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey("staff.User", models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=models.Q(undone_at=None), name="merged_once")
        ]
