"""What a draft comes to whatever the database holds: worked out ahead, by whoever does not ask the database."""

from itertools import compress
from operator import attrgetter

import msgspec

from treaty.ledger.rules import opaque
from treaty.people.rules.drafts import STATED, PersonDraft, called, folded_name, identity_pairs
from treaty.search.rules import Entry, Found, found_by

STATED_OF = attrgetter(*STATED)


class Ready(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A draft, and what it comes to."""

    draft: PersonDraft
    keys: tuple[tuple[str, str], ...]
    """Its identities as the ledger knows them, those that say most about who it is first."""
    values: tuple[str, ...]
    """The same, as people read them."""
    name: str
    folded: str
    found: Found
    """By which words it is found, where it means somebody new."""
    is_plain: bool
    """Whether it tells nothing but plain fields, tags and a stage, and each identity once."""


def made_ready(draft: PersonDraft, pepper: bytes) -> Ready:
    """A draft made ready."""
    pairs = list(identity_pairs(draft))
    keys = tuple((kind, opaque(pepper, kind, value)) for kind, value in pairs)
    name = called(draft)
    folded = folded_name(name, draft.name_local)
    entry = person_entry(0, folded, next(iter(draft.emails), ""), next(iter(draft.phones), ""))
    is_more = draft.fields or draft.consents or draft.unsubscribed or draft.do_not_call
    values = tuple(value for _kind, value in pairs)
    return Ready(
        draft, keys, values, name, folded, found_by(entry), not is_more and len(set(keys)) == len(keys)
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


def names_stated(draft: PersonDraft) -> tuple[str, ...]:
    """The names of the fields of `stated`, but for the owner's."""
    names = tuple(compress(STATED, STATED_OF(draft)))
    is_named = not draft.name and (draft.given_name or draft.family_name)
    return ("name", *names) if is_named else names
