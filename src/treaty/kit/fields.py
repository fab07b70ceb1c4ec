"""What a list may be asked about with conditions: fields by their kind, what can be said of each, and what that means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Text

Label = Text | str
Choices = Sequence[tuple[str, Label]]
LONGEST = 200
LARGEST = Decimal(10) ** 15
MOST_DAYS = 36_500

TEXT, CHOICE, NUMBER, DAY, MOMENT = "text", "choice", "number", "day", "moment"

OPERATORS: dict[str, Label] = {
    "is": _("is"),
    "not": _("is not"),
    "has": _("contains"),
    "lacks": _("does not contain"),
    "begins": _("begins with"),
    "least": _("is at least"),
    "most": _("is at most"),
    "from": _("is on or after"),
    "until": _("is on or before"),
    "within": _("lies in the last … days"),
    "ahead": _("lies in the next … days"),
    "empty": _("is empty"),
    "filled": _("is filled in"),
}
"""What can be said, as the builder offers it."""

SAID: dict[str, Label] = {
    "is": _("%(field)s is %(value)s"),
    "not": _("%(field)s is not %(value)s"),
    "has": _("%(field)s contains “%(value)s”"),
    "lacks": _("%(field)s does not contain “%(value)s”"),
    "begins": _("%(field)s begins with “%(value)s”"),
    "least": _("%(field)s is at least %(value)s"),
    "most": _("%(field)s is at most %(value)s"),
    "from": _("%(field)s: from %(value)s"),
    "until": _("%(field)s: until %(value)s"),
    "within": _("%(field)s: in the last %(value)s days"),
    "ahead": _("%(field)s: in the next %(value)s days"),
    "empty": _("%(field)s is empty"),
    "filled": _("%(field)s is filled in"),
}
"""What was said, as a chip tells it."""

WITHOUT_VALUE = frozenset({"empty", "filled"})
IN_DAYS = frozenset({"within", "ahead"})
"""Operators whose value is a number of days, whatever the field holds."""

KINDS = {
    TEXT: ("has", "lacks", "is", "not", "begins", "empty", "filled"),
    CHOICE: ("is", "not", "empty", "filled"),
    NUMBER: ("is", "least", "most", "empty", "filled"),
    DAY: ("from", "until", "is", "within", "ahead", "empty", "filled"),
    MOMENT: ("from", "until", "is", "within", "ahead", "empty", "filled"),
}
"""What can be said of a kind."""

LOOKUPS = {"least": "gte", "most": "lte", "has": "icontains", "is": "iexact", "begins": "istartswith"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something of a row that conditions may name. `path` is where it stands in the row.

    `choices` are the values of a choice; `means` says what being one of them means where it is not the path's value,
    and of a text what containing it means. What is never missing is not `optional`; `blank` says that what is missing
    is an empty text, as it is of a text.
    """

    key: str
    label: Label
    kind: str = TEXT
    path: str = ""
    choices: Callable[[], Choices] | None = None
    means: Callable[[str], Q] | None = None
    optional: bool = True
    blank: bool = False
    factor: int = 1
    """By what a number is multiplied as it is kept, such as 100 for cents."""
    besides: Q = field(default_factory=Q)
    """What must hold of a row with that number, such as the currency of the amount."""
    groups: Callable[[], Choices] | None = None
    """The groups into which a list can be parted by this choice, each counted along an index; None where it cannot."""

    offers: str = ""
    """Where a script asks for what fits while one types, as options."""
    most: int = 10_000
    """Rows of a group that are counted, where a list has more rows than are counted."""

    def tally(self, rows: "QuerySet[Any]", most: int | None) -> Mapping[str, int] | None:
        """How many rows hold each value, none counted further than `most`, without which the rows are few.

        None where the groups are counted one by one.
        """
        return None

    def firsts(self, rows: "QuerySet[Any]", values: Sequence[str], size: int) -> Mapping[str, list[int]]:
        """The ids of the first of some rows in their order for each of some values; without those that ask for themselves."""
        return {}

    @property
    def operators(self) -> tuple[str, ...]:
        """What can be said of it."""
        if self.kind == TEXT and self.means is not None:
            return ("has", "lacks")
        said = KINDS[self.kind]
        return tuple(one for one in said if self._may_lack or one not in WITHOUT_VALUE)

    @property
    def _may_lack(self) -> bool:
        return self.optional and bool(self.path)

    def accepts(self, operator: str, values: Sequence[str]) -> bool:
        """Whether this can be said of it."""
        if operator not in self.operators:
            return False
        if operator in WITHOUT_VALUE:
            return not values
        if self.kind == CHOICE:
            known = {value for value, _label in self.choices()} if self.choices else set()
            return bool(values) and known.issuperset(values)
        return len(values) == 1 and self._reads(operator, values[0])

    def _reads(self, operator: str, value: str) -> bool:
        if operator in IN_DAYS:
            return days_of(value) is not None
        if self.kind == NUMBER:
            return number_of(value) is not None
        if self.kind in (DAY, MOMENT):
            return day_of(value) is not None
        return 0 < len(value.strip()) <= LONGEST and "\0" not in value

    def condition(self, operator: str, values: Sequence[str]) -> Q:
        """What it means that this is said; only for what `accepts` lets pass."""
        if operator in WITHOUT_VALUE:
            empty = self._empty()
            return empty if operator == "empty" else ~empty
        meant = {TEXT: self._of_text, CHOICE: self._of_choice, NUMBER: self._of_number}
        return meant.get(self.kind, self._of_time)(operator, values)

    def of_each(self, operator: str, values: Sequence[str]) -> Q:
        """The same, for who soon has enough rows: asked of one row after the other where values lie elsewhere."""
        return self.condition(operator, values)

    def ids(self, rows: "QuerySet[Any]", operator: str, values: Sequence[str]) -> "QuerySet[Any, Any]":
        """The ids, as `one`, of those of some rows of whom this can be said, in no order: for who counts them."""
        return rows.filter(self.of_each(operator, values)).order_by().values(one=F("pk"))

    def _empty(self) -> Q:
        missing = Q(**{f"{self.path}__isnull": True})
        return missing | Q(**{self.path: ""}) if self.blank or self.kind == TEXT else missing

    def _of_text(self, operator: str, values: Sequence[str]) -> Q:
        positive = {"lacks": "has", "not": "is"}.get(operator, operator)
        text = values[0].strip()
        found = self.means(text) if self.means else written(self.path, LOOKUPS[positive], text)
        return found if positive == operator else ~found

    def _of_choice(self, operator: str, values: Sequence[str]) -> Q:
        found = reduce(or_, map(self.means, values)) if self.means else Q(**{f"{self.path}__in": values})
        return ~found if operator == "not" else found

    def _of_number(self, operator: str, values: Sequence[str]) -> Q:
        name = self.path if operator == "is" else f"{self.path}__{LOOKUPS[operator]}"
        number = number_of(values[0])
        return Q(**{name: number * self.factor if number is not None else None}) & self.besides

    def _of_time(self, operator: str, values: Sequence[str]) -> Q:
        first, behind = span(operator, values[0], timezone.localdate())
        start = self._start if self.kind == MOMENT else _same
        since = Q(**{f"{self.path}__gte": start(first)}) if first else Q()
        return since & Q(**{f"{self.path}__lt": start(behind)}) if behind else since

    @staticmethod
    def _start(day: date) -> date:
        return timezone.make_aware(datetime.combine(day, datetime.min.time()))

    def told(self, operator: str, values: Sequence[str]) -> str:
        """What is said of it, in words."""
        return str(SAID[operator]) % {
            "field": self.label,
            "value": either([self._word(operator, one) for one in values]),
        }

    def _word(self, operator: str, value: str) -> str:
        if self.kind == CHOICE and self.choices:
            return str(dict(self.choices()).get(value, value))
        if operator in IN_DAYS or self.kind == NUMBER:
            number = number_of(value)
            return value if number is None else number_format(number, force_grouping=True)
        day = day_of(value) if self.kind in (DAY, MOMENT) else None
        return date_format(day, "SHORT_DATE_FORMAT") if day else value


