"""What can be done with many persons or companies of a list at once, and how it is taken back."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from treaty.fields.forms import OWN, own_cells, own_controls, own_value
from treaty.fields.queries import cell_texts
from treaty.kit.binning import bin_verbs
from treaty.kit.bulk import Arguments, Verb
from treaty.kit.cells import Cells
from treaty.kit.changing import Changing
from treaty.kit.commands.bulk import Outcome
from treaty.people import commands
from treaty.people.forms import CompanyForm, OwnerForm, PersonForm, StageForm, split_tags
from treaty.people.queries import standing
from treaty.people.rules import Back, Stage
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_PEOPLE

Kept = TypeVar("Kept", bound=Hashable)


def may_edit(user: Any) -> bool:
    """Whether a user may change persons and companies."""
    return may(user, EDIT_PEOPLE)


def changed_since() -> str:
    """Why a row is not taken back."""
    return gettext("Somebody changed it since.")


def grouped(kept: Mapping[int, Kept]) -> dict[Kept, list[int]]:
    """Rows by what was kept of them."""
    found: dict[Kept, list[int]] = defaultdict(list)
    for row, value in kept.items():
        found[value].append(row)
    return found


def read_owner(sent: QueryDict) -> Arguments | None:
    """Whose the rows are to be; an empty text for nobody's."""
    form = OwnerForm(sent)
    return {"owner": form.cleaned_data["owner"]} if "owner" in sent and form.is_valid() else None


