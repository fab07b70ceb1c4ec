"""Verbs of the bin for companies: they leave what people look at, come back with all they had, or go for good after a month."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from treaty.documents.commands import erase_documents
from treaty.fields.commands import erase_values, forget_pointed
from treaty.fields.rules import Kind as FieldKind
from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, erase_readable, record_many
from treaty.ledger.facts import Fact, about_company
from treaty.people.commands import bulk
from treaty.people.commands.changes import say_changed
from treaty.people.commands.companies import EMPTY
from treaty.people.commands.work import settle
from treaty.people.facts import CompanyBinned, CompanyErased, CompanyRestored
from treaty.people.models import BinnedCompany, Company, Employment, Person
from treaty.people.queries.bin import binned_companies, companies_due_in_bin
from treaty.people.rules import KEPT_FOR
from treaty.search.commands import follow, write
from treaty.search.rules import Kind
from treaty.staff.commands import audit_each, erase_changes

AT_ONCE = 100
"""Companies purged in one transaction, with the links of all who work there."""
PART = 1_000
"""Persons of whom the ledger is told at once."""


def bin_companies(
    companies: Collection[int], *, at: datetime, by: int | None, cause: str = "hand"
) -> list[int]:
    """Put companies into the bin; those that were not there. Persons and deals keep their links, and nothing is erased."""
    with transaction.atomic():
        bulk.alone()
        rows = among(Company, "id", companies).exclude(pk__in=binned_companies())
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        binned = [(one, sql.written(at), by, cause) for one in ids]
        sql.write_rows("people_binnedcompany", ("company_id", "at", "by_id", "cause"), binned)
        write(Kind.COMPANY, ids, ())
        _tell(CompanyBinned(cause), ids, at=at, by=by)
        audit_each("company_binned", "company", ids, changes={}, by=by, at=at)
    return ids


def restore_companies(
    companies: Collection[int], *, at: datetime, by: int | None, cause: str = "hand"
) -> list[int]:
    """Bring companies back from the bin; those that were there."""
    with transaction.atomic():
        bulk.alone()
        rows = among(BinnedCompany, "company_id", companies).filter(purged_at=None).order_by("pk")
        ids = list(rows.values_list("pk", flat=True))
        among(BinnedCompany, "company_id", ids).delete()
        follow(Kind.COMPANY, ids)
        _tell(CompanyRestored(cause), ids, at=at, by=by)
        audit_each("company_restored", "company", ids, changes={}, by=by, at=at)
    return ids


def purge_companies(*, at: datetime) -> int:
    """Empty the companies that lay in the bin for KEPT_FOR; how many. Nobody works there any more; deals and sums stay."""
    purged = 0
    while companies := companies_due_in_bin(before=at - KEPT_FOR, limit=AT_ONCE):
        with transaction.atomic():
            bulk.alone()
            _unlink(companies, at)
            _erase(companies, at)
            BinnedCompany.objects.filter(pk__in=companies).update(purged_at=at)
            _tell(CompanyErased(), companies, at=at, by=None)
            audit_each("company_erased", "company", companies, changes={}, by=None, at=at)
        purged += len(companies)
    return purged


def _unlink(companies: Collection[int], at: datetime) -> None:
    """Whoever works there works at the other company it has, or at none; the job title stays with whoever has no other."""
    persons = list(Person.objects.filter(company__in=companies).order_by("pk").values_list("pk", flat=True))
    Employment.objects.filter(company__in=companies).delete()
    has_other = among(Employment, "person_id", persons).filter(until=None).values_list("person_id", flat=True)
    for person in sorted(set(has_other)):
        settle(person)
    Person.objects.filter(company__in=companies).update(company=None)
    among(Person, "id", persons).update(changed_at=at)
    bulk.changed(persons)
    for start in range(0, len(persons), PART):
        say_changed(persons[start : start + PART], ["company_id", "work"], at=at, by=None)
    Company.objects.filter(parent__in=companies).update(parent=None)
    forget_pointed(FieldKind.COMPANY, companies)


def _erase(companies: Collection[int], at: datetime) -> None:
    """Everything that can be read of companies."""
    blank = EMPTY | {"name": "", "folded": ""}
    Company.objects.filter(pk__in=companies).update(**blank, changed_at=at)
    erase_values("company", companies)
    erase_documents("company", companies)
    erase_readable([about_company(one) for one in companies])
    erase_changes("company", companies)


def _tell(fact: Fact, companies: Iterable[int], *, at: datetime, by: int | None) -> None:
    record_many([Entry(fact, about_company(one), at, by) for one in companies], recorded_at=at)
