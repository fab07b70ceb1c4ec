"""Verbs of mail: send puts it into a row, the worker's delivery takes it from there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from treaty.mail.models import OutgoingMail

MOST_ATTEMPTS = 8
LEASE = timedelta(minutes=10)
"""How long a mail belongs to the worker that took it: a killed one's mails are taken again after that."""

GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)


class BadAddress(ValueError):
    """The recipient is not a mail address."""


@dataclass(frozen=True)
class Letter:
    """A mail this worker has taken."""

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    html: str
    created_at: datetime
    attempt: int


@dataclass(frozen=True)
class Draft:
    """A mail to be sent; `key` makes sending it twice a no-op."""

    key: str
    recipient: str
    subject: str
    body: str
    html: str = ""


def send(recipient: str, subject: str, body: str, *, key: str, html: str = "", at: datetime) -> bool:
    """Hands a mail over; it leaves once the surrounding transaction is committed.

    False when the key was there already. Raises BadAddress.
    """
    return bool(send_many([Draft(key, recipient, subject, body, html)], at=at))


def send_many(drafts: Sequence[Draft], *, at: datetime) -> int:
    """Hands many mails over at once; returns how many keys were new. Raises BadAddress, and then sends none."""
    for draft in drafts:
        check_address(draft.recipient)
    known = set(
        OutgoingMail.objects.filter(key__in=[draft.key for draft in drafts]).values_list("key", flat=True)
    )
    rows = [row_of(draft, at) for draft in drafts if draft.key not in known]
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def check_address(recipient: str) -> None:
    """Raises BadAddress for what is not a mail address."""
    try:
        validate_email(recipient)
    except ValidationError as error:
        raise BadAddress(recipient) from error


def row_of(draft: Draft, at: datetime) -> OutgoingMail:
    """The row of a draft; a subject is one line, whatever it was made from."""
    return OutgoingMail(
        key=draft.key,
        recipient=draft.recipient,
        subject=" ".join(draft.subject.split())[:300],
        body=draft.body,
        html=draft.html,
        next_try_at=at,
        created_at=at,
    )


def take_due(limit: int, *, at: datetime) -> list[Letter]:
    """Takes mails that are due, the oldest first; each belongs to this worker for ten minutes."""
    due = OutgoingMail.objects.filter(state="waiting", next_try_at__lte=at)
    taken = []
    for row in due.order_by("next_try_at", "id")[:limit]:
        mine = due.filter(pk=row.pk, attempts=row.attempts)
        if mine.update(next_try_at=at + LEASE, attempts=F("attempts") + 1):
            letter = Letter(
                row.pk,
                row.key,
                row.recipient,
                row.subject,
                row.body,
                row.html,
                row.created_at,
                row.attempts + 1,
            )
            taken.append(letter)
    return taken


def record_sent(letter: Letter, *, at: datetime) -> None:
    """The server took it: its text is no longer needed here."""
    OutgoingMail.objects.filter(pk=letter.id).update(state="sent", sent_at=at, body="", html="", error="")


def record_failure(letter: Letter, *, reason: str, is_final: bool, at: datetime) -> None:
    """The server did not take it: tried again after 1, 4, 16 ... minutes, or dead with the reason."""
    if is_final or letter.attempt >= MOST_ATTEMPTS:
        OutgoingMail.objects.filter(pk=letter.id).update(state="dead", error=reason)
        return
    later = at + timedelta(minutes=min(4 ** (letter.attempt - 1), 12 * 60))
    OutgoingMail.objects.filter(pk=letter.id).update(error=reason, next_try_at=later)


def put_back(letters: list[Letter], *, reason: str, at: datetime) -> None:
    """The server was not there: no attempt of theirs counts; after three days they are dead."""
    rows = OutgoingMail.objects.filter(pk__in=[letter.id for letter in letters])
    rows.filter(created_at__lt=at - GIVEN_UP_AFTER).update(state="dead", error=reason)
    rows.filter(state="waiting").update(
        error=reason, attempts=F("attempts") - 1, next_try_at=at + timedelta(seconds=30)
    )


def retry_mail(mail_id: int, *, at: datetime, by: int | None) -> bool:
    """Lets a dead mail be tried again."""
    dead = OutgoingMail.objects.filter(pk=mail_id, state="dead")
    return bool(dead.update(state="waiting", attempts=0, error="", next_try_at=at, created_at=at))


def discard_mail(mail_id: int, *, at: datetime, by: int | None) -> bool:
    """Gives up a dead mail and its text."""
    return bool(OutgoingMail.objects.filter(pk=mail_id, state="dead").delete()[0])


def forget_sent(*, at: datetime) -> None:
    """Drops the rows of mails sent a month ago: nobody asks for them."""
    OutgoingMail.objects.filter(state="sent", sent_at__lt=at - KEPT).delete()


def forget_letters(keys: Collection[str]) -> None:
    """Drops mails by their keys, sent or not: they name somebody who was forgotten."""
    OutgoingMail.objects.filter(key__in=sorted(keys)).delete()
