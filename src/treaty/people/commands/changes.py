"""Verbs by which staff correct a person: fields, identities, tags."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from treaty.fields.commands import join_tags, set_values
from treaty.kit import sql
from treaty.ledger.commands import Entry, identify, record_many
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import identity_values
from treaty.people.commands import bulk
from treaty.people.commands.add_person import IdentityTaken
from treaty.people.commands.employments import Work
from treaty.people.commands.person_rows import tags_called
from treaty.people.facts import PersonChanged
from treaty.people.models import Person, PersonIdentity, PersonTag
from treaty.people.queries import person_rows
from treaty.people.rules import LABELS, STATED, folded_name, normalised
from treaty.staff.commands import audit, audit_all

CHANGEABLE = frozenset({*STATED, "company_id"})
NAMES = frozenset({"name", "name_local"})
"""What a person is found by, of what is changed here."""
MAIN = ("email", "phone")
"""The kinds of identity whose main one a person's row repeats."""


def change_person(
    person: int,
    *,
    changes: Mapping[str, object],
    own: Mapping[str, object] | None = None,
    at: datetime,
    by: int | None,
) -> bool:
    """Change fields of a person by hand; whether anything differed. Unlike a draft, a blank value empties a field.

    Who was forgotten stays so. `own` are fields that the company defined. Raises fields.commands.WrongValue.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise ValueError(f"A person has no changeable field {', '.join(sorted(unknown))}.")
    with transaction.atomic(), sql.at_once():
        join_tags("person", own)
        if (row := _held(person)) is None:
            return False
        before = {name: getattr(row, name) for name in CHANGEABLE}
        differing = {name: [before[name], value] for name, value in changes.items() if before[name] != value}
        values = {name: value for name, (_, value) in differing.items()}
        differing |= set_values("person", {person: own}, at=at, by=by).get(person, {}) if own else {}
        if not differing:
            return False
        after = before | values
        if renamed := values.keys() & NAMES:
            values["folded"] = folded_name(str(after["name"]), str(after["name_local"]))
        told = values | {"changed_at": sql.written(at)}
        sql.update_rows("people_person", tuple(told), [(*told.values(), person)])
        (bulk.changed if renamed else bulk.unscanned)([person])
        if "company_id" in values:
            work, old, new = Work([person], at.date()), before["company_id"], values["company_id"]
            title = str(after["title"])
            work.move(
                person, old=old, new=new if isinstance(new, int) else None, was=before["title"], title=title
            )
            work.write()
        audit("person_changed", about=("person", person), changes=differing, by=by, at=at)
        _say_of([row.anchor_id], differing, at=at, by=by)
    return True


def _held(person: int) -> Person | None:
    """A person whom nobody else changes until this transaction ends; None of who was forgotten. Raises DoesNotExist."""
    for row in person_rows([person], held=True):
        return None if row.forgotten_at is not None else row
    raise Person.DoesNotExist


def add_identity(person: int, *, kind: str, value: str, at: datetime, by: int | None, label: str = "") -> int:
    """Give a person a mail address, phone number or external key; its id. Raises BadIdentity, IdentityTaken.

    `label` is one of rules.LABELS. One that did not reach the person does so again.
    """
    country = Person.objects.values_list("country", flat=True).get(pk=person)
    text = normalised(kind, value, country)
    with transaction.atomic():
        bulk.alone()
        identity = identify(kind, text, at=at)
        link, is_new = PersonIdentity.objects.get_or_create(
            identity_id=identity, defaults={"person_id": person, "label": label}
        )
        if link.person_id != person:
            raise IdentityTaken(link.person_id)
        if not is_new:
            PersonIdentity.objects.filter(pk=identity).update(is_valid=True, label=label or link.label)
        choose_main(person, at)
        audit("identity_added", about=("person", person), changes={kind: [None, identity]}, by=by, at=at)
        say_changed([person], [kind], at=at, by=by)
    return identity


def invalidate_identity(person: int, *, identity: int, at: datetime, by: int | None) -> None:
    """An address or number does not reach the person any more; it stays, so that the person is still recognised."""
    _mark(person, identity, at=at, by=by, verb="identity_invalidated", is_valid=False, is_main=False)


def reinstate_identity(person: int, *, identity: int, at: datetime, by: int | None) -> None:
    """An address or number reaches the person after all."""
    main = PersonIdentity.objects.filter(pk=identity, person=person, is_main=True).exists()
    _mark(person, identity, at=at, by=by, verb="identity_reinstated", is_valid=True, is_main=main)


def label_identity(person: int, *, identity: int, label: str, at: datetime, by: int | None) -> bool:
    """Say what an address or number is, in one of rules.LABELS; whether that was news."""
    if label not in LABELS:
        raise ValueError(f"There is no label {label!r}; there are {', '.join(filter(None, LABELS))}.")
    with transaction.atomic():
        rows = PersonIdentity.objects.filter(pk=identity, person=person).exclude(label=label)
        is_changed = bool(rows.update(label=label))
        if is_changed:
            changes: dict[str, list[object]] = {"identity": [identity, identity], "label": [None, label]}
            audit("identity_labelled", about=("person", person), changes=changes, by=by, at=at)
            say_changed([person], ["identity"], at=at, by=by)
    return is_changed


def make_main(person: int, *, identity: int, at: datetime, by: int | None) -> None:
    """An address or number is the one to use first."""
    with transaction.atomic():
        kinds = identity_values(_identities(person))
        alike = [other for other, (kind, _) in kinds.items() if kind == kinds[identity][0]]
        PersonIdentity.objects.filter(person=person, pk__in=alike).update(is_main=False)
        _mark(person, identity, at=at, by=by, verb="identity_made_main", is_valid=True, is_main=True)


def _mark(
    person: int, identity: int, *, at: datetime, by: int | None, verb: str, is_valid: bool, is_main: bool
) -> None:
    with transaction.atomic():
        rows = PersonIdentity.objects.filter(pk=identity, person=person)
        if rows.update(is_valid=is_valid, is_main=is_main):
            choose_main(person, at)
            audit(verb, about=("person", person), changes={"identity": [identity, identity]}, by=by, at=at)
            say_changed([person], ["identity"], at=at, by=by)


def choose_main(person: int, at: datetime) -> None:
    """Repeat the main address and number in the person's row; where none is main the oldest valid one becomes it."""
    links = PersonIdentity.objects.filter(person=person, is_valid=True).order_by("-is_main", "identity_id")
    values = identity_values([link.identity_id for link in links])
    main = dict.fromkeys(MAIN, "")
    for link in links:
        kind, value = values.get(link.identity_id, ("", ""))
        if kind in main and not main[kind]:
            main[kind] = value
            PersonIdentity.objects.filter(pk=link.pk).update(is_main=True)
    Person.objects.filter(pk=person).update(**main, changed_at=at)
    bulk.changed([person])


