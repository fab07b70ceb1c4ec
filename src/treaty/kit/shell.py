"""What every page shows around its own matter. The root registers it: the kit knows no noun above itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django_stubs_ext import StrPromise as Text


@dataclass(frozen=True)
class NavItem:
    """An entry of the rail; without the permission it is not shown. `path` is the page it opens."""

    label: Text | str
    path: str
    icon: str
    permission: str = ""
    rooms: tuple[str, ...] = ()
    """Pages that belong to it, too, though their paths do not begin with its own."""

    def covers(self, path: str) -> bool:
        """Whether the path lies on this entry's page or below it, or in one of its rooms."""
        return path == self.path if self.path == "/" else path.startswith((self.path, *self.rooms))


@dataclass(frozen=True)
class Entry:
    """An entry as a page draws it; `count` is what waits there."""

    label: Text | str
    url: str
    icon: str
    current: bool
    count: int | None = None
    """None where nothing ever waits."""

    def mark(self, *, swapped: bool = False) -> SafeString:
        """The figure behind the entry; `swapped` makes an answer to a script put it into the rail that is there."""
        if self.count is None:
            return SafeString()
        shown = number_format(self.count, force_grouping=True) if self.count else ""
        swap = ' hx-swap-oob="true"' if swapped else ""
        return SafeString(f'<span class="cnt" id="waits-{self.icon}"{swap}>{shown}</span>')


@dataclass(frozen=True)
class Me:
    """The user at the foot of the rail: a name, a line below it, and the side whose hue it wears."""

    name: str
    line: str
    side: str


class Surroundings(Protocol):
    """What the shell asks the nouns, each answer in at most one question to the database."""

    def company_name(self, user: Any) -> str:
        """The company whose installation this is; the user may know it already."""

    def me(self, user: Any) -> Me:
        """Who is signed in."""

    def may(self, user: Any, permission: str) -> bool:
        """Whether the user may open what needs the permission."""

    def unread_notices(self, user: Any) -> int:
        """How many notices the user has not read."""

    def waiting(self, user: Any) -> Mapping[str, int]:
        """What waits for the user behind entries of the rail, by their paths."""


@dataclass
class Registered:
    """What the root handed over; filled once, when the addresses are loaded."""

    nav: tuple[NavItem, ...] = ()
    settings: tuple[NavItem, ...] = ()
    surroundings: Surroundings | None = None


registered = Registered()


def register(
    *, nav: tuple[NavItem, ...], surroundings: Surroundings, settings: tuple[NavItem, ...] = ()
) -> None:
    """Hands over the rail's entries, the pages of the settings and the answers of the nouns."""
    registered.nav = nav
    registered.settings = settings
    registered.surroundings = surroundings


def may(user: Any, permission: str) -> bool:
    """Whether the user holds the permission; for the kit's own pages, which stand below the staff."""
    return registered.surroundings is not None and registered.surroundings.may(user, permission)


def entries(request: HttpRequest, items: tuple[NavItem, ...]) -> list[Entry]:
    """Those of the entries that this user may open, the page's own entry marked."""
    return [
        Entry(item.label, item.path, item.icon, item.covers(request.path))
        for item in items
        if not item.permission or may(request.user, item.permission)
    ]


def waiting(request: HttpRequest) -> Mapping[str, int]:
    """What waits for the user behind entries of the rail, by their paths; asked once for a page, whoever needs it."""
    known: Mapping[str, int] | None = getattr(request, "waiting", None)
    if known is None:
        asked = registered.surroundings
        known = asked.waiting(request.user) if asked is not None else {}
        request.waiting = known  # type: ignore[attr-defined]  # kept with the request, as Django keeps its user
    return known


def unread(request: HttpRequest) -> int:
    """How many notices the user has not read; asked once for a page, too."""
    known: int | None = getattr(request, "unread", None)
    if known is None:
        asked = registered.surroundings
        known = asked.unread_notices(request.user) if asked is not None else 0
        request.unread = known  # type: ignore[attr-defined]  # as above
    return known


def ask_first(request: HttpRequest) -> None:
    """Asks what a whole page shows around its own matter, before this begins with what takes its time."""
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        waiting(request)
        unread(request)


def rail(request: HttpRequest) -> list[Entry]:
    """The entries of the rail, each with what waits behind it."""
    counts = waiting(request)
    return [replace(entry, count=counts.get(entry.url)) for entry in entries(request, registered.nav)]


def marks(request: HttpRequest) -> SafeString:
    """The figures of the rail as an answer to a script carries them beside its own part of the page."""
    return SafeString("".join(entry.mark(swapped=True) for entry in rail(request)))


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every template; what needs the database is asked only where a page shows it."""
    common = {"request_id": getattr(request, "id", "")}
    user, asked = getattr(request, "user", None), registered.surroundings
    if user is None or asked is None or not user.is_authenticated:
        return {**common, "nav_items": [], "company_name": "", "me": None, "unread_notices": 0}
    return {
        **common,
        "nav_items": SimpleLazyObject(lambda: rail(request)),
        "settings_pages": SimpleLazyObject(lambda: entries(request, registered.settings)),
        "company_name": SimpleLazyObject(lambda: asked.company_name(user)),
        "me": SimpleLazyObject(lambda: asked.me(user)),
        "unread_notices": SimpleLazyObject(lambda: unread(request)),
        "profile_url": "/profile/",
        "sign_out_url": "/accounts/logout/",
    }
