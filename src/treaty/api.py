"""The REST API's root: mounts every noun's router, and says in one form what went wrong."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from treaty.kit.nouns import offered
from treaty.kit.rest import JsonParser, field_problems

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


def mounted() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The API's addresses; what lies beside them is refused in the API's form too."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = in_one_form(pattern.callback)
    return [*patterns, re_path("", csrf_exempt(not_there))], app_name, namespace
