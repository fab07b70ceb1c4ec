"""Gives every request an id, which answer, log lines and error pages carry; lets a plain form ask for DELETE."""

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from structlog.contextvars import bind_contextvars, clear_contextvars

from treaty.kit import logs, web

GIVEN = re.compile(r"[A-Za-z0-9_-]{8,32}")
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
METHODS = frozenset({"PUT", "PATCH", "DELETE"})
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger("treaty.request")


def new_id(request: HttpRequest) -> str:
    """The id a trusted proxy gave, else sixteen hexadecimal digits."""
    given = request.headers.get("X-Request-ID", "")
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
        """Where it broke, without the error's own text: that may quote what somebody typed."""
        log.error("failed", route=route(request), **logs.place(error))

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


def route(request: HttpRequest) -> str:
    """The pattern of the address: a path itself may hold the token of an invitation."""
    return request.resolver_match.route if request.resolver_match else "-"


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
