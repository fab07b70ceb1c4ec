"""Whom a draft means: the person who holds one of its identities already."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec


class Match(msgspec.Struct, frozen=True, gc=False):
    """The person a draft means: an id, or below 0 the place of a person yet to be made."""

    person: int
    is_new: bool
    is_conflict: bool
    """Whether its identities belong to different persons; the first (external key, mail, phone) decides."""


def matches(named: Iterable[Sequence[int]], holders: Mapping[int, int]) -> list[Match]:
    """One match for each draft, in order: `named` are its identities, `holders` those who hold one already.

    Drafts that share an identity mean one person. An identity never leaves its holder here.
    """
    held, made, found = dict(holders), 0, []
    for identities in named:
        persons = [held[identity] for identity in identities if identity in held]
        if not persons:
            made += 1
        person = persons[0] if persons else -made
        for identity in identities:
            held.setdefault(identity, person)
        found.append(Match(person, not persons, any(other != person for other in persons)))
    return found
