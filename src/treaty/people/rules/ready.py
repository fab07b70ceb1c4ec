"""What a draft comes to whatever the database holds: worked out ahead, by whoever does not ask the database."""

from functools import lru_cache
from itertools import compress
from operator import attrgetter

import msgspec

from treaty.ledger.rules import opaque
from treaty.people.rules.drafts import STATED, PersonDraft, called, folded_name, identity_pairs
from treaty.search.rules import Entry, Found, found_by

STATED_OF = attrgetter(*STATED)
NAMES = STATED.index("title")
"""How many of STATED are names."""
TEXTS = (*STATED[:NAMES], "email", "phone", *STATED[NAMES:])
"""The plain texts of a person's row."""
LINKS = ("company_id", "owner_id")
"""What a person's row points to."""


class Ready(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A draft, and what it comes to."""

    draft: PersonDraft
    keys: tuple[tuple[str, str], ...]
    """Its identities as the ledger knows them, those that say most about who it is first."""
    values: tuple[str, ...]
    """The same, as people read them."""
    texts: tuple[str, ...]
    """TEXTS, as somebody new has them."""
    folded: str
    found: Found
    """By which words it is found, where it means somebody new."""
    is_plain: bool
    """Whether it tells nothing but plain fields, tags and a stage, and each identity once."""
    told: bytes
    """Which of STATED it tells, 1 for each that it does."""

    @property
    def name(self) -> str:
        """The best name it gives."""
        return self.texts[0]


def made_ready(draft: PersonDraft, pepper: bytes) -> Ready:
    """A draft made ready."""
    pairs = list(identity_pairs(draft))
    keys = tuple((kind, opaque(pepper, kind, value)) for kind, value in pairs)
    name, has = called(draft), STATED_OF(draft)
    email, phone = next(iter(draft.emails), ""), next(iter(draft.phones), "")
    texts = (name, *has[1:NAMES], email, phone, *has[NAMES:])
    folded = folded_name(name, draft.name_local)
    is_named = draft.name or draft.given_name or draft.family_name
    is_more = draft.fields or draft.consents or draft.unsubscribed or draft.do_not_call
    return Ready(
        draft,
        keys,
        tuple([value for _kind, value in pairs]),
        texts,
        folded,
        found_by(person_entry(0, folded, email, phone)),
        not is_more and len(set(keys)) == len(keys),
        bytes([bool(is_named), *map(bool, has[1:])]),
    )


def person_entry(person: int, folded: str, email: str, phone: str) -> Entry:
    """By which words a person with these main addresses is found."""
    beside = (email, email.partition("@")[2], phone.removeprefix("+"))
    return Entry(person, folded, tuple(filter(None, beside)))


def stated(ready: Ready) -> dict[str, object]:
    """The plain fields that a draft states, its owner among them."""
    draft = ready.draft
    told: dict[str, object] = {
        field: value for field, value in zip(STATED, STATED_OF(draft), strict=True) if value
    }
    if "name" not in told and (draft.given_name or draft.family_name):
        told["name"] = ready.name
    if draft.owner is not None:
        told["owner_id"] = draft.owner
    return told


@lru_cache(maxsize=10_000)
def names_stated(told: bytes) -> tuple[str, ...]:
    """The names of the fields that a draft told, and of LINKS, where that is said behind: one file has a handful of answers."""
    return tuple(compress((*STATED, *LINKS), told))
