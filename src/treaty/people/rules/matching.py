"""Whom a draft means: the person who holds one of its identities already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from treaty.people.rules.drafts import PersonDraft, identity_pairs


@dataclass(frozen=True, slots=True)
class Match:
    """The person a draft means: an id, or below 0 the place of a person yet to be made."""

    person: int
    is_new: bool
    is_conflict: bool
    """Whether its identities belong to different persons; the first (external key, mail, phone) decides."""


def matches(drafts: Sequence[PersonDraft], holders: Mapping[tuple[str, str], int]) -> list[Match]:
    """One match for each draft, in order. `holders` are those who hold an identity already.

    Drafts that share an identity mean one person. An identity never leaves its holder here.
    """
    held, made, found = dict(holders), 0, []
    for draft in drafts:
        pairs = list(identity_pairs(draft))
        persons = list(dict.fromkeys(held[pair] for pair in pairs if pair in held))
        if not persons:
            made += 1
        person = persons[0] if persons else -made
        for pair in pairs:
            held.setdefault(pair, person)
        found.append(Match(person, not persons, len(persons) > 1))
    return found
