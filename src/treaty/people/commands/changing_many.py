"""Correcting many persons or companies alike: one value for a field of all of them, set at once."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from treaty.fields.commands import join_tags, set_values
from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import about_company, about_identity
from treaty.people.commands import bulk
from treaty.people.facts import CompanyChanged, PersonChanged
from treaty.people.models import Company
from treaty.people.queries import person_rows
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit_all

ALIKE = frozenset({"title", "country", "language", "city", "time_zone", "interest"})
"""What many persons may have alike; names are nobody else's, and a company brings employment along."""
ALIKE_COMPANIES = frozenset({"owner_id", "sector", "city", "country", "domain", "employees", "founded"})
"""The same of companies."""


def change_persons(
    persons: Collection[int],
    *,
    changes: Mapping[str, object],
    own: Mapping[str, object] | None = None,
    at: datetime,
    by: int | None,
) -> int:
    """Give persons the same values by hand; how many held others. Raises fields.commands.WrongValue."""
    if unknown := changes.keys() - ALIKE:
        raise ValueError(f"Persons have no {', '.join(sorted(unknown))} alike.")
    with transaction.atomic():
        join_tags("person", own)
        rows = {row.pk: row for row in person_rows(persons, held=True) if row.forgotten_at is None}
        differing: dict[int, dict[str, list[object]]] = {
            pk: {
                name: [held, value]
                for name, value in changes.items()
                if (held := getattr(row, name)) != value
            }
            for pk, row in rows.items()
        }
        if own:
            for pk, changed in set_values("person", dict.fromkeys(rows, own), at=at, by=by).items():
                differing[pk] |= changed
        differing = {pk: changed for pk, changed in differing.items() if changed}
        columns = (*changes, "changed_at")
        sql.update_rows(
            "people_person", columns, [(*changes.values(), sql.written(at), pk) for pk in differing]
        )
        bulk.unscanned(differing)
        audit_all("person_changed", "person", differing, by=by, at=at)
        record_many(
            [
                Entry(PersonChanged(tuple(sorted(changed))), about_identity(rows[pk].anchor_id), at, by)
                for pk, changed in differing.items()
            ],
            recorded_at=at,
        )
    return len(differing)


def change_companies(
    companies: Collection[int],
    *,
    changes: Mapping[str, object],
    own: Mapping[str, object] | None = None,
    at: datetime,
    by: int | None,
) -> int:
    """Give companies the same values by hand; how many held others. Raises fields.commands.WrongValue."""
    if unknown := changes.keys() - ALIKE_COMPANIES:
        raise ValueError(f"Companies have no {', '.join(sorted(unknown))} alike.")
    with transaction.atomic():
        join_tags("company", own)
        rows = among(Company, "id", companies).select_for_update().order_by("pk").values("id", *changes)
        differing: dict[int, dict[str, list[object]]] = {
            row["id"]: {name: [row[name], value] for name, value in changes.items() if row[name] != value}
            for row in rows
        }
        if own:
            for pk, changed in set_values("company", dict.fromkeys(differing, own), at=at, by=by).items():
                differing[pk] |= changed
        differing = {pk: changed for pk, changed in differing.items() if changed}
        if not differing:
            return 0
        among(Company, "id", differing).update(**changes, changed_at=at)
        follow(Kind.COMPANY, differing)
        audit_all("company_changed", "company", differing, by=by, at=at)
        record_many(
            [
                Entry(CompanyChanged(tuple(sorted(changed))), about_company(pk), at, by)
                for pk, changed in differing.items()
            ],
            recorded_at=at,
        )
    return len(differing)
