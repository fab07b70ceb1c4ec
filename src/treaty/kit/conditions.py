"""Conditions of a list as its address carries them: `where=1.stage.is:lead|mql`, a group, a field, what is said, values.

All conditions of a group hold together; the rows of any group are shown. What makes no sense is left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from operator import and_, or_
from typing import Any
from urllib.parse import unquote

from django.db.models import Q
from django.utils.translation import gettext

from treaty.kit.fields import CHOICE, IN_DAYS, OPERATORS, WITHOUT_VALUE, Choices, Field, Label

MOST = 20
"""Conditions that a list takes."""
GROUPS = 9
WRITTEN = re.compile(r"([1-9])\.([a-z][a-z0-9_]*)\.([a-z]+)(?::(.{1,2000}))?", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """One thing that is said of a field, in a group."""

    group: int
    field: Field
    operator: str
    values: tuple[str, ...] = ()

    def text(self) -> str:
        """As the address carries it."""
        values = "|".join(value.replace("%", "%25").replace("|", "%7C") for value in self.values)
        return f"{self.group}.{self.field.key}.{self.operator}" + (f":{values}" if values else "")

    def told(self) -> str:
        """In words."""
        return self.field.told(self.operator, self.values)

    def means(self) -> Q:
        """Which rows it lets pass."""
        return self.field.condition(self.operator, self.values)


def read(text: str, fields: Mapping[str, Field]) -> Condition | None:
    """A condition out of an address; None where it makes no sense here."""
    found = WRITTEN.fullmatch(text)
    field = fields.get(found[2]) if found else None
    if found is None or field is None:
        return None
    values = tuple(map(unquote, found[4].split("|"))) if found[4] else ()
    return Condition(int(found[1]), field, found[3], values) if field.accepts(found[3], values) else None


def conditions(query: Mapping[str, Any], fields: Iterable[Field]) -> list[Condition]:
    """What an address asks for, group by group, each said once; groups are numbered from 1 without a gap."""
    asked = texts(query, "where")
    if not asked:
        return []
    known = {field.key: field for field in fields}
    found = [one for text in dict.fromkeys(asked[:MOST]) if (one := read(text, known))]
    return numbered(found)


def numbered(found: Sequence[Condition]) -> list[Condition]:
    """The conditions in the order of their groups, which are numbered anew."""
    ordered = sorted(found, key=lambda one: one.group)
    groups = [list(group) for _number, group in groupby(ordered, key=lambda one: one.group)]
    return [replace(one, group=number) for number, group in enumerate(groups, 1) for one in group]


def meant(found: Sequence[Condition]) -> Q:
    """The rows of any group, each group's conditions together."""
    groups = groupby(found, key=lambda one: one.group)
    return reduce(or_, (reduce(and_, (one.means() for one in group)) for _number, group in groups), Q())


def texts(query: Mapping[str, Any], name: str) -> list[str]:
    """All values of a name in a query."""
    listed = getattr(query, "getlist", None)
    return list(listed(name)) if listed else [str(query[name])] if query.get(name) else []


@dataclass(frozen=True)
class Editor:
    """The form of one condition: a new one of a field, or one that stands already."""

    field: Field
    groups: int
    """How many groups there are."""
    group: int
    operator: str
    values: tuple[str, ...]
    replaced: str = ""
    """The condition it changes, as the address has it."""
    is_refused: bool = False
    """Whether what was sent makes no sense."""

    @property
    def asked(self) -> str:
        """What the form is about, as the address has it."""
        return self.replaced or self.field.key

    @property
    def operators(self) -> list[tuple[str, Label]]:
        """What can be said of the field."""
        return [(one, OPERATORS[one]) for one in self.field.operators]

    @property
    def choices(self) -> Choices:
        """What can be chosen."""
        return self.field.choices() if self.field.choices else ()

    @property
    def joins(self) -> list[tuple[int, str]]:
        """Which group it can belong to; empty as long as it is the only condition."""
        if not self.groups:
            return []
        within = gettext("and, in alternative %(number)s")
        known = (
            [gettext("and")]
            if self.groups == 1
            else [within % {"number": one + 1} for one in range(self.groups)]
        )
        further = [gettext("or")] if self.groups < GROUPS else []
        return list(enumerate([*known, *further], 1))

    @property
    def value(self) -> str:
        """The one value of what is no choice."""
        return self.values[0] if self.values and self.operator not in IN_DAYS else ""

    @property
    def days(self) -> str:
        """The number of days."""
        return self.values[0] if self.values and self.operator in IN_DAYS else ""


def editor(query: Mapping[str, Any], fields: Iterable[Field], found: Sequence[Condition]) -> Editor | None:
    """The form the address asks for with `filter`: a field's key, or a condition that stands; None without one."""
    asked = str(query.get("filter", ""))
    if not asked:
        return None
    known = {field.key: field for field in fields}
    groups = max((one.group for one in found), default=0)
    standing = read(asked, known)
    field = standing.field if standing else known.get(asked)
    if field is None:
        return None
    sent = posted(query, field)
    group, operator, values = (
        (standing.group, standing.operator, standing.values) if standing else (0, "", ())
    )
    if sent:
        group, operator, values = sent.group, sent.operator, sent.values
    return Editor(field, groups, group or max(groups, 1), operator or field.operators[0], values,
                  asked if standing else "", sent is not None)  # fmt: skip


def posted(query: Mapping[str, Any], field: Field) -> Condition | None:
    """What somebody filled in; None where the form was not sent."""
    operator, group = str(query.get("o", "")), str(query.get("g", "1"))
    if operator not in field.operators:
        return None
    values = [value.strip() for value in texts(query, "v") if value.strip()]
    if operator in IN_DAYS:
        values = [str(query.get("n", "")).strip()]
    if operator in WITHOUT_VALUE:
        values = []
    kept = values if field.kind == CHOICE else values[:1]
    return Condition(int(group) if re.fullmatch("[1-9]", group) else 1, field, operator, tuple(kept))


def edited(query: Mapping[str, Any], fields: Sequence[Field]) -> list[str] | None:
    """The conditions once the form that was sent is taken over; None where none was sent, or it makes no sense."""
    found = conditions(query, fields)
    form = editor(query, fields, found)
    sent = posted(query, form.field) if form else None
    if form is None or sent is None or not form.field.accepts(sent.operator, sent.values):
        return None
    kept = [one for one in found if one.text() != form.replaced]
    return [one.text() for one in numbered([*kept, sent])[:MOST]]
