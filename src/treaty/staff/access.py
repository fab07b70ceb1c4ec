"""Who may open a page: a decorator that the views of every noun use."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from treaty.staff import queries

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
