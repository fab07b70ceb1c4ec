"""The REST API's root: mounts every noun's router, and says in one form what went wrong."""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from treaty.kit.nouns import offered
from treaty.kit.rest import JsonParser, field_problems
from treaty.staff import commands as staff
from treaty.staff.access import key_of

api = NinjaAPI(
    title="Treaty",
    version="1",
    description="Persons, companies, touchpoints, handovers, deals, the agreement and the scoreboard.",
    urls_namespace="api",
    docs_url="/docs",
    parser=JsonParser(),
)

for _noun, router in offered("api", "router"):
    api.add_router("", router)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """403: the key's scopes, or its owner's role, do not allow this."""
    return told(request, 403, "This key does not allow this.")


@api.exception_handler(Http404)
def not_there(request: HttpRequest, error: Http404 | None = None) -> HttpResponse:
    """404: it is not there, or not for this key."""
    return told(request, 404, "There is no such thing, or this key may not see it.")


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """413: the body is larger than a call may be."""
    return told(request, 413, "The body is too large; send it in smaller parts.")


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with every field that is wrong; 404 where it is the address that can name nothing."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return not_there(request)
    return told(request, 422, "What was sent is not right; nothing was done.", field_problems(error))


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The status that a noun, or the reading of the body, has chosen."""
    cause = error.__cause__  # Ninja answers 400 to whatever stops the reading of a body.
    if isinstance(cause, ValidationError):
        return unfit(request, cause)
    mistake = cause if isinstance(cause, HttpError) else error
    return told(request, mistake.status_code, SAID.get(mistake.status_code, str(mistake)))


SAID = {401: "Send a valid key: Authorization: Bearer treaty_..."}


def told(request: HttpRequest, status: int, detail: str, errors: Sequence[object] = ()) -> HttpResponse:
    """What went wrong, with the request's id."""
    body = {"detail": detail, "request_id": getattr(request, "id", ""), "errors": list(errors)}
    answer = api.create_response(request, body, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def in_one_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, whose refusal of a method is told like every other refusal."""

    @wraps(view)
    def formed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if not isinstance(answer, HttpResponseNotAllowed):
            return answer
        plain = told(request, 405, "This address does not know that method.")
        plain["Allow"] = answer["Allow"]
        return plain

    return formed


NAME = re.compile(r"[\x21-\x7e]{1,255}")
"""How a call may be named: printable, without spaces."""


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, which does a call named by `Idempotency-Key` once and answers it again as it was answered."""

    @wraps(view)
    def only(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.headers.get("Idempotency-Key")
        if name is None or request.method == "GET" or (key := key_of(request)) is None:
            return view(request, *args, **kwargs)
        if not NAME.fullmatch(name):
            return told(request, 422, "An Idempotency-Key is 1 to 255 printable signs without spaces.")
        fresh: list[HttpResponse] = []

        def act() -> staff.Answer:
            fresh.append(view(request, *args, **kwargs))
            return staff.Answer(fresh[0].status_code, fresh[0].content.decode())

        try:
            kept = staff.do_once(staff.Call(key, name, fingerprint(request)), act, at=timezone.now())
        except RequestDataTooBig as error:
            return too_big(request, error)
        except staff.OtherCall:
            return told(request, 422, "This Idempotency-Key was given to another call within the last day.")
        return fresh[0] if fresh else repeated(kept)

    return only


def repeated(kept: staff.Answer) -> HttpResponse:
    """An answer that was given before."""
    return HttpResponse(
        kept.body,
        status=kept.status,
        content_type="application/json; charset=utf-8",
        headers={"Idempotency-Replayed": "true"},
    )


def fingerprint(request: HttpRequest) -> str:
    """A hash of what is asked."""
    asked = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return sha256(asked + request.body).hexdigest()


def mounted() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The API's addresses; what lies beside them is refused in the API's form too."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = once(in_one_form(pattern.callback))
    return [*patterns, re_path("", csrf_exempt(not_there))], app_name, namespace
