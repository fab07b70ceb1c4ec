"""How much each likeness and each difference says about whether two records are one person (Fellegi & Sunter 1969).

A weight is log2(m / u): m how often two records of one person show this level, u how often those of two persons do.
Weights add up. They are one set for every installation, set from general knowledge of how records differ and then
held against three public sets with known truth (docs/decisions/0015); they are never fitted to an installation's data.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log2
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from treaty.people.rules.duplicates.traits import Form, Traits

distance = OSA.distance
similarity = JaroWinkler.similarity

PROBABLE = 9.0
"""Bits from which on a pair is shown: with these weights almost every pair of the public sets above it is a true one."""
ALMOST_CERTAIN = 16.0
COMMON = 4
"""Bearers of one name up to which sharing it weighs in full; each doubling beyond takes two bits."""
ADDRESS_MOST = 11.0
"""Street, postcode and town say one thing together: people of one household share all three."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing compared: the field, how alike it is (same, misspelt, alike, different, swapped, common), its bits."""

    field: str
    level: str
    bits: float


class Evidence(NamedTuple):
    """All that speaks for and against two records being one person."""

    bits: float
    reasons: tuple[Reason, ...]


def _scale(field: str, **bits: float) -> dict[str, Reason]:
    return {level: Reason(field, level, weight) for level, weight in bits.items()}


GIVEN = _scale("given_name", same=5.5, misspelt=4.5, alike=2, different=-7)
FAMILY = _scale("family_name", same=7, misspelt=5.5, alike=2.5, different=-5)
WHOLE = _scale("name", same=12.5, different=-9)
SWAPPED = {"same": Reason("name", "swapped", 5.5), "misspelt": Reason("name", "swapped", 4.25)}
"""A word of the one in the other place of the other, for each word."""
EMAIL = _scale("email", same=13, misspelt=11, alike=5, different=-2)
PHONE = _scale("phone", same=9, misspelt=2, different=-1)
KEY = _scale("external", same=16, different=-1)
COMPANY = _scale("company", same=4, alike=3, different=-2)
STREET = _scale("street", same=8, misspelt=7, different=-2)
POSTCODE = _scale("postcode", same=5, misspelt=3, different=-1.5)
CITY = _scale("city", same=2.5, misspelt=2, different=-1.5)
COUNTRY = _scale("country", same=0, different=-2.5)
BORN = _scale("born", same=9.5, swapped=7, misspelt=6, alike=4, different=-4.5)
BORN_NEAR = Reason("born", "near", 0)
"""Two of eight digits differ: nothing follows from that."""

SHARED_MAILBOXES = frozenset(
    {
        "admin",
        "biuro",
        "contact",
        "hello",
        "hi",
        "info",
        "kontakt",
        "mail",
        "marketing",
        "office",
        "sales",
        "shop",
        "support",
        "team",
    }
)
"""Names of mailboxes that every company has."""


def weigh(one: Traits, other: Traits, *, bearers: int = 0) -> Evidence:
    """What speaks for and against two records being one person; `bearers` is how many share the name, where known."""
    reasons = _names(one.names, other.names)
    if bearers > COMMON and _is_full(reasons):
        reasons.append(_common(bearers))
    if one.emails and other.emails:
        reasons.append(_best(one.emails, other.emails, _email))
    if one.phones and other.phones:
        reasons.append(_best(one.phones, other.phones, _phone))
    if one.keys and other.keys:
        reasons.append(_best(one.keys, other.keys, _key))
    if one.company and other.company:
        reasons.append(_company(one.company, other.company))
    if one.born and other.born:
        reasons.append(_born(one.born, other.born))
    if one.country and other.country:
        reasons.append(COUNTRY["same" if one.country == other.country else "different"])
    place = _place(one, other)
    bits = _bits(reasons) + (min(_bits(place), ADDRESS_MOST) if place else 0)
    return Evidence(bits, (*reasons, *place))


def _names(ones: tuple[Form, ...], others: tuple[Form, ...]) -> list[Reason]:
    """The likeness of the two ways of writing that are most alike; ways in scripts that cannot be compared say nothing."""
    if len(ones) == len(others) == 1:
        return _form(ones[0], others[0])
    best: list[Reason] = []
    most = float("-inf")
    for one in ones:
        for other in others:
            found = _form(one, other)
            if found and (bits := _bits(found)) > most:
                best, most = found, bits
    return best


