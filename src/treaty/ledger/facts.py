"""What a fact is: a typed, past-tense sentence about the company that becomes one touchpoint."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import ClassVar

import msgspec


class Side(StrEnum):
    """Who acted: one of the two teams, the buyer, or both teams together."""

    MARKETING = "marketing"
    SALES = "sales"
    BUYER = "buyer"
    BOTH = "both"


KINDS: dict[str, type["Fact"]] = {}
"""Every kind of fact by its name; a kind is its class name and never changes once recorded."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: subclass it in a noun's `facts.py`, frozen, in the past tense, with one sentence on what happened."""

    side: ClassVar[Side] = Side.BOTH
    is_touch: ClassVar[bool] = False
    """Whether it reaches the buyer or comes from the buyer."""
    is_attempt: ClassVar[bool] = False
    """Whether a human of sales reached out: only these end the clock of first touch."""

    def __init_subclass__(cls) -> None:
        """Register the kind under its name."""
        KINDS[cls.__name__] = cls


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


class SubjectKind(StrEnum):
    """What a touchpoint can be about."""

    IDENTITY = "identity"
    COMPANY = "company"
    DEAL = "deal"
    VERSION = "version"
    INSTALLATION = "installation"


class Subject(msgspec.Struct, frozen=True):
    """What one touchpoint is about: a kind and the id of its row."""

    kind: SubjectKind
    id: int


def about_identity(identity: int) -> Subject:
    """The subject of a fact about one identity."""
    return Subject(SubjectKind.IDENTITY, identity)


def about_company(company: int) -> Subject:
    """The subject of a fact about one company."""
    return Subject(SubjectKind.COMPANY, company)


def about_deal(deal: int) -> Subject:
    """The subject of a fact about one deal."""
    return Subject(SubjectKind.DEAL, deal)


def about_version(version: int) -> Subject:
    """The subject of a fact about one agreement version."""
    return Subject(SubjectKind.VERSION, version)


INSTALLATION = Subject(SubjectKind.INSTALLATION, 1)
"""The subject of a fact about the company that runs this installation."""
