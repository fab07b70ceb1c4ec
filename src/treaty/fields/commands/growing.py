"""Tags: the fields that every installation begins with, and how words that nobody had written before join them."""

from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext

from treaty.fields.commands.defining import FieldDraft, Refused, add_field
from treaty.fields.models import Field
from treaty.fields.queries.definitions import row_of
from treaty.fields.rules import FieldRow, Kind, Option, grown

TAGGED = ("company", "deal")
"""Records that begin with a field of tags; persons have theirs in their noun."""


def prepare(*, at: datetime) -> None:
    """Let companies and deals have tags, unless they have a field for it or once had."""
    for record in TAGGED:
        if not Field.objects.filter(record=record, kind=Kind.TAGS).exists():
            try:
                add_field(FieldDraft(record, gettext("Tags"), Kind.TAGS), at=at, by=None)
            except Refused:
                continue  # a field of another kind has the name: the company helped itself


def grow(field: FieldRow, value: object) -> tuple[Option, ...]:
    """Keep the new tags that a value brings; all that the field has then. Whoever writes one at the same moment waits,
    and finds it there. Within a transaction. Raises BadValue."""
    row = Field.objects.select_for_update().get(pk=field.id)
    options = grown(value, row_of(row).options)
    Field.objects.filter(pk=row.pk).update(options=[asdict(option) for option in options])
    return options