def written(path: str, lookup: str, text: str) -> Q:
    """A text however its letters are: both engines fold only the letters A to Z by themselves."""
    ways = dict.fromkeys((text, text.lower(), text.upper(), text.title()))
    return reduce(or_, (Q(**{f"{path}__{lookup}": way}) for way in ways))


def span(operator: str, value: str, today: date) -> tuple[date | None, date | None]:
    """The first day that is meant, and the first one behind; None where the span is open."""
    if operator in IN_DAYS:
        days = timedelta(days=days_of(value) or 0)
        tomorrow = today + timedelta(days=1)
        return (tomorrow - days, tomorrow) if operator == "within" else (today, today + days)
    day = day_of(value)
    behind = day + timedelta(days=1) if day else None
    return {"from": (day, None), "until": (None, behind), "is": (day, behind)}[operator]


def either(words: Sequence[str]) -> str:
    """“a, b or c”."""
    if len(words) < 2:
        return "".join(words)
    first = gettext(", ").join(words[:-1])
    return gettext("%(first)s or %(last)s") % {"first": first, "last": words[-1]}


def number_of(text: str) -> Decimal | None:
    """A number as people or machines write it; None where it is none."""
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < LARGEST else None


def days_of(text: str) -> int | None:
    """A number of days, at least one; None where it is none."""
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return days if 0 < days <= MOST_DAYS else None


def day_of(text: str) -> date | None:
    """A day as an address has it; None where it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The last day of the calendar has no day after it.
    return found if date(1900, 1, 1) <= found <= date(9998, 12, 31) else None


def _same(day: date) -> date:
    return day
