"""The verb that adds one company, or enriches the one of its key or name."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from treaty.people.commands.companies import AddedCompany, add_companies
from treaty.people.commands.company_parents import BadParent
from treaty.people.models import Company
from treaty.people.rules import CompanyDraft, Outcome
from treaty.staff.commands import audit


class CompanyTaken(ValueError):
    """A company of this name or key is there, and may not be changed."""


class CompanyInBin(ValueError):
    """The company of this name or key is in the bin."""


def add_company(
    draft: CompanyDraft,
    *,
    at: datetime,
    by: int | None,
    owner_if_new: int | None = None,
    may_enrich: Callable[[int], bool] | None = None,
) -> AddedCompany:
    """Add one company, or enrich the one of that key or name.

    `owner_if_new` owns a new company; one that is known keeps its owner. `may_enrich` says whether one found may be
    changed: where not, nothing is written and CompanyTaken raised; so are CompanyInBin and BadParent.
    """
    with transaction.atomic():
        (added,) = add_companies([draft], at=at, by=by)
        if added.outcome is Outcome.BINNED:
            raise CompanyInBin
        if added.outcome is Outcome.ROUND:
            raise BadParent("round")
        if added.outcome is not Outcome.NEW and may_enrich and not may_enrich(added.company_id):
            raise CompanyTaken
        if added.outcome is Outcome.NEW and owner_if_new is not None:
            Company.objects.filter(pk=added.company_id).update(owner=owner_if_new)
        if added.outcome is not Outcome.UNCHANGED:
            verb = "company_added" if added.outcome is Outcome.NEW else "company_changed"
            audit(verb, about=("company", added.company_id), changes={}, by=by, at=at)
    return added
