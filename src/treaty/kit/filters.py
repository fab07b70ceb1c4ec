"""The filters a list allows, each read from the address, applied to the rows, and drawn as a control."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_stubs_ext import StrPromise as Text

from treaty.kit.sought import Fitting

Label = Text | str
Choices = Sequence[tuple[str, Label]]
LONGEST = 200


@dataclass(frozen=True)
class Shown:
    """A filter as the template draws it."""

    kind: str
    key: str
    label: Label
    value: str = ""
    until: str = ""
    choices: Choices = field(default_factory=tuple)

    @property
    def is_set(self) -> bool:
        """Whether it narrows the list now."""
        return bool(self.value or self.until)

    @property
    def first(self) -> date | None:
        """The day a range begins."""
        return _day(self.value)

    @property
    def last(self) -> date | None:
        """The day a range ends."""
        return _day(self.until)


class Filter(Protocol):
    """What a list asks of a filter."""

    def narrow(self, rows: "QuerySet[Any]", query: Mapping[str, Any]) -> "QuerySet[Any]":
        """The rows that pass; nonsense in the query narrows nothing."""

    def shown(self, query: Mapping[str, Any]) -> Shown:
        """The control with its present value."""


@dataclass(frozen=True)
class Contains:
    """Rows whose text holds every word asked for. `fold` prepares what is asked as the field was prepared."""

    key: str
    label: Label
    fields: Sequence[str]
    fold: Callable[[str], str] = str.casefold

    def narrow(self, rows: "QuerySet[Any]", query: Mapping[str, Any]) -> "QuerySet[Any]":
        """The rows that hold each word in one of the fields."""
        return rows.filter(self.condition(str(query.get(self.key, ""))))

    def condition(self, asked: str) -> Q:
        """What it means that a row holds each word; a text without words fits all."""
        words = self.fold(asked[:LONGEST].replace("\0", "")).split()
        return reduce(and_, (self._somewhere(word) for word in words), Q())

    def _somewhere(self, word: str) -> Q:
        somewhere = Q(pk__in=())
        for name in self.fields:
            somewhere |= Q(**{f"{name}__contains": word})
        return somewhere

    def shown(self, query: Mapping[str, Any]) -> Shown:
        """A field to type into."""
        return Shown("text", self.key, self.label, str(query.get(self.key, ""))[:LONGEST])


@dataclass(frozen=True)
class Found:
    """Rows that fit what somebody typed, as a noun finds them."""

    key: str
    label: Label
    find: Callable[[str], Fitting | None]
    """What fits a text; None where the text asks for nothing."""

    def fitting(self, query: Mapping[str, Any]) -> Fitting | None:
        """What fits; None where nothing is asked for."""
        asked = str(query.get(self.key, ""))[:LONGEST].replace("\0", "")
        return self.find(asked) if asked else None

    def narrow(self, rows: "QuerySet[Any]", query: Mapping[str, Any]) -> "QuerySet[Any]":
        """The rows that fit."""
        fitting = self.fitting(query)
        return rows if fitting is None else fitting.narrow(rows)

    def shown(self, query: Mapping[str, Any]) -> Shown:
        """A field to type into."""
        return Shown("text", self.key, self.label, str(query.get(self.key, ""))[:LONGEST])


@dataclass(frozen=True)
class Choice:
    """Rows of one of some choices. `condition` says what a choice means where it is not the field's value."""

    key: str
    label: Label
    choices: Callable[[], Choices]
    field: str = ""
    condition: Callable[[str], Q] | None = None

    def narrow(self, rows: "QuerySet[Any]", query: Mapping[str, Any]) -> "QuerySet[Any]":
        """The rows of the choice."""
        asked = str(query.get(self.key, ""))
        if not asked or asked not in {value for value, _ in self.choices()}:
            return rows
        return rows.filter(self.condition(asked) if self.condition else Q(**{self.field or self.key: asked}))

    def shown(self, query: Mapping[str, Any]) -> Shown:
        """A list to choose from."""
        choices, asked = self.choices(), str(query.get(self.key, ""))
        known = asked if asked in {value for value, _ in choices} else ""
        return Shown("choice", self.key, self.label, known, choices=choices)


@dataclass(frozen=True)
class Boolean:
    """Rows for which something holds (`yes`) or does not (`no`)."""

    key: str
    label: Label
    condition: Q
    words: tuple[Label, Label]
    """What the two answers are called."""

    def narrow(self, rows: "QuerySet[Any]", query: Mapping[str, Any]) -> "QuerySet[Any]":
        """The rows of the answer."""
        asked = query.get(self.key, "")
        if asked == "yes":
            return rows.filter(self.condition)
        return rows.exclude(self.condition) if asked == "no" else rows

    def shown(self, query: Mapping[str, Any]) -> Shown:
        """A list of the two answers."""
        asked = str(query.get(self.key, ""))
        choices = (("yes", self.words[0]), ("no", self.words[1]))
        return Shown("choice", self.key, self.label, asked if asked in {"yes", "no"} else "", choices=choices)


@dataclass(frozen=True)
class DateRange:
    """Rows whose day lies in a range, both ends included, in the time zone of the page."""

    key: str
    label: Label
    field: str
    is_moment: bool = True
    """Whether the field holds moments; else days."""

    def narrow(self, rows: "QuerySet[Any]", query: Mapping[str, Any]) -> "QuerySet[Any]":
        """The rows within the range."""
        first, last = self._days(query)
        if first:
            rows = rows.filter(**{f"{self.field}__gte": self._start(first)})
        if last:
            rows = rows.filter(**{f"{self.field}__lt": self._start(last + timedelta(days=1))})
        return rows

    def shown(self, query: Mapping[str, Any]) -> Shown:
        """Two days to choose."""
        first, last = (day.isoformat() if day else "" for day in self._days(query))
        return Shown("dates", self.key, self.label, first, last)

    def _days(self, query: Mapping[str, Any]) -> tuple[date | None, date | None]:
        return _day(query.get(f"{self.key}_from", "")), _day(query.get(f"{self.key}_to", ""))

    def _start(self, day: date) -> date:
        if not self.is_moment:
            return day
        return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The last day of the calendar has no day after it.
    return found if date(1900, 1, 1) <= found <= date(9998, 12, 31) else None
