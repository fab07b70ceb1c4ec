"""What time it is: now, except while history is played, as the sample company's is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_played: ContextVar[datetime | None] = ContextVar("played", default=None)


def now() -> datetime:
    """The time at which something is written down."""
    return _played.get() or timezone.now()


@contextmanager
def playing(at: datetime) -> Iterator[None]:
    """Within it, it is `at`: what happened then is also written down then."""
    token = _played.set(at)
    try:
        yield
    finally:
        _played.reset(token)
