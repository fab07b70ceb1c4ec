"""One person comes in, by hand or by the API: through the door for many, and listeners hear of it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from treaty.people.commands.add_persons import Added, add_persons
from treaty.people.rules import Outcome, PersonDraft
from treaty.staff.commands import audit


class IdentityTaken(ValueError):
    """Another person holds an identity; `person` says who."""

    def __init__(self, person: int) -> None:
        super().__init__(f"Person {person} holds this identity already.")
        self.person = person


class AreKnown(ValueError):
    """Among some newcomers are persons who are known."""


class Forgotten(ValueError):
    """The draft means somebody who asked to be forgotten: nothing is written."""


class Binned(ValueError):
    """The draft means somebody in the bin: nothing is written."""


def add_person(
    draft: PersonDraft,
    *,
    at: datetime,
    by: int | None,
    source: str,
    owner_if_new: int | None = None,
    may_enrich: Callable[[int], bool] | None = None,
) -> Added:
    """Add one person, or enrich the one who holds the draft's identities; listeners hear of it.

    `owner_if_new` owns a new person; somebody known keeps the owner. `may_enrich` says whether somebody found may be
    changed: where not, nothing is written and IdentityTaken raised. Raises Forgotten and Binned, too, with nothing written.
    """
    with transaction.atomic():
        (added,) = add_persons([draft], at=at, by=by, source=source, quiet=False, owner_if_new=owner_if_new)
        if added.outcome is Outcome.FORGOTTEN:
            raise Forgotten
        if added.outcome is Outcome.BINNED:
            raise Binned
        if added.outcome is not Outcome.NEW and may_enrich and not may_enrich(added.person_id):
            raise IdentityTaken(added.person_id)
        if source == "hand" and added.outcome is not Outcome.UNCHANGED:
            verb = "person_added" if added.outcome is Outcome.NEW else "person_changed"
            audit(verb, about=("person", added.person_id), changes={}, by=by, at=at)
    return added


def add_newcomers(drafts: Sequence[PersonDraft], *, at: datetime, by: int | None, source: str) -> list[Added]:
    """Add a few persons at once, all of whom are new; listeners hear of them. `by` owns those whose draft names no owner.

    Raises AreKnown where somebody is known already, with nothing written if the transaction around it ends so.
    """
    added = add_persons(drafts, at=at, by=by, source=source, quiet=False, owner_if_new=by)
    if any(one.outcome is not Outcome.NEW for one in added):
        raise AreKnown
    return added
