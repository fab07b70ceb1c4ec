"""Makes drafts ready while others are written: a thread works out ahead what needs no database."""

from collections.abc import Iterable, Iterator, Sequence

from treaty.kit.ahead import BLOCK, ahead
from treaty.ledger.commands import pepper
from treaty.people.rules import PersonDraft, Ready, made_ready


def each_ready(drafts: Iterable[PersonDraft]) -> Iterator[Ready]:
    """Each draft made ready, in order; many are read ahead by a thread, which therefore never asks the database."""
    secret = pepper()
    each = (made_ready(draft, secret) for draft in drafts)
    return each if isinstance(drafts, Sequence) and len(drafts) <= BLOCK else ahead(each)
