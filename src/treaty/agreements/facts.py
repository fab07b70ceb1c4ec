"""What happens to the agreement and to its promises."""

from dataclasses import dataclass
from typing import ClassVar

from treaty.ledger.facts import Fact


@dataclass(frozen=True, slots=True)
class VersionDrafted(Fact):
    """Somebody began a new version of the agreement."""

    number: int


@dataclass(frozen=True, slots=True)
class VersionProposed(Fact):
    """A draft was proposed to both sides and can no longer change."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class VersionSigned(Fact):
    """One side signed the hash of a version."""

    number: int
    sha256: str
    signed_for: str
    """marketing or sales."""
    role: str


@dataclass(frozen=True, slots=True)
class VersionDeclined(Fact):
    """One side declined a proposed version, with a reason."""

    number: int
    declined_for: str


@dataclass(frozen=True, slots=True)
class VersionWithdrawn(Fact):
    """A draft or proposed version was withdrawn."""

    number: int


@dataclass(frozen=True, slots=True)
class VersionInForce(Fact):
    """A version signed by both sides came into force."""

    number: int


PERSONAL = "offer:"
"""A verdict about something that begins so judges one person's clock, and not the promise of a side."""


@dataclass(frozen=True, slots=True)
class Verdict(Fact):
    """A promise was judged; the kinds below say how. Never recorded itself."""

    version: int
    clause: str
    """The clause's number, such as 4.1."""
    obliged: str
    """marketing or sales."""
    about: str
    """What was judged: handover:7, month:2026-11, or offer:7:2 for one person's clock."""
    due_at: str
    """ISO 8601."""
    user: int | None = None
    """Whose act was awaited, where it was one person's."""
    cause: str = ""
    is_touch: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class PromiseKept(Verdict):
    """A promise was kept."""


@dataclass(frozen=True, slots=True)
class PromiseBroken(Verdict):
    """A promise was broken, at the moment it was due."""


@dataclass(frozen=True, slots=True)
class PromiseExcused(Verdict):
    """A promise was released: nobody was to blame, and it counts for neither side."""
