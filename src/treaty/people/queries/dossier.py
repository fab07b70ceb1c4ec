"""Everything that people and the ledger know of one person, for the person."""

from typing import Any

from treaty.fields.queries import shown_values
from treaty.ledger.queries import told_of
from treaty.people.models import Person, PersonIdentity, PersonTag
from treaty.people.queries.consents import consents_of
from treaty.people.queries.identities import merged_into, subjects_of
from treaty.people.queries.persons import identity_lines, jobs_of
from treaty.staff.queries import audit_lines

MOST_CHANGES = 10_000
HIDDEN = ("id", "anchor_id", "folded", "company_id", "owner_id")


def known_of(person: int) -> dict[str, Any]:
    """The person's fields, identities, work, tags, consents; what happened between us, and what was changed, oldest first."""
    row = Person.objects.values().get(pk=person)
    links = PersonIdentity.objects.filter(person=person).order_by("identity_id")
    tags = PersonTag.objects.filter(person=person).order_by("tag__name")
    return {
        "person": {name: value for name, value in row.items() if name not in HIDDEN},
        "identities": [
            {"kind": line.kind, "value": line.value, "label": line.label, "is_valid": line.is_valid}
            for line in identity_lines(list(links))
        ],
        "work": [
            {"company": job.company.name, "title": job.title, "since": job.since, "until": job.until}
            for job in jobs_of(Person.objects.get(pk=person))
        ],
        "fields": {one.name: one.text for one in shown_values(None, "person", person)},
        "tags": list(tags.values_list("tag__name", flat=True)),
        "consents": [
            {
                "purpose": one.name,
                "agreed": one.is_given,
                "text": one.shown,
                "version": one.shown_version,
                "at": one.at,
                "how": one.how,
                "place": one.place,
                "note": one.note,
            }
            for one in consents_of(person)
            if one.is_given is not None
        ],
        "touchpoints": told_of(subjects_of(person)),
        "changes": [
            {"at": line.at, "what": line.verb, "fields": line.changes}
            for line in reversed(
                audit_lines(about=("person", [person, *merged_into([person])]), limit=MOST_CHANGES)
            )
        ],
    }