def _form(one: Form, other: Form) -> list[Reason]:
    if one.is_unspaced or other.is_unspaced:
        both = one.is_unspaced and other.is_unspaced
        return [WHOLE["same" if one.family == other.family else "different"]] if both else []
    straight = []
    if one.family and other.family:
        straight.append(FAMILY[_word(one.family, other.family)])
    if one.given and other.given:
        straight.append(GIVEN[_word(one.given, other.given)])
    if straight and straight[0].bits > 0 and straight[-1].bits > 0:
        return straight
    crossed = _crossed(one, other)
    return crossed if crossed and _bits(crossed) > _bits(straight) else straight


def _crossed(one: Form, other: Form) -> list[Reason]:
    """The parts compared the other way round, where that shows the same words; else nothing."""
    found = []
    for words in ((one.given, other.family), (one.family, other.given)):
        if words[0] and words[1]:
            if (level := _word(*words)) not in SWAPPED:
                return []
            found.append(SWAPPED[level])
    return found


def _bits(reasons: Iterable[Reason]) -> float:
    return sum([reason.bits for reason in reasons])  # a list: a generator takes twice as long


def _is_full(reasons: Iterable[Reason]) -> bool:
    """Whether the whole name is the same."""
    return _bits(reasons) >= WHOLE["same"].bits


@lru_cache(maxsize=256)
def _common(bearers: int) -> Reason:
    return Reason("name", "common", -round(2 * log2(bearers / COMMON), 1))


@lru_cache(maxsize=200_000)
def _word(one: str, other: str) -> str:
    """How alike two names are: same, misspelt (a letter or two), alike (short for, part of, sounds like), different."""
    if one == other:
        return "same"
    shorter = min(len(one), len(other))
    if shorter == 1:
        return "alike" if one[0] == other[0] else "different"
    if shorter < 3:
        return "different"
    edits = distance(one, other, score_cutoff=2)
    if edits == 1 or (edits == 2 and shorter >= 5):
        return "misspelt"
    is_part = one.startswith(other) or other.startswith(one) or bool({*one.split()} & {*other.split()})
    return "alike" if is_part or similarity(one, other) >= 0.85 else "different"


def _best(ones: tuple[str, ...], others: tuple[str, ...], compare: Callable[[str, str], Reason]) -> Reason:
    if len(ones) == len(others) == 1:
        return compare(ones[0], others[0])
    return max((compare(one, other) for one in ones for other in others), key=lambda reason: reason.bits)


def _email(one: str, other: str) -> Reason:
    if one == other:
        return EMAIL["same"]
    local, _, domain = one.partition("@")
    local_too, _, domain_too = other.partition("@")
    if local in SHARED_MAILBOXES or local_too in SHARED_MAILBOXES:
        return EMAIL["different"]
    if domain == domain_too:
        # Two mailboxes at one place mostly belong to two persons, however alike they look.
        edits = distance(local, local_too, score_cutoff=2)
        return EMAIL["alike" if edits <= 2 and min(len(local), len(local_too)) > 3 + edits else "different"]
    if local == local_too:
        edits = distance(domain, domain_too, score_cutoff=2)
        return EMAIL["misspelt" if edits <= 2 else "alike" if len(local) > 4 else "different"]
    is_alike = distance(one, other, score_cutoff=5) <= 5 and similarity(one, other) >= 0.88
    return EMAIL["alike" if is_alike else "different"]


def _phone(one: str, other: str) -> Reason:
    if one[-8:] == other[-8:]:
        return PHONE["same"]
    return PHONE["misspelt" if distance(one, other, score_cutoff=1) == 1 else "different"]


def _key(one: str, other: str) -> Reason:
    return KEY["same" if one == other else "different"]


def _company(one: str, other: str) -> Reason:
    if one == other:
        return COMPANY["same"]
    begins = min(len(one), len(other)) > 3 and (one.startswith(other) or other.startswith(one))
    return COMPANY["alike" if begins or similarity(one, other) >= 0.92 else "different"]


def _place(one: Traits, other: Traits) -> list[Reason]:
    found = []
    if one.street and other.street:
        found.append(STREET[_text(one.street, other.street)])
    if one.postcode and other.postcode:
        found.append(POSTCODE[_text(one.postcode, other.postcode)])
    if one.city and other.city:
        found.append(CITY[_text(one.city, other.city)])
    return found


def _text(one: str, other: str) -> str:
    if one == other:
        return "same"
    is_near = distance(one, other, score_cutoff=2) <= 2 or similarity(one, other) >= 0.92
    return "misspelt" if is_near else "different"


def _born(one: str, other: str) -> Reason:
    if one == other:
        return BORN["same"]
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return BORN["swapped"]
    edits = distance(one, other)
    if edits == 1:
        return BORN["misspelt"]
    if (one[:4] == other[:4]) + (one[4:6] == other[4:6]) + (one[6:] == other[6:]) == 2:
        return BORN["alike"]
    return BORN_NEAR if edits == 2 else BORN["different"]
