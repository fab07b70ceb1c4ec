"""How a message is signed and when it is tried again: the Standard Webhooks specification 1.0.0, as pure functions."""

import base64
import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SECRET_MARK = "whsec_"  # noqa: S105 - says what follows
SECRET_BYTES = 32
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

SCHEDULE = (
    timedelta(seconds=5),
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""Between one attempt and the next, as the specification's example has it: the tenth and last comes after three days."""

JITTER = 0.1
"""The share of a delay by which it may grow, so that what failed together does not come together again."""
PATIENCE = timedelta(days=5)
"""How long an endpoint may fail without one success before it is paused."""
OVERLAP = timedelta(hours=24)
"""How long messages are signed with the former secret too, after it was exchanged."""
LONGEST_WAIT = 24 * HOUR
GONE = 410
FORBIDDEN = "forbidden:"
"""Before the code of why an endpoint was not called, where others have what the network said."""
TEST = "TestSent"
"""The type of a message that says nothing but that messages arrive; no fact is called so."""
BUSY = frozenset({429, 502, 503, 504})
"""Answers after which the whole endpoint is left in peace for a while."""


def secret_text(raw: bytes) -> str:
    """A secret as the specification writes it."""
    return SECRET_MARK + base64.b64encode(raw).decode()


def signatures(secrets: Sequence[str], message: str, at: datetime, body: bytes) -> str:
    """The header webhook-signature: one signature for each secret, parted by spaces."""
    return " ".join(signature(secret, message, at, body) for secret in secrets)


def signature(secret: str, message: str, at: datetime, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `{id}.{timestamp}.{body}` in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = b".".join((message.encode(), str(int(at.timestamp())).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def is_success(status: int | None) -> bool:
    """Whether an answer says that the message was taken."""
    return status is not None and 200 <= status < 300


def next_attempt(
    attempt: int, at: datetime, *, shift: float, wait: timedelta | None = None
) -> datetime | None:
    """When a message is tried again after its nth attempt failed; None after the last.

    `shift` (0 to 1) places it within the jitter; `wait` is what the receiver asked for.
    """
    if attempt > len(SCHEDULE):
        return None
    delay = SCHEDULE[attempt - 1] * (1 + JITTER * shift)
    return at + max(delay, wait or timedelta(0))


def asked_wait(retry_after: str, at: datetime) -> timedelta | None:
    """What a header Retry-After asks for, at most a day; None where it asks for nothing that makes sense."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - at, timedelta(0)), LONGEST_WAIT)


def rest_of(endpoint_status: int | None, at: datetime, wait: timedelta | None) -> datetime | None:
    """Until when a busy endpoint is left in peace; None where it is not busy."""
    return at + (wait or MINUTE) if endpoint_status in BUSY else None


def pause_reason(status: int | None, failing_since: datetime, at: datetime) -> str:
    """Why an endpoint is paused now: gone, failing; empty where it is not."""
    if status == GONE:
        return "gone"
    return "failing" if at - failing_since >= PATIENCE else ""


def unknown_kinds(kinds: Collection[str], known: Collection[str]) -> list[str]:
    """Kinds that no fact has."""
    return sorted(set(kinds) - set(known))
