"""Cells of a list changed in place: a verb for many rows that writes what each cell became, unless somebody was faster."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django_stubs_ext import StrPromise as Text

from treaty.kit.bulk import Arguments, Verb
from treaty.kit.columns import plain
from treaty.kit.commands.bulk import Outcome
from treaty.kit.lists import MOST_TICKED


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What a noun says of the cells of its list: which columns, what rows hold, and how a value is written."""

    name: str
    of: str
    title: Text
    may: Callable[[Any], bool]
    names: Callable[[Sequence[int]], Mapping[int, str]]
    fields: Callable[[], Mapping[str, forms.Field]]
    """By the column's key, what makes a value of what was typed, or refuses it."""
    held: Callable[[Sequence[int], str], Mapping[int, object]]
    """What rows hold in a column, held fast until the transaction ends."""
    write: Callable[[int, str, Any, datetime, int], object]
    """Writes a value into a row's column."""

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
        )

    def read(self, sent: QueryDict) -> Arguments | None:
        """The column, and what each changed cell was and is to be."""
        column, rows = sent.get("field", ""), {}
        for key in list(sent)[: 4 * MOST_TICKED]:
            row = key.removeprefix("cell-")
            was, now = sent.get(f"was-{row}", ""), sent.get(key, "").strip()
            if key.startswith("cell-") and row.isdecimal() and was != now:
                rows[row] = [was, now]
        return {"field": column, "rows": rows} if rows and column in self.fields() else None

    def apply(self, rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
        """Write each cell that still holds what its form showed."""
        column, pairs = told["field"], told["rows"]
        held, made = self.held(rows, column), self.fields()[column]
        done: dict[int, object] = {}
        failed: dict[int, str] = {}
        for row in (row for row in rows if str(row) in pairs and row in held):
            was, now = pairs[str(row)]
            if plain(held[row]) != was:
                failed[row] = meanwhile(held[row])
                continue
            try:
                value = made.clean(now)
            except ValidationError as error:
                failed[row] = " ".join(error.messages)
                continue
            self.write(row, column, value, at, by)
            done[row] = plain(held[row])
        return Outcome(done, failed)

    def revert(self, kept: Mapping[int, Any], told: Arguments, at: datetime, by: int) -> Outcome:
        """Write back what each cell was, where it still holds what was written."""
        column, pairs = told["field"], told["rows"]
        held, made = self.held(list(kept), column), self.fields()[column]
        done: dict[int, object] = {}
        failed: dict[int, str] = {}
        for row, before in kept.items():
            if row not in held or plain(held[row]) != plain(made.clean(pairs[str(row)][1])):
                failed[row] = meanwhile(held.get(row))
                continue
            self.write(row, column, made.clean(before), at, by)
            done[row] = before
        return Outcome(done, failed)


def meanwhile(value: object) -> str:
    """Why a cell was left as it is."""
    return gettext("Somebody changed it meanwhile; it is “%(value)s” now.") % {"value": plain(value)}
