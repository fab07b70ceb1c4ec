"""Tags: the fields that every installation begins with, and how words that nobody had written before join them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext

from treaty.fields.commands.defining import FieldDraft, Refused, add_field
from treaty.fields.models import Field
from treaty.fields.queries.definitions import row_of
from treaty.fields.rules import Kind, Option, grown

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


def grow(record: str, told: Mapping[str, object]) -> dict[str, tuple[Option, ...]]:
    """Keep the new tags of plain values by the fields' keys; what each of these fields offers then. Raises BadValue.

    Whoever writes a new one at the same moment waits, and finds it there; whoever writes those that are there does not.
    All fields of tags of a kind of record are held at once, and before the records, so that nobody waits in a round.
    Within a transaction.
    """
    rows = Field.objects.select_for_update(no_key=True).filter(record=record, kind=Kind.TAGS, retired_at=None)
    found: dict[str, tuple[Option, ...]] = {}
    for row in rows.order_by("pk"):
        if told.get(row.key):
            before = row_of(row).options
            found[row.key] = grown(told[row.key], before)
            if found[row.key] != before:
                options = [asdict(option) for option in found[row.key]]
                Field.objects.filter(pk=row.pk).update(options=options)
    return found
