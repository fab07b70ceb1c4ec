"""Pairs of persons who may be one, as a user may see them: the list, two side by side, and what was merged before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from treaty.fields.queries import FieldRow, fields_of, pointed_to, values_of, words
from treaty.ledger.queries import identity_values
from treaty.people.models import Candidate, Merge, Person
from treaty.people.queries.identities import identities_of
from treaty.people.queries.persons import visible_persons
from treaty.people.rules.duplicates import ALMOST_CERTAIN
from treaty.staff.queries import User, user_names

CHOSEN = (
    "name",
    "name_local",
    "title",
    "company_id",
    "email",
    "phone",
    "city",
    "country",
    "language",
    "time_zone",
    "interest",
    "channel",
    "owner_id",
)
"""The fields of which a user says whose survives, in the order of the page."""


def candidates(user: User | AnonymousUser, state: str = "open") -> "QuerySet[Candidate]":
    """The pairs of a state of which the user may see both persons."""
    return _seen_by(user, Candidate.objects.filter(state=state))


def _seen_by(user: User | AnonymousUser, rows: "QuerySet[Candidate]") -> "QuerySet[Candidate]":
    rows = rows.select_related("one__company", "other__company")
    for side in ("one", "other"):
        rows = rows.filter(Exists(visible_persons(user).filter(pk=OuterRef(side))))
    return rows


def next_candidate(user: User | AnonymousUser) -> int | None:
    """The open pair that is most probably one person."""
    return candidates(user).order_by("-bits", "id").values_list("pk", flat=True).first()


def is_almost_certain(candidate: Candidate) -> bool:
    """Whether hardly anything speaks for two persons."""
    return candidate.bits >= ALMOST_CERTAIN


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both: what stands there, and whose survives unless the user says otherwise ("" where it is the same)."""

    field: str
    one: object
    other: object
    chosen: str
    label: str = ""
    """What a field is called that the company defined."""

    @property
    def differs(self) -> bool:
        """Whether both have something, and not the same."""
        return bool(self.one and self.other and self.one != self.other)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records: the person, and all its addresses, numbers and keys."""

    person: Person
    identities: list[str]


@dataclass(frozen=True, slots=True)
class PairPage:
    """Two records side by side: `one` was here first and survives."""

    candidate: Candidate
    one: Side
    other: Side
    fields: list[Compared]
    is_almost_certain: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both, the one that survives first."""
        return self.one, self.other


def pair_page(user: User | AnonymousUser, candidate: int) -> PairPage | None:
    """One pair as a user sees it; None where there is no such pair for this user."""
    found = _seen_by(user, Candidate.objects.filter(pk=candidate)).first()
    if found is None:
        return None
    one, other = sorted((found.one, found.other), key=lambda person: (person.created_at, person.pk))
    shown = _identities(one.pk, other.pk)
    owners = user_names([one.owner_id, other.owner_id])
    told = [_compared(field, one, other, owners) for field in CHOSEN]
    return PairPage(
        found,
        Side(one, shown[one.pk]),
        Side(other, shown[other.pk]),
        [*told, *_own(user, one.pk, other.pk)],
        is_almost_certain(found),
    )


def _compared(field: str, one: Person, other: Person, owners: Mapping[int, str]) -> Compared:
    ours, theirs = (_value(field, person, owners) for person in (one, other))
    chosen = "" if ours == theirs else "one" if ours else "other"
    return Compared(field, ours, theirs, chosen)


def _own(user: User | AnonymousUser, one: int, other: int) -> list[Compared]:
    """What both hold in the company's own fields, in words."""
    rows = fields_of("person")
    values = values_of("person", [one, other], rows)
    known = pointed_to(user, rows, list(values.values()))

    def told(row: FieldRow, person: int) -> str:
        return words(row, values[person][row.key], known) if row.key in values[person] else ""

    pairs = [(row, told(row, one), told(row, other)) for row in rows]
    return [
        Compared(
            f"own.{row.key}", ours, theirs, "" if ours == theirs else "one" if ours else "other", row.name
        )
        for row, ours, theirs in pairs
    ]


def _value(field: str, person: Person, owners: Mapping[int, str]) -> Any:
    match field:
        case "company_id":
            return person.company.name if person.company else ""
        case "owner_id":
            return owners.get(person.owner_id or 0, "")
    return getattr(person, field)


def _identities(*persons: int) -> dict[int, list[str]]:
    held = identities_of(persons)
    values = identity_values([identity for ids in held.values() for identity in ids])
    return {
        person: [values[identity][1] for identity in held[person] if identity in values] for person in persons
    }


def held_identities(person: int) -> list[tuple[int, str]]:
    """The addresses, numbers and keys of a person, to choose from."""
    held = identities_of([person])[person]
    values = identity_values(held)
    return [(identity, values[identity][1]) for identity in held if identity in values]


@dataclass(frozen=True, slots=True)
class Past:
    """A merge into a person that can be undone."""

    id: int
    name: str
    at: datetime
    by: str


def merges_into(person: int) -> list[Past]:
    """Who was merged into a person and not split off again, the last one first."""
    rows = list(Merge.objects.filter(survivor=person, undone_at=None).order_by("-at", "-id"))
    names = user_names([row.by_id for row in rows])
    return [Past(row.pk, row.name, row.at, names.get(row.by_id or 0, "")) for row in rows]


def merge_survivor(merge: int) -> int | None:
    """Into whom a merge went; None where it was undone or never was."""
    return Merge.objects.filter(pk=merge, undone_at=None).values_list("survivor", flat=True).first()


@dataclass(frozen=True, slots=True)
class Pair:
    """An open pair by ids and names, whoever may see it."""

    one: int
    one_name: str
    other: int
    other_name: str
    bits: float
    reasons: list[tuple[str, str, float]]

    def told(self) -> dict[str, object]:
        """The pair as a document."""
        persons = [{"id": self.one, "name": self.one_name}, {"id": self.other, "name": self.other_name}]
        reasons = [{"field": field, "level": level, "bits": bits} for field, level, bits in self.reasons]
        return {"persons": persons, "bits": self.bits, "reasons": reasons}


def open_pairs(limit: int) -> list[Pair]:
    """The open pairs that are most probably one person each."""
    rows = Candidate.objects.filter(state="open").select_related("one", "other").order_by("-bits", "id")
    return [
        Pair(row.one_id, row.one.name, row.other_id, row.other.name, row.bits, list(map(tuple, row.reasons)))
        for row in rows[:limit]
    ]
