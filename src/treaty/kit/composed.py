"""Questions of the ORM that are asked at every page or call: composed once, then only put.

Composing one takes ten times as long as asking it by a key, and PostgreSQL keeps the plan of what is put the same way.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

from treaty.kit import sql
from treaty.kit.together import Question

Found = TypeVar("Found")

ID, MOMENT = "i", "m"
"""What may stand at a place of a question."""
Told = int | datetime | None


def _stand_in(place: str, number: int) -> Told:
    """What stands there while the question is composed; no row has such an id or time."""
    return number - 2**31 + 1 if place == ID else datetime(1, 1, 1, 0, 0, 0, number + 1, tzinfo=UTC)


def _written(told: Told) -> Any:
    """A value as the ORM hands it to the driver."""
    return sql.stamp(told) if isinstance(told, datetime) else told


@dataclass(frozen=True, slots=True)
class _Statement:
    """A question as the ORM says it, and what it makes of a line of the answer."""

    text: str
    values: tuple[Any, ...]
    converters: tuple[tuple[int, Any, Any], ...]
    form: Any
    """The ORM's way to give rows, such as ModelIterable."""
    model: type[Model]
    names: tuple[str, ...]
    first: int
    """The place of the first of them."""
    others: tuple[tuple[str, int], ...]
    """What else was asked of each row, and its place."""
    related: tuple[Any, ...]


class Composed(Generic[Found]):
    """A question that is put again and again with other ids and moments.

    `compose` takes one for each of the `places`, and gives the same question whatever they are. Rows come as the ORM makes
    them, with what `select_related` and `annotate` add, or as the tuples of `values_list`.
    """

    def __init__(self, compose: "Callable[..., QuerySet[Any, Found]]", places: str = ID) -> None:
        self._compose = compose
        self._places = [_stand_in(place, number) for number, place in enumerate(places)]

    def rows(self, *told: Told) -> list[Found]:
        """The rows that fit these ids and moments."""
        return list(_made(self._statement, sql.ask(*self.question(*told))))

    def question(self, *told: Told) -> Question:
        """What `rows` asks: for those who have it answered along with something else."""
        asked = self._statement
        known = dict(zip(map(_written, self._places), map(_written, told), strict=True))
        return asked.text, [_like(value, known[value]) if value in known else value for value in asked.values]

    def first(self, *told: Told) -> Found | None:
        """The first of them; None where there is none."""
        return next(iter(self.rows(*told)), None)

    @cached_property
    def _statement(self) -> _Statement:
        return _composed(self._compose(*self._places))


def read(rows: "QuerySet[Any, Found]") -> list[Found]:
    """The rows of a question that is put this once, made without the signals that nobody hears.

    PostgreSQL keeps its plan where it has no values: with some another plan may be better than with others.
    """
    kept: Any = rows
    if kept._prefetch_related_lookups or kept._known_related_objects:
        return list(rows)
    try:
        asked = _composed(rows)
    except EmptyResultSet:
        return []
    return list(_made(asked, sql.ask(asked.text, asked.values, often=not asked.values)))


def _composed(rows: "QuerySet[Any, Any]") -> _Statement:
    compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    text, values = compiler.as_sql()
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    each = tuple((place, one, column) for place, (several, column) in converters.items() for one in several)
    kept: Any = rows
    populators: Any = get_related_populators  # its stub knows another version's
    if (form := kept._iterable_class) is not ModelIterable:
        return _Statement(text, tuple(values), each, form, rows.model, (), 0, (), ())
    info = compiler.klass_info
    places = info["select_fields"]
    names = tuple(compiler.select[place][0].target.attname for place in places)
    others = tuple(compiler.annotation_col_map.items())
    related = tuple(populators(info, compiler.select, DEFAULT_DB_ALIAS))
    return _Statement(text, tuple(values), each, form, rows.model, names, places[0], others, related)


def _like(stand_in: Any, told: Any) -> Any:
    """A value as the driver was given its stand-in: on PostgreSQL an id says how wide it is."""
    return type(stand_in)(told) if isinstance(told, int) else told


def _made(asked: _Statement, lines: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """What the ORM makes of the lines of an answer."""
    for read in lines:
        line = list(read)
        for place, convert, column in asked.converters:
            line[place] = convert(line[place], column, connection)
        if asked.form is ModelIterable:
            yield _row(asked, line)
        else:
            yield line[0] if asked.form is FlatValuesListIterable else tuple(line)


def _row(asked: _Statement, line: Sequence[Any]) -> Model:
    """One row, without the signals that nobody hears."""
    row = asked.model.__new__(asked.model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    row.__dict__.update(zip(asked.names, line[asked.first :], strict=False))
    for other in asked.related:
        other.populate(line, row)
    for name, place in asked.others:
        setattr(row, name, line[place])
    return row
