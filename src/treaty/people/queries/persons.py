"""Persons and companies as a user may see them, one by one and in lists."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from treaty.fields.queries import ShownValue, along, gathered, shown_values
from treaty.kit import sql
from treaty.kit.composed import Composed
from treaty.kit.rows import Reading
from treaty.ledger.queries import histories, identity_values
from treaty.people.facts import StageEntered
from treaty.people.models import BinnedCompany, Company, Employment, Person, PersonIdentity, PersonTag, Tag
from treaty.people.queries.bin import binned_companies, binned_persons
from treaty.people.queries.consents import Asked, consents_of
from treaty.people.rules import ORDER, Stage
from treaty.staff.queries import Seen, User, sight, user_names

PERSON = Reading(Person)


def visible_persons(user: User | AnonymousUser) -> "QuerySet[Person]":
    """The persons a user may see: own, those of the team and of nobody, or all; nobody in the bin."""
    return sighted_persons(user).exclude(pk__in=binned_persons())


def visible_person(user: User, person: int) -> Person | None:
    """One person, if the user may see it."""
    return SEEN.one(user, person)


def sighted_persons(user: User | AnonymousUser) -> "QuerySet[Person]":
    """The same with those in the bin: for who asks of persons that are found by words, since those have none."""
    return Person.objects.none() if isinstance(user, AnonymousUser) else Person.objects.filter(sight(user))


def visible_companies(user: User | AnonymousUser) -> "QuerySet[Company]":
    """The companies a user may see: by their owner, and those for which a visible person works; none in the bin."""
    return sighted_companies(user).exclude(pk__in=binned_companies())


def sighted_companies(user: User | AnonymousUser) -> "QuerySet[Company]":
    """The same with those in the bin."""
    if isinstance(user, AnonymousUser):
        return Company.objects.none()
    seen = sight(user)
    if not seen:
        return Company.objects.all()
    working = visible_persons(user).filter(company__isnull=False).values("company")
    return Company.objects.filter(seen | Q(pk__in=working))


def company_bin_of(user: User | AnonymousUser) -> "QuerySet[BinnedCompany]":
    """The companies in the bin, by their ids, as far as a user would see them outside of it."""
    rows = BinnedCompany.objects.filter(purged_at=None, company__in=sighted_companies(user))
    return rows.select_related("company")


SEEN = Seen(lambda user, person: visible_persons(user).filter(pk=person))
WITH_COMPANY = Seen(lambda user, person: visible_persons(user).filter(pk=person).select_related("company"))


def person_rows(persons: Collection[int], *, held: bool = False) -> list[Person]:
    """Persons by id, whoever may see them; nobody else changes those `held` until this transaction ends."""
    tail = " FOR NO KEY UPDATE" if held and sql.is_postgresql() else ""
    found = f"WHERE {sql.one_of('p.id')} ORDER BY p.id{tail}"
    statement = f"SELECT {PERSON.columns('p')} FROM people_person p {found}"
    rows = sql.ask(statement, [sql.listed(list(persons))], often=len(persons) <= sql.FEW)
    return [PERSON.row(row) for row in rows]


def person_told(person: int) -> Person:
    """One person with what the company's own fields hold of it, in one question, whoever may see it."""
    (told,) = persons_told([person])
    return told


def persons_told(persons: Sequence[int]) -> list[Person]:
    """The same of a few persons, in their order."""
    held, places = gathered("person", "p.id", retired=False), ", ".join(["%s"] * len(persons))
    statement = f"SELECT {PERSON.columns('p')}, {held} FROM people_person p WHERE p.id IN ({places})"
    found = {(row := PERSON.row(values)).pk: along(row, own) for *values, own in sql.ask(statement, persons)}
    return [found[person] for person in persons]


def company_rows(companies: Collection[int]) -> list[Company]:
    """Companies by id, whoever may see them."""
    return list(Company.objects.filter(pk__in=companies).order_by("pk"))


def is_staff(user: int) -> bool:
    """Whether there is such a member of the staff, to give persons to."""
    return bool(user_names([user]))


