"""Readings of fields: which there are, what they hold of records, in words, as columns and filters, for predicates."""

from treaty.fields.queries.attributes import asked_alone, gathered, read, values_alone
from treaty.fields.queries.checking import Check, along, own_of, with_own
from treaty.fields.queries.definitions import all_fields, field_row, fields_of
from treaty.fields.queries.editing import records_url, tags_url
from treaty.fields.queries.listing import Listed, listed
from treaty.fields.queries.references import (
    Finder,
    Named,
    NotTaken,
    exist,
    found,
    names,
    offer,
    offered,
    receive,
    register,
    taker_of,
)
from treaty.fields.queries.values import (
    ShownValue,
    cell_text,
    cell_texts,
    kept,
    pointed_at,
    pointed_to,
    shown_values,
    values_of,
    words,
    written,
)
from treaty.fields.rules import FieldRow

__all__ = [
    "Check",
    "FieldRow",
    "Finder",
    "Listed",
    "Named",
    "NotTaken",
    "ShownValue",
    "all_fields",
    "along",
    "asked_alone",
    "cell_text",
    "cell_texts",
    "exist",
    "field_row",
    "fields_of",
    "found",
    "gathered",
    "kept",
    "listed",
    "names",
    "offer",
    "offered",
    "own_of",
    "pointed_at",
    "pointed_to",
    "read",
    "receive",
    "records_url",
    "register",
    "shown_values",
    "tags_url",
    "taker_of",
    "values_alone",
    "values_of",
    "with_own",
    "words",
    "written",
]
