"""Takes back what one batch of drafts brought: what is still as it left it, and nobody built upon."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.reverse_related import ForeignObjectRel

from treaty.fields.commands import Sheet, erase_values
from treaty.fields.queries import pointed_at, values_of
from treaty.fields.rules import Kind as FieldKind
from treaty.kit import sql
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import Fact, about_identity
from treaty.ledger.queries import subjects_elsewhere
from treaty.people.commands import bulk, person_rows
from treaty.people.commands.kept import CONSENTS, Kept, plain
from treaty.people.commands.person_rows import PLAIN, Row
from treaty.people.facts import ContactAllowed, ImportUndone, OwnerAssigned, StageEntered
from treaty.people.models import Company, Employment, Person, PersonIdentity, PersonTag
from treaty.people.projections import refold_consents
from treaty.people.queries import identities_of
from treaty.search.commands import write
from treaty.search.rules import Kind

OWN = "own."
"""How fields that the company defined are told apart."""
FOLDED = frozenset({"stage", "owner_id"})
"""What a person's row repeats from the ledger: taken back by a fact, not by writing."""


def take_back(
    kept: Sequence[Kept], *, batch: int, undone: Collection[int], at: datetime, by: int | None
) -> int:
    """Make persons again what they were before a batch changed them; how many differ by it. One line a person.

    What was changed since stays, and so does an identity that something happened to since, but in batches `undone`.
    """
    with transaction.atomic():
        bulk.alone()
        rows = person_rows.stored([each.person for each in kept])
        here = [(each, rows[each.person]) for each in kept if each.person in rows]
        present = [(each, row) for each, row in here if row.values["forgotten_at"] is None]
        own = _restore_own([each for each, _row in present])
        facts = [
            entry
            for each, row in present
            for entry in _restored(each, row, batch, at, by, is_different=each.person in own)
        ]
        _unlink([each for each, _row in present], {batch, *undone})
        changed = {entry.about.id for entry in facts}
        person_rows.write((row for _each, row in present if row.is_changed), at)
        record_many(facts, recorded_at=at)
        refold_consents([each.person for each, _row in present if CONSENTS in each.fields])
        bulk.changed(row.id for _each, row in present)
    return len(changed)


def _restore_own(kept: Sequence[Kept]) -> set[int]:
    """Put fields back that the company defined; the persons that differ by it."""
    persons = [each.person for each in kept if any(name.startswith(OWN) for name in each.fields)]
    if not persons:
        return set()
    now, sheet = values_of("person", persons), Sheet("person", persons, takes_retired=True)
    changed = set()
    for each in kept:
        told = {
            name.removeprefix(OWN): before
            for name, (before, after) in each.fields.items()
            if name.startswith(OWN) and now[each.person].get(name.removeprefix(OWN)) == after
        }
        if told and sheet.put(each.person, told):
            changed.add(each.person)
    sheet.write()
    return changed


def _restored(
    each: Kept, row: Row, batch: int, at: datetime, by: int | None, *, is_different: bool
) -> Iterable[Entry]:
    """Put the fields of a row back; the facts that say so."""
    told: list[Fact] = []
    is_different = is_different or bool(each.identities or each.tags or each.companies)
    is_different = is_different or CONSENTS in each.fields
    for name, (before, after) in each.fields.items():
        if name.startswith((OWN, CONSENTS)) or before == after or plain(row.values[name]) != after:
            continue
        is_different = True
        if name == "stage":
            told.append(StageEntered(str(before), back=True, undoes=True))
        elif name == "owner_id":
            told.append(OwnerAssigned(before if isinstance(before, int) else None))
        elif name in {"unsubscribed_at", "do_not_call_at"}:
            told.append(ContactAllowed("mail" if name == "unsubscribed_at" else "call"))
        elif name in PLAIN:
            row.values[name], row.is_changed = before, True
    told += [ImportUndone(batch)] if is_different else []
    return [Entry(fact, about_identity(row.anchor), at, by, batch=batch) for fact in told]


def _unlink(kept: Sequence[Kept], batches: Collection[int]) -> None:
    """Take away the identities, tags and work that came."""
    linked = [identity for each in kept for identity in each.identities]
    idle = sorted(set(linked) - subjects_elsewhere(linked, batches=batches))
    persons = [each.person for each in kept]
    PersonIdentity.objects.filter(person__in=persons, pk__in=idle).delete()
    worn = {(each.person, tag) for each in kept for tag in each.tags}
    employed = {(each.person, company) for each in kept for company in each.companies}
    tags = PersonTag.objects.filter(person__in=persons).order_by("pk").values_list("pk", "person", "tag")
    PersonTag.objects.filter(pk__in=[pk for pk, *pair in tags if tuple(pair) in worn]).delete()
    _end_work(kept, employed)


