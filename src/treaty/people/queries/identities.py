"""Whose identities are whose, asked set at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, Max, OuterRef

from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.facts import Subject, about_identity
from treaty.ledger.listeners import noted
from treaty.ledger.queries import Recorded
from treaty.people import wording
from treaty.people.models import Merge, Person, PersonIdentity
from treaty.people.queries.attributes import identities_in, known_behind
from treaty.people.queries.bin import binned_persons, in_bin
from treaty.staff.queries import User, sight


def persons_of(identities: Collection[int]) -> dict[int, int]:
    """The person of each identity; those of nobody are left out."""
    statement = f"SELECT identity_id, person_id FROM people_personidentity WHERE {sql.one_of('identity_id')}"
    if not identities:
        return {}
    return dict(sql.ask(statement, [sql.listed(list(identities))], often=len(identities) <= sql.FEW))


def holders(batch: Sequence[Recorded]) -> dict[int, int]:
    """The person of each identity that a batch of touchpoints is about, asked once for all who hear the batch."""
    return noted(batch, "holders", lambda: _holders(batch))


def _holders(batch: Sequence[Recorded]) -> dict[int, int]:
    """Of few with all that is known of them, since who hears the batch will ask that."""
    wanted = identities_in(batch)
    if len(wanted) > sql.FEW:
        found = persons_of(wanted)
        hidden = in_bin(set(found.values()))
        return {identity: person for identity, person in found.items() if person not in hidden}
    behind = known_behind(batch)
    return {
        identity: person
        for person, one in behind.items()
        for identity in one.identities
        if identity in wanted
    }


def identities_of(persons: Collection[int]) -> dict[int, list[int]]:
    """The identities of each person, the anchor among them, oldest first."""
    statement = (
        f"SELECT person_id, identity_id FROM people_personidentity WHERE {sql.one_of('person_id')}"
        " ORDER BY identity_id"
    )
    found: dict[int, list[int]] = defaultdict(list)
    if not persons:
        return found
    with connection.cursor() as cursor:
        cursor.execute(statement, [sql.listed(list(persons))])
        for person, identity in cursor.fetchall():
            found[person].append(identity)
    return found


def identities_of_forgotten() -> frozenset[int]:
    """The identities of everybody who was forgotten."""
    links = PersonIdentity.objects.filter(person__forgotten_at__isnull=False).order_by("identity")
    return frozenset(links.values_list("identity", flat=True))


def is_of_visible_person(user: User | AnonymousUser, identity: str) -> Exists:
    """The condition that an identity, a column of the asker's rows, is one of a person whom a user may see."""
    if isinstance(user, AnonymousUser):
        return Exists(PersonIdentity.objects.none())
    links = PersonIdentity.objects.filter(sight(user, "person__owner"), identity=OuterRef(identity))
    links = links.exclude(person__in=binned_persons())
    return Exists(links.values("identity"))


def still_wrong(wrong: Mapping[int, int]) -> set[int]:
    """Of persons, each with an identity that was found wrong, those who have no right one of its kind yet.

    Right is one that reaches them, be it the same again; one that is theirs no more is not wrong either.
    """
    if not wrong:
        return set()
    links = among(PersonIdentity, "person_id", list(wrong)).order_by("pk")
    theirs: dict[int, dict[int, tuple[str, bool]]] = defaultdict(dict)
    for person, identity, kind, is_valid in links.values_list(
        "person", "identity", "identity__kind", "is_valid"
    ):
        theirs[person][identity] = (kind, is_valid)
    return {
        person
        for person, identity in wrong.items()
        if identity in theirs[person] and (theirs[person][identity][0], True) not in theirs[person].values()
    }


def subjects_of(person: int) -> list[Subject]:
    """What the touchpoints of one person are about."""
    return [about_identity(identity) for identity in identities_of([person]).get(person, [])]


def person_ids(*, after: int = 0, limit: int = 5_000) -> list[int]:
    """The ids of all persons but those in the bin, from behind an id on: how a rebuild walks through them."""
    shown = Person.objects.filter(pk__gt=after).exclude(pk__in=binned_persons())
    rows = shown.order_by("pk").values_list("pk", flat=True)
    return list(rows[:limit])


def persons_at(companies: Collection[int]) -> set[int]:
    """Whose main company is one of these."""
    return set(Person.objects.filter(company__in=sorted(companies)).values_list("pk", flat=True))


def identity_kinds() -> list[tuple[str, str]]:
    """The kinds of identity that staff can add, with their names in the language of the page."""
    return [(kind, str(label)) for kind, label in wording.KINDS.items()]


def identity_labels() -> list[tuple[str, str]]:
    """What an address or number can be, with its name in the language of the page."""
    return [(label, str(words)) for label, words in wording.LABELS.items()]


def survivor(person: int) -> int | None:
    """Who a person turned out to be, through as many merges as it takes; None where nobody was merged under this id."""
    found, rows = None, Merge.objects.filter(undone_at=None)
    while next_one := rows.filter(merged=person).values_list("survivor", flat=True).first():
        found = person = next_one
    return found


def known_as(person: int) -> int:
    """The id a person has now: its own, or that of whoever it turned out to be."""
    return survivor(person) or person


def last_merges(survivors: Collection[int]) -> dict[int, datetime]:
    """When somebody was last found to be each of these persons; the others are left out."""
    rows = Merge.objects.filter(undone_at=None, survivor__in=list(survivors)).values("survivor")
    return dict(rows.annotate(last=Max("at")).order_by().values_list("survivor", "last")) if survivors else {}


def merged_into(persons: Collection[int]) -> list[int]:
    """Whoever turned out to be one of these persons, through as many merges as it takes."""
    found: list[int] = []
    outside = list(persons)
    while outside:
        rows = Merge.objects.filter(survivor__in=outside, undone_at=None).order_by("pk")
        outside = list(rows.values_list("merged", flat=True))
        found += outside
    return found


def moved(merge: int, kind: str) -> list[int]:
    """The rows of a noun above that went over to the survivor of a merge."""
    kept = Merge.objects.values_list("kept", flat=True).get(pk=merge)
    return list(kept.get("moved", {}).get(kind, ()))
