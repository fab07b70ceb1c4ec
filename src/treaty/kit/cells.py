"""Cells of a list changed in place: a verb for many rows that writes what each cell became, unless somebody was faster."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrPromise as Text

from treaty.kit.bulk import Arguments, Verb
from treaty.kit.columns import plain
from treaty.kit.commands.bulk import Outcome
from treaty.kit.lists import MOST_TICKED

PARTED = "; "
"""Stands between several values of one cell."""


ADD, TAKE, REPLACE = "add", "take", "replace"
"""What is done with several values that many rows get: put beside those they have, taken from them, or put in their place."""


class CellField(forms.Field):
    """What makes the text that a cell holds out of what it shows or what somebody typed, where the two differ."""

    is_several = False
    """Whether a cell may hold several values, parted by `PARTED`."""

    def held(self, shown: str) -> str:
        """What a cell holds that shows this."""
        return shown

    def joined(self, held: str, told: str, how: str) -> str:
        """What a cell becomes that holds some values and to which others are added, or from which they are taken."""
        worn, meant = (list(filter(None, text.split(PARTED))) for text in (held, told))
        kept = [one for one in worn if one not in meant]
        return PARTED.join(kept if how == TAKE else [*worn, *(one for one in meant if one not in worn)])

    def ready(self, texts: Iterable[str]) -> None:
        """What is to be there before rows are held that get these."""

    def known(self, text: str) -> str:
        """What of several values a row may hold already."""
        return text

    def again(self, held: str) -> Any:
        """What is written so that a cell holds this as it did before."""
        return self.clean(held)

    def words(self, held: str) -> str:
        """What a cell holds, as people read it."""
        return held


class SeveralField(forms.Field):
    """A control in which one tells several values in one line."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What a noun says of the cells of its list: which columns, what rows hold, and how a value is written."""

    name: str
    of: str
    title: Text
    may: Callable[[Any], bool]
    names: Callable[[Sequence[int]], Mapping[int, str]]
    fields: Callable[[int | None], Mapping[str, forms.Field]]
    """By the column's key, what makes a value of what a user typed, or refuses it."""
    held: Callable[[Sequence[int], str], Mapping[int, object]]
    """What rows hold in a column, held fast until the transaction ends."""
    write: Callable[[Sequence[int], str, Any, datetime, int], object]
    """Writes one value into the column of some rows at once. Raises ValidationError, with nothing written."""

    def give(self, rows: Sequence[int], column: str, value: Any, at: datetime, by: int) -> dict[int, str]:
        """Write one value into rows; why it could not be, by the row."""
        try:
            self.write(rows, column, value, at, by)
        except ValidationError as error:
            return dict.fromkeys(rows, " ".join(error.messages))
        return {}

    def verb(self) -> Verb:
        """The verb that the list's form sends."""
        return Verb(
            name=self.name,
            of=self.of,
            title=self.title,
            may=self.may,
            read=self.read,
            apply=self.apply,
            revert=self.revert,
            names=self.names,
            part=50,
            rows=lambda told: [int(row) for row in told["rows"]],
            nothing=gettext_lazy("Nothing was changed."),
            column=itemgetter("field"),
        )

    def read(self, sent: QueryDict) -> Arguments | None:
        """The column, and what each changed cell was and is to be."""
        column, rows = sent.get("field", ""), {}
        for key in list(sent)[: 4 * MOST_TICKED]:
            row = key.removeprefix("cell-")
            was, now = (
                sent.get(f"was-{row}", ""),
                PARTED.join(filter(None, map(str.strip, sent.getlist(key)))),
            )
            if key.startswith("cell-") and row.isdecimal() and was.strip() != now:
                rows[row] = [was, now]
        return {"field": column, "rows": rows} if rows and column in self.fields(None) else None

    def apply(self, rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
        """Write each cell that still holds what its form showed; kept is what it was and what it became."""
        column, pairs = told["field"], told["rows"]
        made = self.fields(by)[column]
        if isinstance(made, CellField):
            made.ready(now for _was, now in pairs.values())
        held = self.held(rows, column)
        done: dict[int, object] = {}
        failed: dict[int, str] = {}
        for row in (row for row in rows if str(row) in pairs and row in held):
            was, now = pairs[str(row)]
            if plain(held[row]) != _held(made, was):
                failed[row] = meanwhile(made, held[row])
                continue
            try:
                value = made.clean(now)
                self.write([row], column, value, at, by)
            except ValidationError as error:
                failed[row] = " ".join(error.messages)
                continue
            done[row] = [plain(held[row]), plain(value)]
        return Outcome(done, failed)

    def revert(self, kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
        """Write back what each cell was, where it still holds what was written."""
        column = told["field"]
        held, made = self.held(list(kept), column), self.fields(by)[column]
        failed: dict[int, str] = {}
        alike: dict[str, list[int]] = defaultdict(list)
        for row, (before, after) in kept.items():
            if row not in held:
                failed[row] = gettext("It is not there any more.")
            elif plain(held[row]) != after:
                failed[row] = meanwhile(made, held[row])
            else:
                alike[before].append(row)
        for before, rows in alike.items():
            try:
                value = made.again(before) if isinstance(made, CellField) else made.clean(before)
            except ValidationError as error:
                failed |= dict.fromkeys(rows, " ".join(error.messages))
                continue
            failed |= self.give(rows, column, value, at, by)
        return Outcome({row: pair for row, pair in kept.items() if row not in failed}, failed)


def _held(made: forms.Field, shown: str) -> str:
    return made.held(shown) if isinstance(made, CellField) else shown


def meanwhile(made: forms.Field, value: object) -> str:
    """Why a cell was left as it is."""
    now = _words(made, plain(value))
    if not now:
        return gettext("Somebody changed it meanwhile; it is empty now.")
    return gettext("Somebody changed it meanwhile; it is “%(value)s” now.") % {"value": now}


def _words(made: forms.Field, held: str) -> str:
    """What a cell holds, as people read it: of a choice its name."""
    if isinstance(made, CellField):
        return made.words(held)
    choices: Any = made.choices if isinstance(made, forms.ChoiceField) else ()
    return next((str(name) for value, name in choices if plain(value) == held), held)
