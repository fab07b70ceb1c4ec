"""One value for a field of many rows: what the bar of a list offers, the page that asks for the value, and the verb."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise as Text

from treaty.kit.bulk import Arguments, Verb
from treaty.kit.cells import ADD, PARTED, REPLACE, TAKE, CellField, Cells, SeveralField
from treaty.kit.columns import Column, plain
from treaty.kit.commands.bulk import Outcome
from treaty.kit.counting import counted
from treaty.kit.lists import Action, ListPage
from treaty.kit.web import came_from

SELECTION = ("pick", "all", "query")
"""What of a list's form says which rows are meant."""


def changeable(columns: Sequence[Column[Any]]) -> list[tuple[str, Any]]:
    """The columns whose value many rows may get at once, by key and label."""
    return [(one.key, one.label) for one in columns if one.edit is not None and one.edit.for_many]


def action(columns: Sequence[Column[Any]], url: str) -> Action:
    """What the bar of a list offers: which field, and the button that leads to the page."""
    return Action(gettext_lazy("Change it"), url, "kit/bulk_field.html", {"fields": changeable(columns)})


@dataclass(frozen=True, kw_only=True)
class Changing:
    """What a noun says of the fields of its rows: their cells, and the controls one fills in for a user."""

    cells: Cells
    name: str
    title: Text
    controls: Callable[[Any], Mapping[str, forms.Field]]

    def verb(self) -> Verb:
        """The verb that the page sends."""
        return Verb(
            name=self.name,
            of=self.cells.of,
            title=self.title,
            may=self.cells.may,
            read=self.read,
            ask=self.ask,
            apply=self.apply,
            revert=self.cells.revert,
            names=self.cells.names,
        )

    def read(self, sent: QueryDict) -> Arguments | None:
        """The column and its value, once the page was filled in; an empty value empties it."""
        field = sent.get("field", "")
        if "told" not in sent or field not in self.cells.fields(None):
            return None
        how = sent.get("how") or REPLACE
        return {
            "field": field,
            "how": how,
            "value": PARTED.join(filter(None, map(str.strip, sent.getlist("value")))),
        }

    def ask(self, request: HttpRequest, listed: ListPage[Any]) -> HttpResponse | None:
        """The page that asks for the value of a field, or says why it cannot be; None once it is told, or nothing is asked."""
        key = request.POST.get("field", "")
        control = deepcopy(self.controls(request.user).get(key))  # it may be that of a form of the noun
        label = dict(changeable(listed.columns)).get(key)
        rows = counted(listed.meant(request))
        if control is None or label is None or not rows.number:
            return None
        control.label, control.required = label, False
        asked = {"how": what_to_do()} if tells_several(control) else {}
        form = type("ChangeForm", (forms.Form,), {**asked, "value": control})(
            request.POST if "told" in request.POST else None
        )
        if form.is_valid():
            return None
        kept = [(name, value) for name in SELECTION for value in request.POST.getlist(name)]
        context = {
            "form": form,
            "field": key,
            "label": label,
            "rows": rows,
            "caption": listed.caption,
            "kept": kept,
            "next": came_from(request, "/"),
        }
        return render(request, "kit/bulk_change.html", context, status=422 if form.errors else 200)

    def apply(self, rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
        """Write the value into each row that holds another; kept is what it was and what it became."""
        column, how, text = told["field"], told.get("how", REPLACE), told["value"]
        made = self.cells.fields(by)[column]
        if isinstance(made, CellField):
            text = made.known(text) if how == TAKE else text
            made.ready([text])
        held = self.cells.held(rows, column)
        try:
            value = made.clean(text)
        except ValidationError as error:
            return Outcome(failed=dict.fromkeys(held, " ".join(error.messages)))
        due = {row: plain(before) for row, before in held.items()}
        after = {row: joined(made, before, value, how) for row, before in due.items()}
        alike: dict[str, tuple[Any, list[int]]] = {}
        for row, becomes in after.items():
            if due[row] != plain(becomes):
                alike.setdefault(plain(becomes), (becomes, []))[1].append(row)
        failed: dict[int, str] = {}
        for becomes, some in alike.values():
            failed |= self.cells.give(some, column, becomes, at, by)
        changed = (row for _becomes, some in alike.values() for row in some if row not in failed)
        return Outcome({row: [due[row], plain(after[row])] for row in changed}, failed)


def what_to_do() -> forms.ChoiceField:
    """What to do with the values that rows hold already."""
    choices = [
        (ADD, gettext_lazy("Put these beside what is there")),
        (TAKE, gettext_lazy("Take these off")),
        (REPLACE, gettext_lazy("Put these in place of what is there")),
    ]
    return forms.ChoiceField(label=gettext_lazy("What to do"), choices=choices)


def tells_several(control: forms.Field) -> bool:
    """Whether several values may be told in a control."""
    return isinstance(control, forms.MultipleChoiceField | SeveralField)


def joined(made: forms.Field, before: str, value: Any, how: str) -> Any:
    """What a cell becomes that held something before."""
    if how == REPLACE or not isinstance(made, CellField) or not made.is_several:
        return value
    return made.clean(made.joined(before, value, how))
