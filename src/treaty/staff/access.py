"""Who may open a page or call the API: what the views and routers of every noun use."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja.security import HttpBearer

from treaty.staff import commands, queries
from treaty.staff.commands.keys import NOTED_EVERY

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def needs(
    permission: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Arguments], Answer]],
    Callable[Concatenate[HttpRequest, Arguments], Answer],
]:
    """Refuse (403) everybody whose role does not give `permission`."""

    def guard(
        view: Callable[Concatenate[HttpRequest, Arguments], Answer],
    ) -> Callable[Concatenate[HttpRequest, Arguments], Answer]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            if not queries.may(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        return guarded

    return guard


class Key(HttpBearer):
    """Authenticates a call of the REST API by its key: `auth=Key("people:read")`; with a permission, the owner needs that too.

    401 where the key is unknown, revoked or past; 403 where it lacks the scope, or its owner the permission.
    """

    def __init__(self, scope: str, permission: str = "") -> None:
        super().__init__()
        self.scope, self.permission = scope, permission

    def __call__(self, request: HttpRequest) -> queries.KeyOwner | None:
        """Whom the key acts for, read from the request by `owner_of`."""
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> queries.KeyOwner | None:
        """Whom the key acts for; the request's user is that owner from here on."""
        if (owner := owner_of(request)) is None:
            return None
        if self.scope not in owner.scopes or (
            self.permission and not queries.may(owner.user, self.permission)
        ):
            raise PermissionDenied(self.scope)
        at = timezone.now()
        if owner.last_used_at is None or at - owner.last_used_at > NOTED_EVERY:
            commands.note_use(owner.key_id, at=at)
        request.user = owner.user
        return owner


def owner_of(request: HttpRequest) -> queries.KeyOwner | None:
    """Whom the key that a call carries acts for, asked once a call; what it opens is each address's own question."""
    if not hasattr(request, "key_owner"):
        scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        found = queries.key_owner(token, timezone.now()) if scheme.lower() == "bearer" else None
        request.key_owner = found  # type: ignore[attr-defined]
    owner: queries.KeyOwner | None = request.key_owner  # type: ignore[attr-defined]
    return owner


def actor(request: HttpRequest) -> int:
    """The id of the signed-in user, who does what the request asks; refuses strangers."""
    if request.user.pk is None:
        raise PermissionDenied("nobody is signed in")
    return request.user.pk


def caller(request: HttpRequest) -> queries.User:
    """For whom a call of the REST API acts: the owner of its key."""
    if not isinstance(request.user, queries.User):
        raise PermissionDenied("no key")
    return request.user


def verb(request: HttpRequest) -> str:
    """The request's method; a form, which can only post, names another one in `_method`."""
    return (
        request.POST.get("_method", request.method or "GET").upper()
        if request.method == "POST"
        else str(request.method)
    )
