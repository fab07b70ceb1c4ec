"""Takes back what one batch did to companies: what is still as it left it, and nobody built upon."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from treaty.fields.commands import Sheet
from treaty.fields.queries import values_of
from treaty.kit import sql
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import about_company
from treaty.people.commands import bulk
from treaty.people.commands.companies import PLAIN, TABLE, KeptCompany
from treaty.people.commands.company_parents import Lineage
from treaty.people.commands.undoing import OWN, remove_unnamed
from treaty.people.facts import CompanyChanged
from treaty.people.models import Company
from treaty.search.commands import follow
from treaty.search.rules import Kind

RESTORED = (*PLAIN, "external_key", "owner_id", "parent_id")
"""Fields that a batch can change."""


def take_back_companies(kept: Sequence[KeptCompany], *, batch: int, at: datetime, by: int | None) -> int:
    """Make companies again what they were before a batch changed them; how many differ by it. One line a company.

    A field that was changed since keeps its value, and so does a company that would come to stand above itself.
    """
    with transaction.atomic():
        bulk.alone()
        rows = {
            row["id"]: row
            for row in Company.objects.filter(pk__in=[one.company for one in kept])
            .order_by("pk")
            .values("id", *RESTORED)
        }
        here = [one for one in kept if one.company in rows]
        lineage = Lineage(_parents(here))
        told = {one.company: _restored(rows[one.company], one.fields, lineage) for one in here}
        own = _restore_own(here)
        changed = {company: [*fields, *own.get(company, ())] for company, fields in told.items()}
        changed = {company: fields for company, fields in changed.items() if fields}
        values = [(*(rows[one][name] for name in RESTORED), sql.stamp(at), one) for one in changed]
        sql.update_rows(TABLE, (*RESTORED, "changed_at"), values)
        follow(Kind.COMPANY, list(changed))
        record_many(
            [
                Entry(CompanyChanged(tuple(sorted(fields))), about_company(company), at, by, batch=batch)
                for company, fields in changed.items()
            ],
            recorded_at=at,
        )
    return len(changed)


def _parents(kept: Sequence[KeptCompany]) -> set[int]:
    """The companies that some belonged to before, or since."""
    told = (one.fields.get("parent_id", ()) for one in kept)
    return {parent for pair in told for parent in pair if isinstance(parent, int)}


def _restored(row: dict[str, Any], fields: Mapping[str, Sequence[Any]], lineage: Lineage) -> list[str]:
    """Put the fields of a row back; those that differ by it."""
    back = [
        name for name, (before, after) in fields.items() if name in RESTORED and row[name] == after != before
    ]
    if "parent_id" in back:
        parent = fields["parent_id"][0]
        is_there = parent is None or parent in lineage.above
        if is_there and (parent is None or not lineage.closes_round(row["id"], parent)):
            lineage.above[row["id"]] = parent
        else:
            back.remove("parent_id")
    row.update({name: fields[name][0] for name in back})
    return back


def _restore_own(kept: Sequence[KeptCompany]) -> dict[int, list[str]]:
    """Put fields back that the company of this installation defined; those of each company that differ by it."""
    touched = [one for one in kept if any(name.startswith(OWN) for name in one.fields)]
    if not touched:
        return {}
    companies = [one.company for one in touched]
    now, sheet = values_of("company", companies), Sheet("company", companies, takes_retired=True)
    found: dict[int, list[str]] = {}
    for one in touched:
        told = {
            name.removeprefix(OWN): before
            for name, (before, after) in one.fields.items()
            if name.startswith(OWN) and now[one.company].get(name.removeprefix(OWN)) == after
        }
        if told and sheet.put(one.company, told):
            found[one.company] = [f"{OWN}{key}" for key in told]
    sheet.write()
    return found


def remove_added_companies(companies: Collection[int]) -> int:
    """Remove companies that a batch added, that nobody changed since and that nothing names; how many went.

    Who belongs to another company of the batch goes with it.
    """
    gone = 0
    with transaction.atomic():
        rows = Company.objects.filter(pk__in=companies, changed_at__lte=F("created_at"))
        while went := remove_unnamed(rows):
            gone += went
    return gone
