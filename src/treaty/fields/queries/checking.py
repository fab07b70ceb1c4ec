"""What programs tell of fields, checked before anything is written; and what they read, in one question with the rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from treaty.fields.queries.attributes import gathered, read_plain, values_alone
from treaty.fields.queries.definitions import fields_of
from treaty.fields.queries.references import names
from treaty.fields.rules import LINKED, BadValue, Kind, Plain, cells, grown

Row = TypeVar("Row", bound=Model)
Told = Mapping[str, object]
"""Plain values by the keys of fields."""
ALONG = "own_fields"


class Check:
    """Judges what is told of the fields of some records; what they point to is looked up for all of them at once."""

    def __init__(self, user: Any, record: str, told: Iterable[Told | None]) -> None:
        given = [one for one in told if one]
        self.fields = {row.key: row for row in fields_of(record)} if given else {}
        wanted: dict[Kind, set[int]] = {kind: set() for kind in LINKED}
        for key, value in (pair for one in given for pair in one.items()):
            row = self.fields.get(key)
            if row and row.kind in LINKED and type(value) is int and 0 < value < 2**63:
                wanted[row.kind].add(value)
        self.seen = names(user, wanted).keys()

    def problems(self, told: Told | None, *, with_retired: bool = False) -> Iterator[tuple[str, str]]:
        """(key, code) of each value that cannot be; `with_retired` leaves options out of use to who may have them."""
        for key, value in (told or {}).items():
            row = self.fields.get(key)
            if row is None:
                yield key, "no_field"
                continue
            try:
                if row.kind is Kind.TAGS and value:
                    # There for the next of a batch, too, so that the one with a tag too many is told.
                    row = self.fields[key] = replace(row, options=grown(value, row.options))
                takes_all = with_retired or row.kind is Kind.TAGS
                cells(row.kind, value, row.options if takes_all else row.live_options)
            except BadValue as wrong:
                yield key, wrong.code
            else:
                if row.kind in LINKED and value not in (None, "", []) and (row.kind, value) not in self.seen:
                    yield key, "no_record"


def with_own(record: str, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Rows that bring what the fields of each hold, for `own_of`."""
    held = gathered(record, f"{rows.model._meta.db_table}.id", retired=False)
    return rows.extra(select={ALONG: held})  # noqa: S610  the expression is ours


def along(row: Row, held: object) -> Row:
    """The row with what a statement of one's own read of its fields by `gathered`, for `own_of`."""
    row.__dict__[ALONG] = held
    return row


def own_of(record: str, row: Any) -> dict[str, Plain]:
    """The plain values of a row's fields by their keys; asked for where the row does not bring them."""
    if ALONG in row.__dict__:
        return read_plain(row.__dict__[ALONG])
    return values_alone(record, row.pk)