def _identities(person: int) -> list[int]:
    return list(PersonIdentity.objects.filter(person=person).order_by("pk").values_list("pk", flat=True))


def tag(persons: Collection[int], *, tags: Iterable[str], at: datetime, by: int | None) -> None:
    """Put tags on persons; new words become tags. Who wears them already is left alone."""
    with transaction.atomic():
        ids = tags_called({name for word in tags if (name := " ".join(word.split()))})
        worn = _worn(persons, ids)
        lacking = {
            person: names for person in sorted(set(persons)) if (names := sorted(ids.keys() - worn[person]))
        }
        rows = [(person, ids[name]) for person, names in lacking.items() for name in names]
        sql.write_rows("people_persontag", ("person_id", "tag_id"), rows, tail="ON CONFLICT DO NOTHING")
        if by is not None:
            told = {person: {"tags": [None, names]} for person, names in lacking.items()}
            audit_all("person_tagged", "person", told, by=by, at=at)
        say_changed(lacking, ["tags"], at=at, by=by)


def untag(persons: Collection[int], *, tags: Iterable[str], at: datetime, by: int | None) -> None:
    """Take tags off persons who wear them."""
    with transaction.atomic():
        names = list(tags)
        losing = {person: sorted(worn) for person, worn in sorted(_worn(persons, names).items())}
        PersonTag.objects.filter(tag__name__in=names, person__in=list(losing)).delete()
        if by is not None:
            told = {person: {"tags": [worn, None]} for person, worn in losing.items()}
            audit_all("person_untagged", "person", told, by=by, at=at)
        say_changed(losing, ["tags"], at=at, by=by)


def _worn(persons: Collection[int], names: Iterable[str]) -> defaultdict[int, set[str]]:
    """Which of some tags persons wear."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = PersonTag.objects.filter(tag__name__in=list(names), person__in=sorted(set(persons))).order_by("pk")
    for person, name in rows.values_list("person_id", "tag__name"):
        found[person].add(name)
    return found


def say_changed(persons: Collection[int], fields: Iterable[str], *, at: datetime, by: int | None) -> None:
    """Record that persons were changed, for who scores them."""
    anchors = (
        Person.objects.filter(pk__in=sorted(set(persons))).order_by("pk").values_list("anchor_id", flat=True)
    )
    _say_of(anchors, fields, at=at, by=by)


def _say_of(anchors: Iterable[int], fields: Iterable[str], *, at: datetime, by: int | None) -> None:
    fact = PersonChanged(tuple(sorted(fields)))
    record_many([Entry(fact, about_identity(anchor), at, by) for anchor in anchors], recorded_at=at)
