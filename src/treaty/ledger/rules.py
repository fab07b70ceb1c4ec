"""How facts become text and back, and how readable values become opaque keys."""

import hashlib
from functools import cache

import msgspec

from treaty.ledger.facts import KINDS, Fact


class UnknownKind(ValueError):
    """The ledger holds a kind of fact that this version of Treaty does not know."""


def encoded(fact: Fact) -> str:
    """A fact as compact JSON."""
    return msgspec.json.encode(fact).decode()


def decoded(kind: str, payload: str) -> Fact:
    """The fact of a kind from its JSON; raises UnknownKind."""
    return decoder(kind).decode(payload)


@cache
def decoder(kind: str) -> "msgspec.json.Decoder[Fact]":
    """The typed reader of one kind."""
    if kind not in KINDS:
        raise UnknownKind(
            f"{kind} is not a fact this version of Treaty knows; was the database used by a newer one?"
        )
    return msgspec.json.Decoder(KINDS[kind])


def opaque(pepper: bytes, *parts: str) -> str:
    """A keyed hash of readable parts, 32 hex digits: equal parts give equal keys, and the key tells nothing."""
    hashed = hashlib.blake2b("\x1f".join(parts).encode(), key=pepper, digest_size=16)
    return hashed.hexdigest()
