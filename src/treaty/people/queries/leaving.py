"""Persons as they leave: everything that an import can bring in again, page by page."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import QuerySet

from treaty.fields.queries import FieldRow, fields_of, values_of, written
from treaty.ledger.queries import identity_values
from treaty.people.models import Person, PersonIdentity, PersonTag
from treaty.people.queries.bin import binned_persons
from treaty.people.queries.consents import consents_told
from treaty.people.queries.identities import identities_of
from treaty.people.queries.persons import visible_persons
from treaty.people.rules import told_as_cell
from treaty.staff.queries import User, user_names

PAGE = 2_000
PLAIN = (
    "name",
    "name_local",
    "given_name",
    "family_name",
    "title",
    "city",
    "country",
    "language",
    "time_zone",
    "interest",
    "channel",
    "landing_page",
    "stage",
)
Line = dict[str, tuple[str, ...]]
"""The values of each field; most have one, some none."""


def own_columns() -> list[str]:
    """What the fields of persons that the company defined are called in a line."""
    return [_own(row) for row in fields_of("person")]


def _own(row: FieldRow) -> str:
    return f"own.{row.key}"


def person_lines(user: User | None) -> Iterator[Line]:
    """Each person a user may see, in the order in which they came; all of them where no user asks."""
    last, own = 0, fields_of("person")
    while persons := list(_rows(user).filter(pk__gt=last).select_related("company").order_by("pk")[:PAGE]):
        yield from _lines(persons, own)
        last = persons[-1].pk


def _rows(user: User | None) -> "QuerySet[Person]":
    rows = Person.objects.exclude(pk__in=binned_persons()) if user is None else visible_persons(user)
    return rows.filter(forgotten_at=None)


def _lines(persons: Sequence[Person], own: Sequence[FieldRow]) -> Iterator[Line]:
    ids = [person.pk for person in persons]
    held, tags, agreed = identities_of(ids), _tags(ids), consents_told(ids)
    values = identity_values([identity for identities in held.values() for identity in identities])
    owners, labels = user_names([person.owner_id for person in persons]), _labels(ids)
    fields = values_of("person", ids, own)
    for person in persons:
        named = [values[identity] for identity in held[person.pk] if identity in values]
        yield {
            "treaty_id": (str(person.pk),),
            **{name: _some(getattr(person, name)) for name in PLAIN},
            "email": _first(person.email, [value for kind, value in named if kind == "email"]),
            "phone": _first(person.phone, [value for kind, value in named if kind == "phone"]),
            **_labelled(values, held[person.pk], labels),
            "keys": tuple(value for kind, value in named if kind == "external"),
            "company": _some(person.company.name if person.company else ""),
            "owner": _some(owners.get(person.owner_id or 0, "")),
            "tags": tuple(tags[person.pk]),
            "consents": tuple(
                f"{key} {told_as_cell(one)}" for key, one in sorted(agreed.get(person.pk, {}).items())
            ),
            "unsubscribed": ("yes",) if person.unsubscribed_at else (),
            "do_not_call": ("yes",) if person.do_not_call_at else (),
            "added_at": (person.created_at.isoformat(),),
            **{_own(row): _some(written(row, fields[person.pk].get(row.key))) for row in own},
        }


def _labels(persons: Collection[int]) -> dict[int, str]:
    """What identities of persons are: at work, private ..."""
    rows = PersonIdentity.objects.filter(person__in=persons).exclude(label="").order_by("pk")
    return dict(rows.values_list("identity_id", "label"))


def _labelled(
    values: Mapping[int, tuple[str, str]], identities: Collection[int], labels: Mapping[int, str]
) -> Line:
    """Addresses and numbers once more, each under what it is: `email_work`, `phone_mobile` ..."""
    found: dict[str, list[str]] = defaultdict(list)
    for identity in identities:
        if identity in values and identity in labels:
            kind, value = values[identity]
            found[f"{kind}_{labels[identity]}"].append(value)
    return {name: tuple(held) for name, held in found.items()}


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _first(main: str, values: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (main, *values))))


def _tags(persons: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = PersonTag.objects.filter(person__in=persons).order_by("person", "tag__name")
    for person, name in rows.values_list("person_id", "tag__name"):
        found[person].append(name)
    return found
