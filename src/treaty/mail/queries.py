"""Readings of mail that waits or failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from treaty.mail.models import OutgoingMail

COUNTED = 1000


@dataclass(frozen=True)
class MailView:
    """A mail as the settings show it: to whom, about what, how often tried and why it did not leave."""

    id: int
    recipient: str
    subject: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None


def is_configured() -> bool:
    """Whether the operator named a mail server; without one, mails wait."""
    return bool(settings.MAIL_URL.hostname)


def waiting_count() -> int:
    """How many mails wait to be sent; counted to 1,000."""
    return OutgoingMail.objects.filter(state="waiting").order_by("id")[:COUNTED].count()


def mails(state: str, limit: int = 100) -> list[MailView]:
    """Mails of one state (waiting, sent, dead), the newest first."""
    return [view(row) for row in OutgoingMail.objects.filter(state=state).order_by("-id")[:limit]]


def every_mail() -> Iterator[MailView]:
    """All mails that are kept, the newest first."""
    return map(view, OutgoingMail.objects.order_by("-id").iterator(chunk_size=1000))


def view(row: OutgoingMail) -> MailView:
    """A mail without its text."""
    return MailView(
        row.pk,
        row.recipient,
        row.subject,
        row.state,
        row.attempts,
        row.error,
        row.created_at,
        row.next_try_at,
        row.sent_at,
    )


def gauges() -> list[tuple[str, str, str, dict[str, int]]]:
    """What /metrics says of mail: how many wait and how many failed."""
    rows = OutgoingMail.objects.filter(state__in=("waiting", "dead")).values_list("state")
    found = {"waiting": 0, "dead": 0} | dict(rows.annotate(Count("id")).order_by("state"))
    return [("treaty_mails", "Mails that wait or failed.", "state", found)]
