"""How many answers one address may send: a fixed window in the cache that all processes share."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MOST = 30
SECONDS = 60


def too_many(request: HttpRequest) -> bool:
    """Whether this address sent more than MOST answers within SECONDS; counts this one."""
    key = f"capture:{address(request)}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # the window ended between the two calls
        return False


def address(request: HttpRequest) -> str:
    """Where a request comes from: behind n trusted proxies it is the n-th address from the end that they tell."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if proxies and len(told) >= proxies:
        return told[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
