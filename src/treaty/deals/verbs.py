"""What can be done with many deals of the table at once, and how it is taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from treaty.deals import commands
from treaty.deals.queries import many
from treaty.kit.bulk import Arguments, Verb
from treaty.kit.commands.bulk import Outcome
from treaty.staff import queries as staff
from treaty.staff.rules import EDIT_DEALS


def may_edit(user: Any) -> bool:
    """Whether a user may change deals."""
    return staff.may(user, EDIT_DEALS)


def read_owner(sent: QueryDict) -> Arguments | None:
    """Whose the deals are to be; empty for nobody's."""
    asked = sent.get("owner", "")
    known = {str(one): one for one, _name in staff.colleague_names()}
    return {"owner": known.get(asked)} if asked in {"", *known} else None


def give(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give deals to an owner."""
    before = many.owners_of(rows)
    changing = {row: owner for row, owner in before.items() if owner != told["owner"]}
    for row in changing:
        commands.change_deal(row, owner=told["owner"], at=at, by=by)
    return Outcome(changing)


def give_back(kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give deals back to whose they were, if they are still whose they became."""
    now = many.owners_of(list(kept))
    due = {row: owner for row, owner in kept.items() if row in now and now[row] == told["owner"]}
    for row, owner in due.items():
        commands.change_deal(row, owner=owner, at=at, by=by)
    since = gettext("Somebody changed it since.")
    return Outcome(due, dict.fromkeys(kept.keys() - due.keys(), since))


VERBS = (
    Verb(
        name="deals.owner",
        of="deals",
        title=gettext_lazy("Give deals to an owner"),
        may=may_edit,
        read=read_owner,
        apply=give,
        revert=give_back,
        names=many.deal_names,
        part=50,
    ),
)
