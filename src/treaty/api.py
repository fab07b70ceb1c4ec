"""The REST API's root: mounts every noun's router, says in one form what went wrong, and what holds for every call."""

import json
import re
import time
from collections.abc import Callable, Collection, Sequence
from copy import copy
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseNotModified,
    QueryDict,
)
from django.urls import URLPattern, URLResolver, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from treaty.kit.described import JSON, PROBLEM, described
from treaty.kit.marks import mark_of, names
from treaty.kit.nouns import offered
from treaty.kit.pace import Pace
from treaty.kit.rest import OF_EVERY_READING, JsonParser, JsonRenderer, field_problems
from treaty.kit.routes import SAFE, Route, Thing, routes_of
from treaty.kit.turns import in_turn
from treaty.staff import commands as staff
from treaty.staff.access import owner_of

View = Callable[..., HttpResponse]
ROUTERS = [router for _noun, router in offered("api", "router")]
ROUTES = routes_of(ROUTERS)


class Api(NinjaAPI):
    """The API, whose description tells what holds for every call too."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The description, its addresses behind a prefix."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        document = super().get_openapi_schema(path_prefix=prefix, path_params=path_params)
        return described(document, ROUTES, prefix)


api = Api(
    title="Treaty",
    version="1",
    description="Persons, companies, touchpoints, handovers, deals, the agreement and the scoreboard.",
    urls_namespace="api",
    docs_url="/docs",
    parser=JsonParser(),
    renderer=JsonRenderer(),
)

for router in ROUTERS:
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
    return told(request, 413, "What was sent is too large; send a smaller file, or smaller parts.")


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
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": getattr(request, "id", ""),
        "errors": list(errors),
    }
    answer = api.create_response(request, body, status=status)
    answer["Content-Type"] = PROBLEM
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def in_one_form(view: View) -> View:
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


def as_asked(view: View, route: Route) -> View:
    """The view, whose answer bears the mark of what it tells; a reading tells only the fields asked for, or nothing new."""
    fields = route.fields()

    @wraps(view)
    def told_so(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code != 200 or not route.bears_mark(str(request.method)):
            return answer
        answer["ETag"] = mark = mark_of(answer.content)
        if request.method != SAFE:
            return answer
        answer["Cache-Control"] = "private, no-cache"
        if names(request.META.get("HTTP_IF_NONE_MATCH", ""), mark):
            return unchanged(answer)
        return narrowed(request, answer, fields) if OF_EVERY_READING in request.GET else answer

    return told_so


def unchanged(answer: HttpResponse) -> HttpResponse:
    """304: the caller has it already."""
    kept = {name: answer[name] for name in ("ETag", "Cache-Control")}
    return HttpResponseNotModified(headers=kept)


def narrowed(request: HttpRequest, answer: HttpResponse, fields: Sequence[str]) -> HttpResponse:
    """The answer with the fields asked for, of each item where it is a list; 422 where it has no such field."""
    wanted = ",".join(request.GET.getlist(OF_EVERY_READING)).split(",")
    if unknown := sorted(set(wanted) - set(fields)):
        problems = [{"field": OF_EVERY_READING, "problem": f"There is no field {one!r}."} for one in unknown]
        return told(request, 422, "What was sent is not right; nothing was done.", problems)
    whole = json.loads(answer.content)
    if "items" in whole and "items" not in fields:
        whole["items"] = [{name: item[name] for name in wanted} for item in whole["items"]]
    else:
        whole = {name: whole[name] for name in wanted}
    answer.content = json.dumps(whole, ensure_ascii=False).encode()
    return answer


def unless_changed(view: View, reading: View, thing: Thing, methods: Collection[str]) -> View:
    """The view, which acts by these methods only if the thing is as `If-Match` names it; nobody changes it in between."""

    @wraps(view)
    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.META.get("HTTP_IF_MATCH") if request.method in methods else None
        if wanted is None or (owner := owner_of(request)) is None:
            return view(request, *args, **kwargs)
        name, number = next(iter(kwargs.items()))
        with transaction.atomic():
            if number.isdecimal() and len(number) < 19:
                thing.hold(owner.user, int(number))
            current = reading(as_reading(request), **{name: number})
            if current.status_code != 200:
                return current
            if not names(wanted, mark_of(current.content)):
                return told(request, 412, "It was changed since; read it again.")
            return view(request, *args, **kwargs)

    return careful


def as_reading(request: HttpRequest) -> HttpRequest:
    """The request as one that reads the whole thing."""
    other = copy(request)
    other.method, other.GET = SAFE, QueryDict()
    return other


PACE = Pace()
"""Every call of this process."""


def paced(view: View) -> View:
    """The view for a key that has not called too often; every answer tells how many calls are left."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = hash(request.META.get("HTTP_AUTHORIZATION", ""))
        standing = PACE.count(who, most=settings.API_CALLS, at=time.time())
        if standing.is_over:
            answer = told(request, 429, f"This key may call again in {standing.seconds} seconds.")
        else:
            answer = view(request, *args, **kwargs)
        for name, value in standing.headers().items():
            answer[name] = value
        return answer

    return counted


