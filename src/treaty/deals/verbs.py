"""What can be done with many deals of the table at once, and how it is taken back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from treaty.deals import commands
from treaty.deals.queries import many
from treaty.fields.forms import OWN, own_cells, own_controls, own_value
from treaty.fields.queries import cell_texts
from treaty.kit.binning import bin_verbs
from treaty.kit.bulk import Arguments, Verb
from treaty.kit.cells import Cells
from treaty.kit.changing import Changing
from treaty.kit.commands.bulk import Outcome
from treaty.staff import queries as staff
from treaty.staff.rules import EDIT_DEALS


def may_edit(user: Any) -> bool:
    """Whether a user may change deals."""
    return staff.may(user, EDIT_DEALS)


def read_owner(sent: QueryDict) -> Arguments | None:
    """Whose the deals are to be; empty for nobody's."""
    asked = sent.get("owner")
    known = {str(one): one for one, _name in staff.colleague_names()}
    return {"owner": known.get(asked or "")} if asked in {"", *known} else None


def give(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give deals to an owner."""
    before = many.owners_of(rows)
    changing = {row: owner for row, owner in before.items() if owner != told["owner"]}
    commands.change_deals(list(changing), changes={"owner_id": told["owner"]}, at=at, by=by)
    return Outcome(changing)


def give_back(kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give deals back to whose they were, if they are still whose they became."""
    now = many.owners_of(list(kept))
    due = {row: owner for row, owner in kept.items() if row in now and now[row] == told["owner"]}
    theirs: dict[int | None, list[int]] = defaultdict(list)
    for row, owner in due.items():
        theirs[owner].append(row)
    for owner, deals in theirs.items():
        commands.change_deals(deals, changes={"owner_id": owner}, at=at, by=by)
    since = gettext("Somebody changed it since.")
    return Outcome(due, dict.fromkeys(kept.keys() - due.keys(), since))


COLUMNS = {"close": "close_on", "product": "product", "owner": "owner_id"}
"""Columns of the table that are changed in it, and where they stand."""


def fields(by: int | None) -> dict[str, forms.Field]:
    """What makes values of the cells, for a user."""
    owners = [("", gettext("Nobody")), *((str(one), name) for one, name in staff.colleague_names())]
    return {
        "close": forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"})),
        "product": forms.CharField(required=False, max_length=120),
        "owner": forms.TypedChoiceField(required=False, choices=owners, coerce=int, empty_value=None),
        **own_cells("deal", by),
    }


def held(rows: Sequence[int], column: str) -> Mapping[int, object]:
    """What deals hold in a column, held fast."""
    if column.startswith(OWN):
        return cell_texts("deal", column.removeprefix(OWN), list(many.held(rows, "id")))
    return many.held(rows, COLUMNS[column])


def write(rows: Sequence[int], column: str, value: Any, at: datetime, by: int) -> None:
    """Write one value into a cell of each of some deals."""
    if column.startswith(OWN):
        with own_value("deal", column, value) as own:
            commands.change_deals(rows, changes={}, own=own, at=at, by=by)
    else:
        commands.change_deals(rows, changes={COLUMNS[column]: value}, at=at, by=by)


CELLS = Cells(
    name="deals.cells",
    of="deals",
    title=gettext_lazy("Change cells of deals"),
    may=may_edit,
    names=many.deal_names,
    fields=fields,
    held=held,
    write=write,
)

CHANGE = Changing(
    cells=CELLS,
    name="deals.change",
    title=gettext_lazy("Change a field of deals"),
    controls=lambda user: fields(None) | own_controls("deal", user),
)

VERBS = (
    CELLS.verb(),
    CHANGE.verb(),
    *bin_verbs(
        "deals",
        "deal_bin",
        put=(gettext_lazy("Put deals into the bin"), commands.bin_deals),
        back=(gettext_lazy("Bring deals back from the bin"), commands.restore_deals),
        may=may_edit,
        names=many.deal_names,
    ),
    Verb(
        name="deals.owner",
        of="deals",
        title=gettext_lazy("Give deals to an owner"),
        may=may_edit,
        read=read_owner,
        apply=give,
        revert=give_back,
        names=many.deal_names,
    ),
)
