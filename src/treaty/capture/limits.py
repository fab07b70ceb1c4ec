"""How many answers one address may send: a fixed window in the cache that all processes share."""

from django.core.cache import cache
from django.http import HttpRequest

MOST = 30
SECONDS = 60


def too_many(request: HttpRequest) -> bool:
    """Whether this address sent more than MOST answers within SECONDS; counts this one."""
    key = f"capture:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # the window ended between the two calls
        return False