def _end_work(kept: Sequence[Kept], employed: Collection[tuple[int, int]]) -> None:
    """Jobs that came go, where nobody told more of them; those that ended for them go on."""
    before = {each.person: each.fields["company_id"][0] for each in kept if "company_id" in each.fields}
    persons = sorted({person for person, _company in employed})
    rows = list(Employment.objects.filter(person__in=persons).order_by("-until", "pk"))
    came = [
        row for row in rows if (row.person_id, row.company_id) in employed and not row.until and not row.title
    ]
    ended = {
        (row.person_id, row.until): row.pk
        for row in rows
        if row.until and row.company_id == before.get(row.person_id)
    }
    going = [row for row in came if row.since is None or (row.person_id, row.since) in ended]
    again = [ended[row.person_id, row.since] for row in going if row.since]
    Employment.objects.filter(pk__in=[row.pk for row in going]).delete()
    Employment.objects.filter(pk__in=again).update(until=None)


def take_back_stages(
    kept: Mapping[int, Sequence[object]], *, batch: int, at: datetime, by: int | None
) -> set[int]:
    """Persons who still stand where a batch led them stand again where they stood before; who they are.

    `kept` is {person: (stage before, stage after)}. It is told for the moment at which they entered, so that whoever is
    led there again enters after it.
    """
    with transaction.atomic():
        bulk.alone()
        rows = {
            person: row
            for person, row in person_rows.stored(sorted(kept)).items()
            if row.values["stage"] == kept[person][1] and row.values["forgotten_at"] is None
        }
        facts = [
            Entry(
                StageEntered(str(kept[person][0]), back=True, undoes=True),
                about_identity(row.anchor),
                sql.moment(row.values["stage_since"]),
                by,
                known_at=at,
                batch=batch,
            )
            for person, row in rows.items()
        ]
        record_many(facts, recorded_at=at)
        bulk.changed(rows)
    return set(rows)


def remove_added(
    persons: Collection[int],
    *,
    batch: int,
    undone: Collection[int],
    besides: Collection[str],
    at: datetime,
    by: int | None,
) -> int:
    """Remove persons whom a batch added and with whom nothing happened since; how many went.

    What happened is every fact outside of this batch and those that were `undone`, but those of the kinds `besides`; and
    what other nouns hold of them.
    """
    with transaction.atomic():
        bulk.alone()
        named = identities_of(persons)
        every = [identity for identities in named.values() for identity in identities]
        busy = subjects_elsewhere(every, batches={batch, *undone}, besides=besides)
        idle = {person for person, identities in named.items() if not busy & set(identities)}
        idle -= _held(idle) | pointed_at(FieldKind.PERSON, idle)
        rows = person_rows.stored(idle)
        fact = ImportUndone(batch)
        facts = [Entry(fact, about_identity(row.anchor), at, by, batch=batch) for row in rows.values()]
        write(Kind.PERSON, sorted(idle), ())
        erase_values("person", idle)
        Person.objects.filter(pk__in=sorted(idle)).delete()
        record_many(facts, recorded_at=at, quiet=True)
    return len(idle)


def _held(persons: Collection[int]) -> set[int]:
    """Persons whom rows of other nouns name that would live on without them, such as deals."""
    found: set[int] = set()
    for field in _naming(Person):
        if field.remote_field.on_delete is models.SET_NULL:
            rows = field.model._base_manager.filter(**{f"{field.name}__in": sorted(persons)})
            found.update(rows.values_list(field.attname, flat=True))
    return found


def remove_companies_of(*, added_at: datetime) -> int:
    """Remove companies that were added at one moment, by the names of persons, and that nothing names; how many went."""
    rows = Company.objects.filter(created_at=added_at, changed_at=added_at, external_key=None)
    with transaction.atomic():
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        held = {one for one, values in values_of("company", ids).items() if values}
        return remove_unnamed(rows.exclude(pk__in=held))


def remove_unnamed(rows: "models.QuerySet[Company]") -> int:
    """Remove companies that nothing names, with the fields one defined; how many went. Within a transaction."""
    for field in _naming(Company):
        rows = rows.exclude(Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})))
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    used = pointed_at(FieldKind.COMPANY, ids)
    ids = [one for one in ids if one not in used]
    write(Kind.COMPANY, ids, ())
    erase_values("company", ids)
    Company.objects.filter(pk__in=ids).delete()
    return len(ids)


def _naming(model: type[models.Model]) -> list["models.ForeignKey[Any, Any]"]:
    """The foreign keys of all nouns that name rows of a model."""
    relations = model._meta.get_fields(include_hidden=True)
    fields = [each.field for each in relations if isinstance(each, ForeignObjectRel)]
    return [field for field in fields if isinstance(field, models.ForeignKey)]
