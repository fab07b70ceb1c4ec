"""What buyers do where we can see it."""

from dataclasses import dataclass, field
from typing import ClassVar

from treaty.ledger.facts import Fact, Side


@dataclass(frozen=True, slots=True)
class BuyerTouch(Fact):
    """A buyer came towards us; the kinds below say how. Never recorded itself."""

    side: ClassVar[Side] = Side.MARKETING
    is_touch: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class FormSubmitted(BuyerTouch):
    """A buyer sent a form."""

    form: str
    page: str = ""
    channel: str = ""
    campaign: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    """Answers that name nobody: interest, company size, timing."""


@dataclass(frozen=True, slots=True)
class PageSeen(BuyerTouch):
    """A buyer looked at a page."""

    page: str
    seconds: int = 0
    channel: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class FileDownloaded(BuyerTouch):
    """A buyer downloaded a file."""

    file: str
    channel: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class MailOpened(BuyerTouch):
    """A buyer opened a mail of ours."""

    mail: str
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class MailAnswered(BuyerTouch):
    """A buyer answered a mail of ours."""

    mail: str
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class EventAttended(BuyerTouch):
    """A buyer took part in an event or webinar."""

    event: str
    minutes: int = 0
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class AdClicked(BuyerTouch):
    """A buyer followed an advertisement."""

    ad: str
    channel: str = ""
    campaign: str = ""


FROM_OUTSIDE: tuple[type[BuyerTouch], ...] = (
    FormSubmitted,
    PageSeen,
    FileDownloaded,
    MailOpened,
    MailAnswered,
    EventAttended,
    AdClicked,
)
"""The kinds that the API and forms may record."""
