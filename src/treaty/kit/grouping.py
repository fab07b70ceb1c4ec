"""A list in groups, such as deals by stage: `group=stage` in the address. Of each group how many rows it has, their totals,
and the first few of them; whoever wants all of a group narrows the list to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.db.models import F, QuerySet
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from treaty.kit import keyset
from treaty.kit.columns import Column
from treaty.kit.conditions import Condition
from treaty.kit.fields import Field
from treaty.kit.keyset import Ordering
from treaty.kit.markup import text
from treaty.kit.rows import fixed, united

FIRST = 5
"""Rows of a group that are shown."""
SPARSE = 100
"""Rows of a group up to which all rows of a list of some thousands are looked through for them."""
MOST = 300
"""Groups that a list is parted into: one statement counts them all."""


@dataclass(frozen=True)
class Rows:
    """The rows of a list, and how many they are; None where they are more than are counted."""

    all: "QuerySet[Any]"
    total: int | None

    @cached_property
    def known(self) -> "QuerySet[Any]":
        """The rows, where they are counted: found once, and then known by their ids."""
        ids = list(self.all.order_by().values_list("pk", flat=True))
        return fixed(self.all.model._default_manager.all(), ids)

    @property
    def few(self) -> int:
        """Up to how many rows of a group are gathered: each asks all rows of a list that is counted."""
        return keyset.FEW if self.total is None or self.total <= keyset.FEW else min(keyset.FEW, SPARSE)


@dataclass(frozen=True)
class Part:
    """One group: what it is called, and what is said of the field for a row to be in it."""

    label: str
    condition: Condition
    count: int = 0

    def of(self, rows: Rows) -> keyset.Part:
        """Those of a list's rows that are in the group; only the first are asked for."""
        ids = partial(self.ids, rows) if rows.total is None else partial(self._gathered, rows)
        is_few = self.count <= rows.few
        return keyset.Part(self._among(rows.all), ids, self.condition.field.path, is_few)

    def ids(self, rows: Rows) -> "QuerySet[Any, Any]":
        """The ids of those rows, as `one`, along the index of the field."""
        return self.condition.field.ids(rows.all, self.condition.operator, self.condition.values)

    def _gathered(self, rows: Rows) -> "QuerySet[Any, Any]":
        return self._among(rows.known).order_by().values(one=F("pk"))

    def _among(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.filter(self.condition.field.of_each(self.condition.operator, self.condition.values))


@dataclass(frozen=True)
class Grouped:
    """The rows of a list in the order of their groups, and what stands in front of the first of each."""

    rows: Sequence[Any]
    heads: Mapping[int, SafeString]


def chosen(query: Mapping[str, Any], fields: Sequence[Field]) -> Field | None:
    """By what an address wants the list grouped."""
    asked = str(query.get("group", ""))
    return next((field for field in fields if field.groups is not None and field.key == asked), None)


def parts_of(field: Field) -> list[Part]:
    """All groups that a field makes, those without a row among them."""
    known = field.groups() if field.groups else ()
    found = [Part(str(label), Condition(1, field, "is", (value,))) for value, label in known]
    if "empty" in field.operators:
        found.append(Part(gettext("Nothing said"), Condition(1, field, "empty")))
    return found[:MOST]


def counted(rows: Rows, field: Field, limit: int) -> list[Part]:
    """The groups that have rows, each with how many it has; of a long list nobody counts beyond one more than the limit."""
    parts = parts_of(field)
    told = field.tally(rows.all, limit + 1) if rows.total is None else field.tally(rows.all, None)
    if told is None:
        found = dict(united("COUNT(*)", [part.ids(rows) for part in parts], limit + 1))
    elif rows.total is None:
        lacking = dict(
            united("COUNT(*)", [part.ids(rows) for part in parts if not part.condition.values], limit + 1)
        )
        found = _placed(parts, {"": lacking.get(0, 0), **told})
    else:
        found = _placed(parts, {"": rows.total - sum(told.values()), **told})
    return [replace(part, count=found[place]) for place, part in enumerate(parts) if found.get(place)]


def _placed(parts: Sequence[Part], told: Mapping[str, int]) -> dict[int, int]:
    """Counts by the places of groups, of those by their values."""
    return {place: told.get("".join(part.condition.values), 0) for place, part in enumerate(parts)}


def grouped(
    rows: Rows,
    parts: Sequence[Part],
    order: Ordering,
    *,
    columns: Sequence[Column[Any]],
    urls: Sequence[str],
    limit: int,
    span: int,
) -> Grouped:
    """The first rows of each group, and its head: its name, which leads to all of it, its count and its totals."""
    first = _first(rows, parts, order)
    totals = _totals(rows.all, parts, columns)
    heads = {
        some[0].pk: _head(part, url, told, limit, span)
        for part, url, told, some in zip(parts, urls, totals, first, strict=True)
        if some
    }
    return Grouped([row for some in first for row in some], heads)


def _first(rows: Rows, parts: Sequence[Part], order: Ordering) -> list[list[Any]]:
    """The first rows of each group, in as many questions, however many groups there are."""
    told = _dense(rows, parts, order)
    rest = [part for part in parts if "".join(part.condition.values) not in told]
    asked = iter(order.first([part.of(rows) for part in rest], FIRST))
    ids = [
        found if (found := told.get("".join(part.condition.values))) is not None else next(asked)
        for part in parts
    ]
    wanted = [one for some in ids for one in some]
    known = {row.pk: row for row in rows.all.filter(pk__in=wanted).order_by()}
    return [[known[one] for one in some if one in known] for some in ids]


def _dense(rows: Rows, parts: Sequence[Part], order: Ordering) -> Mapping[str, list[int]]:
    """The first ids of the groups that the order meets soon, by their values, where the field tells all of them at once."""
    dense = [part for part in parts if part.count > rows.few and part.condition.values]
    if not dense or not isinstance(order, keyset.Order):
        return {}
    values = ["".join(part.condition.values) for part in dense]
    return dense[0].condition.field.firsts(order.sorted(rows.all), values, FIRST)


def _totals(
    rows: "QuerySet[Any]", parts: Sequence[Part], columns: Sequence[Column[Any]]
) -> list[list[tuple[str, str]]]:
    """Of each group the totals of the columns that have some, as (label, total)."""
    found: list[list[tuple[str, str]]] = [[] for _part in parts]
    for column in columns:
        if column.totals is not None:
            told = column.totals(rows, [part.condition.means() for part in parts])
            for place, total in enumerate(told):
                found[place] += [(str(column.label), str(total))] if total else []
    return found


def _head(part: Part, url: str, totals: Sequence[tuple[str, str]], limit: int, span: int) -> SafeString:
    """The line in front of a group, as wide as all columns."""
    number = number_format(min(part.count, limit), force_grouping=True)
    count = f"{number}+" if part.count > limit else number
    told = "".join(f'<span class="q">{text(label)} <b>{text(total)}</b></span>' for label, total in totals)
    all_of = gettext("Show all of %(group)s") % {"group": part.label}
    swap = 'hx-target="#list" hx-push-url="true"'
    link = f'<a class="u" href="{text(url)}" hx-get="{text(url)}" {swap} title="{text(all_of)}"><bdi>{text(part.label)}</bdi></a>'
    return SafeString(
        f'<tr class="group"><th scope="colgroup" colspan="{span}"><span class="row">'
        f'{link}<span class="q">{count}</span>{told}</span></th></tr>\n'
    )


def next_conditions(found: Sequence[Condition], part: Part) -> list[str]:
    """The conditions of a list that shows one group alone: what held holds together with the group's own."""
    groups = sorted({one.group for one in found}) or [1]
    own = [replace(part.condition, group=group) for group in groups]
    return [one.text() for one in sorted([*found, *own], key=lambda one: one.group)]
