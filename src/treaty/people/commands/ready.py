"""What can be worked out of a draft before the database is asked, so that a thread does it while others write."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from treaty.kit.ahead import BLOCK, ahead
from treaty.ledger.commands import Key, pepper
from treaty.ledger.rules import opaque
from treaty.people.rules import STATED, PersonDraft, called, identity_pairs

STATED_OF = attrgetter(*STATED)


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft, and what it comes to whatever the database holds."""

    draft: PersonDraft
    pairs: tuple[tuple[str, str], ...]
    """Its identities as (kind, value), those that say most about who it is first."""
    keys: tuple[Key, ...]
    """The same identities in the same order, as the ledger knows them."""
    name: str
    told: dict[str, object]
    """The plain fields it states."""


def made_ready(drafts: Iterable[PersonDraft]) -> Iterator[Ready]:
    """Each draft made ready, in order; many are read ahead by a thread, which therefore never asks the database."""
    secret = pepper()
    each = (_ready(draft, secret) for draft in drafts)
    return each if isinstance(drafts, Sequence) and len(drafts) <= BLOCK else ahead(each)


def _ready(draft: PersonDraft, secret: bytes) -> Ready:
    pairs, name = tuple(identity_pairs(draft)), called(draft)
    told: dict[str, object] = {
        field: value for field, value in zip(STATED, STATED_OF(draft), strict=True) if value
    }
    if "name" not in told and (draft.given_name or draft.family_name):
        told["name"] = name
    if draft.owner is not None:
        told["owner_id"] = draft.owner
    return Ready(
        draft, pairs, tuple((kind, opaque(secret, kind, value)) for kind, value in pairs), name, told
    )