def may_write(person: Person) -> bool:
    """Whether we may write to a person: there is an address, and the person did not ask us to stop."""
    return bool(person.email) and person.unsubscribed_at is None


def may_call(person: Person) -> bool:
    """Whether we may call a person: there is a number, and the person did not ask us to stop."""
    return bool(person.phone) and person.do_not_call_at is None


def reachable(persons: Collection[int]) -> dict[int, tuple[bool, bool]]:
    """Whether we may (write to, call) each person."""
    rows = Person.objects.filter(pk__in=persons).exclude(pk__in=binned_persons()).order_by("pk")
    return {person.pk: (may_write(person), may_call(person)) for person in rows}


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """An address, number or key of a person."""

    id: int
    kind: str
    value: str
    label: str
    is_valid: bool
    is_main: bool


@dataclass(frozen=True, slots=True)
class Job:
    """Where a person works or worked; of what is main the person's row holds company and title."""

    id: int
    company: Company
    title: str
    since: date | None
    until: date | None
    is_main: bool


@dataclass(frozen=True, slots=True)
class StageStep:
    """A stage on the road: whether the person passed it, and since when it stands there."""

    stage: Stage
    is_now: bool
    is_passed: bool
    entered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that people knows of one person; what the higher nouns know stands beside it on the page."""

    person: Person
    owner: str
    identities: list[IdentityLine]
    tags: list[str]
    jobs: list[Job]
    stages: list[StageStep]
    may_write: bool
    may_call: bool
    own: list[ShownValue]
    """What the company's own fields hold."""
    consents: list[Asked]


def person_page(user: User | AnonymousUser, person: int) -> PersonPage | None:
    """One person as a user sees it; None where there is no such person for this user."""
    found = None if isinstance(user, AnonymousUser) else WITH_COMPANY.one(user, person)
    if found is None:
        return None
    links = LINKS.rows(person)
    return PersonPage(
        person=found,
        owner=user_names([found.owner_id]).get(found.owner_id or 0, ""),
        identities=identity_lines(links),
        tags=TAGS.rows(person),
        jobs=jobs_of(found),
        stages=_steps(found, [link.identity_id for link in links]),
        may_write=may_write(found),
        may_call=may_call(found),
        own=shown_values(user, "person", person),
        consents=consents_of(person),
    )


LINKS = Composed(
    lambda person: PersonIdentity.objects.filter(person=person).order_by(
        "-is_valid", "-is_main", "identity_id"
    )
)
TAGS: Composed[str] = Composed(
    lambda person: (
        PersonTag.objects.filter(person=person).order_by("tag__name").values_list("tag__name", flat=True)
    )
)


def tags_of(person: int) -> list[str]:
    """The tags a person wears, by name."""
    return list(TAGS.rows(person))


def identity_lines(links: Sequence[PersonIdentity]) -> list[IdentityLine]:
    """The identities that can still be read."""
    values = identity_values([link.identity_id for link in links])
    return [
        IdentityLine(link.identity_id, *values[link.identity_id], link.label, link.is_valid, link.is_main)
        for link in links
        if link.identity_id in values
    ]


def identities_told(user: User | AnonymousUser, person: int) -> list[IdentityLine]:
    """The addresses, numbers and keys of a person a user sees, by their numbers."""
    links = PersonIdentity.objects.filter(person=person, person__in=visible_persons(user))
    return identity_lines(list(links.order_by("identity_id")))


def identity_texts(user: User | AnonymousUser, ids: Collection[int]) -> dict[int, str]:
    """What identities read as, of the persons a user sees."""
    links = PersonIdentity.objects.filter(pk__in=ids, person__in=visible_persons(user)).order_by("pk")
    return {line.id: line.value for line in identity_lines(list(links))}


def jobs_of(person: Person) -> list[Job]:
    """Where a person works, the main one first, then where it worked, the newest first."""
    found = [_job(row, person) for row in JOBS.rows(person.pk)]
    return sorted(
        found,
        key=lambda job: (job.is_main, job.until is None, job.until or job.since or date.min),
        reverse=True,
    )


