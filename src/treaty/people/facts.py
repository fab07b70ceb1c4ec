"""What happens to persons."""

from dataclasses import dataclass
from typing import ClassVar

from treaty.ledger.facts import Fact, Side


@dataclass(frozen=True, slots=True)
class PersonAdded(Fact):
    """A person was added to the database."""

    source: str
    """import, form, api, hand or sample."""


@dataclass(frozen=True, slots=True)
class PersonChanged(Fact):
    """Staff corrected what is known of a person."""

    fields: tuple[str, ...]
    """The names of the fields, never their values: those can be forgotten."""


@dataclass(frozen=True, slots=True)
class CompanyChanged(Fact):
    """Staff corrected what is known of a company."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompanyBinned(Fact):
    """A company was put into the bin, from where it can come back for thirty days."""

    cause: str
    """hand or api."""


@dataclass(frozen=True, slots=True)
class CompanyRestored(Fact):
    """A company came back from the bin."""

    cause: str
    """hand or api."""


@dataclass(frozen=True, slots=True)
class CompanyErased(Fact):
    """A company lay in the bin for thirty days and went for good."""


@dataclass(frozen=True, slots=True)
class StageEntered(Fact):
    """A person entered a lifecycle stage."""

    stage: str
    cause: str = ""
    """The kind of fact that led there; empty where somebody said so."""
    back: bool = False
    """Whether this may be a step back on the road."""
    undoes: bool = False
    """Whether it takes a win back, so that even a customer steps back."""


@dataclass(frozen=True, slots=True)
class OwnerAssigned(Fact):
    """A person was given to a member of the staff, or to nobody."""

    owner: int | None


@dataclass(frozen=True, slots=True)
class Unsubscribed(Fact):
    """A person asked not to be written to."""

    side: ClassVar[Side] = Side.BUYER
    is_touch: ClassVar[bool] = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class CallsRefused(Fact):
    """A person asked not to be called."""

    side: ClassVar[Side] = Side.BUYER
    is_touch: ClassVar[bool] = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class ContactAllowed(Fact):
    """A person may be written to or called again."""

    way: str
    """mail or call."""


@dataclass(frozen=True, slots=True)
class ConsentGiven(Fact):
    """A person agreed to a purpose, in the words of one version of its text."""

    side: ClassVar[Side] = Side.BUYER
    purpose: int
    version: int
    name: str
    """What the purpose was called then."""
    how: str
    """form, hand, import or api."""
    place: str = ""
    """The address of the form or page, with nothing that names the person."""


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Fact):
    """A person took back what it had agreed to."""

    side: ClassVar[Side] = Side.BUYER
    purpose: int
    version: int
    """The version that the person had agreed to."""
    name: str
    how: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ImportUndone(Fact):
    """An import that had added or changed a person was taken back."""

    batch: int
    """The run, as the facts that it recorded name it."""


@dataclass(frozen=True, slots=True)
class PersonBinned(Fact):
    """A person was put into the bin, from where it can come back for thirty days."""

    cause: str
    """hand or api."""


@dataclass(frozen=True, slots=True)
class PersonRestored(Fact):
    """A person came back from the bin."""

    cause: str
    """hand, api, or came, where the person came again by itself."""


@dataclass(frozen=True, slots=True)
class PersonForgotten(Fact):
    """What was readable of a person was erased for ever."""

    cause: str
    """hand, api, cli, retention, bin or restore."""


@dataclass(frozen=True, slots=True)
class PersonsMerged(Fact):
    """Two records turned out to be one person: the identities of the one went over to the other."""

    merged: int
    """The person who went over; nobody has this id until the merge is undone."""
    survivor: int
    anchor: int
    """The identity that stood for the merged person."""
    merge: int


@dataclass(frozen=True, slots=True)
class PersonsSplit(Fact):
    """One record turned out to be two persons: some identities went to the other."""

    person: int
    """Who keeps the record."""
    other: int
    """Who left it, with the id from before where a merge was undone."""
    merge: int | None = None
    """The merge that was undone; None where somebody was split off who never had a record."""
