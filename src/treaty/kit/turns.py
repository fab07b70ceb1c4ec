"""Short calls of a server one after the other, where the database has one writer at a time."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse

from treaty.kit.sqlite.base import DatabaseWrapper

if TYPE_CHECKING:
    from treaty.kit.group_commit import Group

View = Callable[..., HttpResponse]


def in_turn(view: View, methods: Collection[str], groups: Mapping[str, "Group[Any, Any]"] = {}) -> View:
    """The view, whose calls by short methods are done one after the other by a server on SQLite.

    To write is nearly all that such a call does, so who waits loses nothing; and what one call has read of the file the
    next one need not read again. What a group does is done for all who wait for the turn, on either database.
    """

    @wraps(view)
    def turned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in methods:
            return view(request, *args, **kwargs)
        with suppress(RequestDataTooBig):  # the view tells of it
            _ = request.body  # nobody waits for a slow sender
        group = groups.get(str(request.method))
        with group.expected() if group else nullcontext(), turn():
            return view(request, *args, **kwargs)

    return turned


@contextmanager
def turn() -> Iterator[None]:
    """A stretch in which no other thread of a server on SQLite writes; nothing where that is had already, or not needed."""
    own = connections[DEFAULT_DB_ALIAS]
    if isinstance(own, DatabaseWrapper) and own.takes_turns:
        with own.held_turn():
            yield
    else:
        yield


def leave_turn() -> None:
    """Let others go on, in a stretch in which nothing more is asked or written."""
    own = connections[DEFAULT_DB_ALIAS]
    if isinstance(own, DatabaseWrapper):
        own.leave_held_turn()
