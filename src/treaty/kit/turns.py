"""Short calls of a server one after the other, where the database has one writer at a time."""

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse

from treaty.kit.sqlite.base import DatabaseWrapper

View = Callable[..., HttpResponse]


def in_turn(view: View, methods: Collection[str]) -> View:
    """The view, whose calls by short methods are done one after the other by a server on SQLite.

    To write is nearly all that such a call does, so who waits loses nothing; and what one call has read of the file the
    next one need not read again.
    """

    @wraps(view)
    def turned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = connections[DEFAULT_DB_ALIAS]
        if request.method not in methods or not isinstance(own, DatabaseWrapper) or not own.takes_turns:
            return view(request, *args, **kwargs)
        with suppress(RequestDataTooBig):  # the view tells of it
            _ = request.body  # nobody waits for a slow sender
        with own.held_turn():
            return view(request, *args, **kwargs)

    return turned
