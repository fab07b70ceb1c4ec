"""Many persons or companies told by somebody who may not see everybody: whoever is not seen is neither changed nor told of."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from treaty.people.commands.add_persons import Added, add_persons
from treaty.people.commands.companies import AddedCompany, add_companies
from treaty.people.models import Company
from treaty.people.rules import CompanyDraft, Outcome, PersonDraft

Seen = Callable[[Collection[int]], Collection[int]]
"""Those of some ids that whoever tells may see."""


def upsert_persons(
    drafts: Sequence[PersonDraft], *, at: datetime, by: int | None, source: str, seen: Seen
) -> list[Added | None]:
    """Add or enrich persons, set at once in one transaction; listeners hear of them.

    What came of each draft, in order; None where it means somebody not seen, whom it leaves as they are. Who is new and
    has no owner in the draft belongs to `by`.
    """

    def add(kept: Sequence[PersonDraft]) -> list[Added]:
        return add_persons(kept, at=at, by=by, source=source, quiet=False, owner_if_new=by)

    return _seen_only(drafts, add, lambda one: one.person_id, seen)


def upsert_companies(
    drafts: Sequence[CompanyDraft], *, at: datetime, by: int | None, seen: Seen
) -> list[AddedCompany | None]:
    """Add or enrich companies, set at once in one transaction; as `upsert_persons` does it."""

    def add(kept: Sequence[CompanyDraft]) -> list[AddedCompany]:
        added = add_companies(kept, at=at, by=by)
        mine = [one.company_id for one in added if one.outcome is Outcome.NEW]
        Company.objects.filter(pk__in=mine, owner=None).update(owner=by)
        return added

    return _seen_only(drafts, add, lambda one: one.company_id, seen)


def _seen_only(
    drafts: Sequence[Any], add: Callable[[Sequence[Any]], list[Any]], number: Callable[[Any], int], seen: Seen
) -> list[Any]:
    """Add all drafts; where some mean records that are not seen, nothing of that stays, and the others are added alone."""
    places = list(range(len(drafts)))
    while True:
        with transaction.atomic():
            added = add([drafts[place] for place in places])
            known = {number(one) for one in added} - {
                number(one) for one in added if one.outcome is Outcome.NEW
            }
            unseen = known - set(seen(known))
            if not unseen:
                break
            transaction.set_rollback(True)
        places = [place for place, one in zip(places, added, strict=True) if number(one) not in unseen]
    done = dict(zip(places, added, strict=True))
    return [done.get(place) for place in range(len(drafts))]
