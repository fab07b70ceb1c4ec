"""What happened with the documents of a record. Their names lie in the erasable text of the touchpoint."""

from dataclasses import dataclass

from treaty.ledger.facts import Fact


@dataclass(frozen=True, slots=True)
class DocumentAdded(Fact):
    """Somebody of ours put a document on the record of a person, a company or a deal."""

    document: int
    type: str
    """pdf, docx, png, text ...: a key of `documents.rules.TYPES`."""


@dataclass(frozen=True, slots=True)
class DocumentRemoved(Fact):
    """Somebody of ours took a document off a record."""

    document: int
    type: str


@dataclass(frozen=True, slots=True)
class DocumentRestored(Fact):
    """Somebody of ours brought back a document that had been removed."""

    document: int
    type: str