def give(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give persons to an owner."""
    before = standing.owners_of(rows)
    changing = {row: owner for row, owner in before.items() if owner != told["owner"]}
    commands.assign_owner(list(changing), owner=told["owner"], at=at, by=by)
    return Outcome(changing)


def give_back(kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give persons back to whose they were, if they are still whose they became."""
    now = standing.owners_of(list(kept))
    due = {row: owner for row, owner in kept.items() if row in now and now[row] == told["owner"]}
    for owner, rows in grouped(due).items():
        commands.assign_owner(rows, owner=owner, at=at, by=by)
    return Outcome(due, {row: changed_since() for row in kept.keys() - due.keys()})


def read_tags(sent: QueryDict) -> Arguments | None:
    """The words to put on or take off."""
    words = split_tags(sent.get("tags", ""))
    return {"tags": words} if words else None


def tag(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Put tags on persons; kept are those a person did not wear."""
    worn = standing.worn_of(rows, told["tags"])
    there = standing.held(rows, "id")
    lacking = {row: [name for name in told["tags"] if name not in worn.get(row, ())] for row in there}
    changing = {row: names for row, names in lacking.items() if names}
    if changing:
        commands.tag(list(changing), tags=told["tags"], at=at, by=by)
    return Outcome(changing)


def untag(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Take tags off persons; kept are those a person wore."""
    worn = {row: sorted(names) for row, names in standing.worn_of(rows, told["tags"]).items()}
    if worn:
        commands.untag(list(worn), tags=told["tags"], at=at, by=by)
    return Outcome(worn)


def tag_back(kept: Mapping[int, Any], _told: Arguments, at: datetime, by: int) -> Outcome:
    """Put tags on again."""
    for names, rows in grouped({row: tuple(names) for row, names in kept.items()}).items():
        commands.tag(rows, tags=names, at=at, by=by)
    return Outcome(dict(kept))


def untag_back(kept: Mapping[int, Any], _told: Arguments, at: datetime, by: int) -> Outcome:
    """Take tags off again."""
    for names, rows in grouped({row: tuple(names) for row, names in kept.items()}).items():
        commands.untag(rows, tags=names, at=at, by=by)
    return Outcome(dict(kept))


def read_stage(sent: QueryDict) -> Arguments | None:
    """The stage to enter."""
    form = StageForm(sent)
    return {"stage": form.cleaned_data["stage"]} if form.is_valid() else None


def enter(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Let persons enter a stage; a customer does not become less by hand."""
    before = standing.stages_of(rows)
    changing = [row for row, stage in before.items() if stage != told["stage"]]
    commands.enter_stage(changing, Stage(told["stage"]), at=at, cause="", by=by, back=Back.ALLOWED)
    now = standing.stages_of(changing)
    moved = {row: before[row] for row in changing if now[row] == told["stage"]}
    stayed = gettext("A customer stays one: only a win that is taken back changes that.")
    return Outcome(moved, {row: stayed for row in changing if row not in moved})


def enter_back(kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
    """Let persons enter the stage they stood in, if they stand where they were put."""
    now = standing.stages_of(list(kept))
    due = {row: stage for row, stage in kept.items() if now.get(row) == told["stage"]}
    for stage, rows in grouped(due).items():
        commands.enter_stage(rows, Stage(stage), at=at, cause="", by=by, back=Back.UNDOING)
    return Outcome(due, {row: changed_since() for row in kept.keys() - due.keys()})


def give_companies(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give companies to an owner."""
    before = standing.company_owners_of(rows)
    changing = {row: owner for row, owner in before.items() if owner != told["owner"]}
    commands.change_companies(list(changing), changes={"owner_id": told["owner"]}, at=at, by=by)
    return Outcome(changing)


def give_companies_back(kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
    """Give companies back to whose they were, if they are still whose they became."""
    now = standing.company_owners_of(list(kept))
    due = {row: owner for row, owner in kept.items() if row in now and now[row] == told["owner"]}
    for owner, rows in grouped(due).items():
        commands.change_companies(rows, changes={"owner_id": owner}, at=at, by=by)
    return Outcome(due, {row: changed_since() for row in kept.keys() - due.keys()})


def of_persons(name: str, title: Any, read: Any, apply: Any, revert: Callable[..., Outcome]) -> Verb:
    """A verb of the list of people."""
    return Verb(
        name=f"people.{name}",
        of="people",
        title=title,
        may=may_edit,
        read=read,
        apply=apply,
        revert=revert,
        names=standing.person_labels,
    )


IN_PLACE = ("title", "city", "interest")
"""Columns of persons that are changed in the list, besides the owner."""
OF_COMPANIES = ("sector", "city", "domain", "employees", "founded")
"""The same of companies."""


def person_fields(by: int | None) -> dict[str, forms.Field]:
    """What makes values of the cells of persons, for a user."""
    usual = {key: PersonForm.base_fields[key] for key in IN_PLACE}
    return usual | {"owner": OwnerForm().fields["owner"]} | own_cells("person", by)


def company_fields(by: int | None) -> dict[str, forms.Field]:
    """What makes values of the cells of companies, for a user."""
    usual = {key: CompanyForm.base_fields[key] for key in OF_COMPANIES}
    return usual | {"owner": OwnerForm().fields["owner"]} | own_cells("company", by)


def stored(column: str) -> str:
    """Where a column stands in the row."""
    return "owner_id" if column == "owner" else column


def held_by_persons(rows: Sequence[int], column: str) -> Mapping[int, object]:
    """What persons hold in a column, held fast."""
    if column.startswith(OWN):
        return cell_texts("person", column.removeprefix(OWN), list(standing.held(rows, "id")))
    return standing.held(rows, stored(column))


def held_by_companies(rows: Sequence[int], column: str) -> Mapping[int, object]:
    """What companies hold in a column, held fast."""
    if column.startswith(OWN):
        return cell_texts("company", column.removeprefix(OWN), list(standing.held_by_companies(rows, "id")))
    return standing.held_by_companies(rows, stored(column))


def write_persons(rows: Sequence[int], column: str, value: object, at: datetime, by: int) -> None:
    """Write one value into a cell of each of some persons."""
    if column.startswith(OWN):
        with own_value("person", column, str(value)) as own:
            commands.change_persons(rows, changes={}, own=own, at=at, by=by)
    elif column == "owner":
        commands.assign_owner(rows, owner=value if isinstance(value, int) else None, at=at, by=by)
    else:
        commands.change_persons(rows, changes={column: value}, at=at, by=by)


def write_companies(rows: Sequence[int], column: str, value: object, at: datetime, by: int) -> None:
    """Write one value into a cell of each of some companies."""
    if column.startswith(OWN):
        with own_value("company", column, str(value)) as own:
            commands.change_companies(rows, changes={}, own=own, at=at, by=by)
    else:
        commands.change_companies(rows, changes={stored(column): value}, at=at, by=by)


CELLS = Cells(
    name="people.cells",
    of="people",
    title=gettext_lazy("Change cells of persons"),
    may=may_edit,
    names=standing.person_labels,
    fields=person_fields,
    held=held_by_persons,
    write=write_persons,
)
COMPANY_CELLS = Cells(
    name="companies.cells",
    of="companies",
    title=gettext_lazy("Change cells of companies"),
    may=may_edit,
    names=standing.company_labels,
    fields=company_fields,
    held=held_by_companies,
    write=write_companies,
)

CHANGE = Changing(
    cells=CELLS,
    name="people.change",
    title=gettext_lazy("Change a field of persons"),
    controls=lambda user: person_fields(None) | own_controls("person", user),
)
CHANGE_COMPANIES = Changing(
    cells=COMPANY_CELLS,
    name="companies.change",
    title=gettext_lazy("Change a field of companies"),
    controls=lambda user: company_fields(None) | own_controls("company", user),
)

VERBS = (
    CELLS.verb(),
    COMPANY_CELLS.verb(),
    CHANGE.verb(),
    CHANGE_COMPANIES.verb(),
    *bin_verbs(
        "people",
        "bin",
        put=(gettext_lazy("Put persons into the bin"), commands.bin_persons),
        back=(gettext_lazy("Bring persons back from the bin"), commands.restore_persons),
        may=may_edit,
        names=standing.person_labels,
    ),
    *bin_verbs(
        "companies",
        "company_bin",
        put=(gettext_lazy("Put companies into the bin"), commands.bin_companies),
        back=(gettext_lazy("Bring companies back from the bin"), commands.restore_companies),
        may=may_edit,
        names=standing.company_labels,
    ),
    of_persons("owner", gettext_lazy("Give persons to an owner"), read_owner, give, give_back),
    of_persons("tag", gettext_lazy("Put tags on persons"), read_tags, tag, untag_back),
    of_persons("untag", gettext_lazy("Take tags off persons"), read_tags, untag, tag_back),
    of_persons("stage", gettext_lazy("Move persons to a stage"), read_stage, enter, enter_back),
    Verb(
        name="companies.owner",
        of="companies",
        title=gettext_lazy("Give companies to an owner"),
        may=may_edit,
        read=read_owner,
        apply=give_companies,
        revert=give_companies_back,
        names=standing.company_labels,
    ),
)
