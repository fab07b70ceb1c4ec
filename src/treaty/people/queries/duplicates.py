"""Readings for finding duplicates: what is compared of each person, who shares a block, who waits to be looked at."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from treaty.kit import sql
from treaty.ledger.queries import identity_values
from treaty.people.models import Person, Unscanned
from treaty.people.queries.bin import NOT_BINNED
from treaty.people.queries.identities import identities_of
from treaty.people.queries.persons import visible_persons
from treaty.people.rules import PersonDraft, fold
from treaty.people.rules.duplicates import (
    MOST,
    PROBABLE,
    Form,
    Traits,
    blocks,
    canonical_email,
    forms,
    latin,
    number,
    plain_company,
    weigh,
)
from treaty.staff.queries import User

COLUMNS = "p.id, p.name, p.given_name, p.family_name, p.name_local, p.city, p.country, c.name"
AT_ONCE = 20_000
"""Numbers of blocks, or persons, asked for in one statement."""
Values = Mapping[str, tuple[str, ...]]


def unscanned(limit: int) -> list[tuple[int, int]]:
    """(row, person) of those who came or changed since duplicates were last looked for, the first ones first."""
    return list(Unscanned.objects.order_by("pk").values_list("pk", "person_id")[:limit])


def waiting(most: int | None = None) -> int:
    """How many changes wait to be looked at; with `most`, counting ends there."""
    rows = Unscanned.objects.order_by()
    return (rows if most is None else rows[:most]).count()


def traits_of(persons: Collection[int]) -> dict[int, Traits]:
    """What is compared of each person, in three questions however many they are; those who are gone are left out."""
    found: dict[int, Traits] = {}
    values = _identities(persons)
    statement = (
        f"SELECT {COLUMNS} FROM people_person p LEFT JOIN people_company c ON c.id = p.company_id"
        f" WHERE {sql.one_of('p.id')} AND p.id {NOT_BINNED}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [sql.listed(sorted(persons))])
        for person, name, given, family, local, city, country, company in cursor.fetchall():
            found[person] = Traits(
                names=_forms(given, family, name, local, values[person]),
                emails=tuple(map(canonical_email, values[person]["email"])),
                phones=values[person]["phone"],
                keys=values[person]["external"],
                company=plain_company(company or ""),
                city=latin(fold(city)),
                country=country,
            )
    return found


def partners(numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """(number, person) of all who stand in some blocks."""
    asked = list(numbers)
    statement = f"SELECT number, person_id FROM people_duplicateblock WHERE {sql.one_of('number')}"
    with connection.cursor() as cursor:
        for start in range(0, len(asked), AT_ONCE):
            cursor.execute(statement, [sql.listed(asked[start : start + AT_ONCE])])
            yield from cursor.fetchall()


def probable(user: User | AnonymousUser, draft: PersonDraft, limit: int = 3) -> list[Person]:
    """Visible persons who are probably meant by a draft: a hint before somebody is added twice."""
    told = _traits_told(draft)
    inside: dict[int, list[int]] = defaultdict(list)
    for block, person in partners({number(block) for block in blocks(told)}):
        inside[block].append(person)
    shared = {person for persons in inside.values() if len(persons) <= MOST for person in persons}
    likely = {person: weigh(told, traits).bits for person, traits in traits_of(shared).items()}
    best = sorted(
        (person for person in likely if likely[person] >= PROBABLE), key=lambda person: -likely[person]
    )
    seen = {row.pk: row for row in visible_persons(user).filter(pk__in=best[: 10 * limit])}
    return [seen[person] for person in best if person in seen][:limit]


def _traits_told(draft: PersonDraft) -> Traits:
    return Traits(
        names=forms(
            given=draft.given_name, family=draft.family_name, name=draft.name, local=draft.name_local
        ),
        emails=tuple(map(canonical_email, draft.emails)),
        phones=draft.phones,
        keys=draft.external,
        company=plain_company(draft.company),
        city=latin(fold(draft.city)),
        country=draft.country,
    )


def _forms(given: str, family: str, name: str, local: str, values: Values) -> tuple[Form, ...]:
    """The ways a name is written; a person called by an address or number has none."""
    if not given and not family and any(name in found for found in values.values()):
        name = ""
    return forms(given=given, family=family, name=name, local=local)


def _identities(persons: Collection[int]) -> dict[int, Values]:
    """The addresses, numbers and keys of each person."""
    held = identities_of(persons)
    values = identity_values([identity for ids in held.values() for identity in ids])
    found: dict[int, Values] = defaultdict(lambda: {"email": (), "phone": (), "external": ()})
    for person, ids in held.items():
        of_kind: dict[str, list[str]] = {"email": [], "phone": [], "external": []}
        for identity in ids:
            kind, value = values.get(identity, ("", ""))
            if kind in of_kind:
                of_kind[kind].append(value)
        found[person] = {kind: tuple(texts) for kind, texts in of_kind.items()}
    return found