JOBS = Composed(
    lambda person: Employment.objects.filter(person=person).select_related("company").order_by("-id")
)


def _job(row: Employment, person: Person) -> Job:
    is_main = row.until is None and row.company_id == person.company_id
    title = person.title if is_main else row.title
    return Job(row.pk, row.company, title, row.since, row.until, is_main)


def job_row(user: User | AnonymousUser, person: int, job: int) -> Job | None:
    """One job of a person a user sees; None where there is none."""
    found = visible_persons(user).filter(pk=person).first()
    return None if found is None else next((one for one in jobs_of(found) if one.id == job), None)


def _steps(person: Person, identities: Collection[int]) -> list[StageStep]:
    lines = [line for one in histories(identities, kinds=[StageEntered.__name__]).values() for line in one]
    lines.sort(key=lambda line: (line.occurred_at, line.id))
    entered = {line.fact.stage: line.occurred_at for line in lines if isinstance(line.fact, StageEntered)}
    now = Stage(person.stage)
    return [
        StageStep(stage, stage is now, ORDER[stage] < ORDER[now], entered.get(stage.value))
        for stage in Stage
        if stage is not Stage.PAST_CUSTOMER or stage is now
    ]


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """All that people knows of one company, with its persons the user may see."""

    company: Company
    owner: str
    parent: Company | None
    persons: list[Person]
    more: bool
    """Whether there are more persons than these."""
    own: list[ShownValue]
    """What the fields hold that this installation defined."""
    subsidiaries: list[Company] = field(default_factory=list)


SHOWN = 50
"""Persons on a company's page; the list of people, filtered, shows all."""


def company_page(user: User | AnonymousUser, company: int) -> CompanyPage | None:
    """One company as a user sees it; None where there is no such company for this user."""
    found = visible_companies(user).filter(pk=company).first()
    if found is None:
        return None
    persons = list(visible_persons(user).filter(company=found).order_by("id")[: SHOWN + 1])
    return CompanyPage(
        company=found,
        owner=user_names([found.owner_id]).get(found.owner_id or 0, ""),
        parent=visible_companies(user).filter(pk=found.parent_id).first() if found.parent_id else None,
        persons=persons[:SHOWN],
        more=len(persons) > SHOWN,
        own=shown_values(user, "company", company),
        subsidiaries=list(visible_companies(user).filter(parent=found).order_by("folded", "id")[:SHOWN]),
    )


def working_at(user: User | AnonymousUser, company: int) -> Iterator[Person]:
    """All persons of a company whom a user sees, as they stand on its page."""
    return visible_persons(user).filter(company=company).order_by("id").iterator()


def tag_names() -> list[str]:
    """Every tag there is."""
    return TAG_NAMES.rows()


TAG_NAMES: Composed[str] = Composed(
    lambda: Tag.objects.order_by("name").values_list("name", flat=True), places=""
)


def tagged(name: str) -> Q:
    """Persons who wear a tag."""
    return Q(pk__in=PersonTag.objects.filter(tag__name=name).values("person"))


CHANNELS = """
WITH RECURSIVE found(channel) AS (
    SELECT (SELECT channel FROM people_person WHERE channel > '' ORDER BY channel LIMIT 1)
    UNION ALL
    SELECT (SELECT person.channel FROM people_person person WHERE person.channel > found.channel
            ORDER BY person.channel LIMIT 1)
    FROM found WHERE found.channel IS NOT NULL
)
SELECT channel FROM found
"""


def channels() -> list[str]:
    """Every channel persons came by; one step of the index for each, however many persons there are."""
    return [channel for (channel,) in sql.ask(CHANNELS) if channel]


def company_names(user: User | AnonymousUser, limit: int = 200) -> list[tuple[int, str]]:
    """Companies to choose from."""
    return list(visible_companies(user).order_by("folded", "id").values_list("id", "name")[:limit])