def once(view: View, route: Route) -> View:
    """The view, which does a call named by `Idempotency-Key` once and answers it again as it was answered."""

    @wraps(view)
    def only(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if name is None or request.method == SAFE or (owner := owner_of(request)) is None:
            return view(request, *args, **kwargs)
        if not NAME.fullmatch(name):
            return told(request, 422, "An Idempotency-Key is 1 to 255 printable signs without spaces.")
        fresh: list[HttpResponse] = []

        def act() -> staff.Answer:
            fresh.append(view(request, *args, **kwargs))
            return staff.Answer(fresh[0].status_code, fresh[0].content.decode())

        try:
            kept = staff.do_once(staff.Call(owner.key_id, name, fingerprint(request)), act, at=timezone.now())
        except RequestDataTooBig as error:
            return too_big(request, error)
        except staff.OtherCall:
            return told(request, 422, "This Idempotency-Key was given to another call within the last day.")
        except staff.AnswerGone:
            return told(request, 409, "This call was done; what it was answered is not kept any more.")
        return fresh[0] if fresh else repeated(kept, bears_mark=route.bears_mark(str(request.method)))

    return only


def repeated(kept: staff.Answer, *, bears_mark: bool) -> HttpResponse:
    """An answer that was given before, with the mark it bore."""
    headers = {"Idempotency-Replayed": "true"}
    if bears_mark and kept.status == 200:
        headers["ETag"] = mark_of(kept.body.encode())
    return HttpResponse(kept.body, status=kept.status, content_type=f"{JSON}; charset=utf-8", headers=headers)


def fingerprint(request: HttpRequest) -> str:
    """A hash of what is asked."""
    asked = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return sha256(asked + request.body).hexdigest()


def mounted() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The API's addresses; what lies beside them is refused in the API's form too."""
    patterns, app_name, namespace = api.urls
    found = [(path_of(pattern), pattern) for pattern in patterns if isinstance(pattern, URLPattern)]
    plain = {path: pattern.callback for path, pattern in found}
    for path, pattern in found:
        if route := ROUTES.get(path):
            view = as_asked(in_one_form(plain[path]), route)
            if route.thing is not None:
                view = unless_changed(
                    view, plain[route.thing.path], route.thing, route.answers.keys() - {SAFE}
                )
            pattern.callback = paced(in_turn(once(view, route), route.short, route.groups))
    return [*patterns, re_path("", csrf_exempt(not_there))], app_name, namespace


def path_of(pattern: URLPattern) -> str:
    """The address of a pattern as routers write it."""
    return "/" + str(pattern.pattern).replace("<", "{").replace(">", "}")
