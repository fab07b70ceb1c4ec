"""Gives every request an id, which answer, log lines and error pages carry; lets a plain form ask for DELETE; spares
calls of the API what only pages need."""

import re
import secrets
import time
from collections.abc import Callable
from functools import lru_cache

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve
from django.utils import timezone, translation
from structlog.contextvars import bind_contextvars, clear_contextvars

from treaty.kit import logs, web

GIVEN = re.compile(r"[A-Za-z0-9_-]{8,32}")
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
METHODS = frozenset({"PUT", "PATCH", "DELETE"})
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger("treaty.request")


def new_id(request: HttpRequest) -> str:
    """The id a trusted proxy gave, else sixteen hexadecimal digits."""
    given = str(request.META.get("HTTP_X_REQUEST_ID", ""))
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and GIVEN.fullmatch(given):
        return given
    return secrets.token_hex(8)


class RequestId:
    """Binds the id while the request runs, and writes one line about it: no query, no body, no address of anyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = new_id(request)  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
            self.tell(request, response, time.perf_counter() - started)
        finally:
            clear_contextvars()
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Says where it broke."""
        tell_failure(request, error)

    def tell(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        """One line for each request but the probes of a load balancer."""
        if request.path in QUIET:
            return
        log.info(
            "answered",
            method=request.method,
            route=route(request),
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )


def tell_failure(request: HttpRequest, error: Exception) -> None:
    """Where it broke, without the error's own text: that may quote what somebody typed."""
    log.error("failed", route=route(request), **logs.place(error))


def route(request: HttpRequest) -> str:
    """The pattern of the address: a path itself may hold the token of an invitation."""
    return request.resolver_match.route if request.resolver_match else "-"


class ContentPolicy(CSPMiddleware):
    """The same content policy for all answers, put together once; a page that asks for another one has its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: no page of ours has a nonce."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with its policy."""
        if settings.DEBUG or hasattr(response, "_csp_replace"):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


class ApiCalls:
    """A call of the REST API with a key goes straight to its view: no session, form or message has to do with it.

    It is answered in the installation's language and time zone, whatever the thread spoke before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/") or "HTTP_AUTHORIZATION" not in request.META:
            return self.get_response(request)
        timezone.deactivate()
        translation.activate(settings.LANGUAGE_CODE)
        request.resolver_match = found = resolved(request.path_info)
        try:
            answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        except Exception as error:
            tell_failure(request, error)
            raise
        return answer


resolved = lru_cache(maxsize=2_000)(resolve)
"""The view of an address: programs ask for the same few again and again, and there are many to look through."""


class FormMethod:
    """A form without script can only post: its field `_method` says which of PUT, PATCH, DELETE it means.

    Takes effect after the check of the form's token, which reads posted fields only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Changes the method before the view looks."""
        if (
            request.method == "POST"
            and request.content_type in FORMS
            and not request.path.startswith("/api/")
        ):
            wanted = request.POST.get("_method", "POST").upper()
            request.method = wanted if wanted in METHODS else "POST"


class Toasts:
    """Answers to a script carry what a view said with `toast`; whole pages show it by themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return web.with_toasts(request, self.get_response(request))
