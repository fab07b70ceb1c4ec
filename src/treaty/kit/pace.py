"""How often each key calls the REST API: counted minute by minute in this process, told with every answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in this minute: calls that are allowed, calls that are left, seconds to the next minute."""

    most: int
    left: int
    seconds: int
    is_over: bool

    def headers(self) -> Mapping[str, str]:
        """The same as the Internet-Draft on RateLimit header fields writes it."""
        told = {
            "RateLimit-Policy": f'"key";q={self.most};w={MINUTE}',
            "RateLimit": f'"key";r={self.left};t={self.seconds}',
        }
        return told | {"Retry-After": str(self.seconds)} if self.is_over else told


class Pace:
    """The calls of the current minute."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._calls: dict[int, int] = {}

    def count(self, who: int, *, most: int, at: float) -> Standing:
        """Count one call of somebody, at seconds since 1970; calls beyond `most` in a minute are over."""
        minute, passed = divmod(int(at), MINUTE)
        with self._lock:
            if minute != self._minute:
                self._minute, self._calls = minute, {}
            calls = self._calls[who] = self._calls.get(who, 0) + 1
        return Standing(most, max(0, most - calls), MINUTE - passed, calls > most)
