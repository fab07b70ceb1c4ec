"""How views answer: a whole page or the part that was asked for, a toast, a way back."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def is_partial(request: HttpRequest) -> bool:
    """Whether a script asks for a part of the page, not the browser for all of it (nor for a page out of history)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-Request-Type", "partial") != "full"


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, or only its part `partial` (a named partial of the template) when a script asks for it.

    Both come from one template and one context, so that a swap equals a reload.
    """
    name = f"{template}#{partial}" if partial and is_partial(request) else template
    response = render(request, name, dict(context or {}), status=status)
    response["Vary"] = "HX-Request, HX-Request-Type, Cookie"
    return response


panel = page
"""The same under the name of what it often answers with: the record beside a list."""


def toast(
    request: HttpRequest,
    text: str,
    undo_url: str | None = None,
    undo_method: str = "POST",
    *,
    bad: bool = False,
) -> None:
    """Says something on the next page this user sees; `undo_url` offers to take it back for ten seconds."""
    tags = f"undo {undo_method.upper()} {undo_url}" if undo_url else ""
    (messages.error if bad else messages.success)(request, text, extra_tags=tags)


def with_toasts(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Puts what was said so far into the answer to a script, which shows it at once; a redirect's page says it."""
    redirected = response.status_code >= 300 or "HX-Redirect" in response or "HX-Trigger" in response
    if not is_partial(request) or redirected or not (said := list(messages.get_messages(request))):
        return response
    undo = undo_of(said[-1])
    response["HX-Trigger"] = json.dumps(
        {"toast": {"text": " ".join(str(one.message) for one in said), "undo": undo}}
    )
    return response


def undo_of(message: Any) -> dict[str, str] | None:
    """How the toast's matter is taken back, as the page's script takes it."""
    kind, _space, rest = (message.extra_tags or "").partition(" ")
    method, _space, url = rest.partition(" ")
    return {"url": url, "method": method} if kind == "undo" else None


def redirect_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """The page the user came from (`next`, else the referring page), if it is ours; a script goes there whole."""
    local = came_from(request, otherwise)
    return (
        HttpResponse(headers={"HX-Redirect": local}) if is_partial(request) else HttpResponseRedirect(local)
    )


def swap_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """The same, but a script gets the part that this page answers scripts with, and swaps it in place."""
    return HttpResponseRedirect(came_from(request, otherwise))


def came_from(request: HttpRequest, otherwise: str) -> str:
    """Where the user came from, as a path of ours: one that begins with two slashes would be another host."""
    wanted = request.POST.get("next") or request.headers.get("Referer") or otherwise
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = otherwise
    parts = urlsplit(wanted)
    path = "/" + parts.path.lstrip("/\\")
    return path + (f"?{parts.query}" if parts.query else "")
