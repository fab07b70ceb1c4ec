"""What the palette offers: pages to go to, things to create, and records found by a few letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from treaty.desk.queries.finding import sought
from treaty.people.queries import Hit
from treaty.people.rules import fold
from treaty.staff import queries as staff
from treaty.staff.queries import User
from treaty.staff.rules import EDIT_DEALS, EDIT_PEOPLE, LOG_CONVERSATIONS, MANAGE_CAPTURE, SEE_PEOPLE

FOUND = {"people": 8, "companies": 4, "deals": 8, "notes": 4, "documents": 4}
ICONS = {"person": "person", "company": "company", "deal": "deals", "note": "note", "document": "paperclip"}


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the palette."""

    title: str
    subtitle: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Lines under one head."""

    title: str
    options: tuple[Option, ...]


def groups(user: User, text: str, pages: Sequence[Option]) -> list[OptionGroup]:
    """What fits the text; without a text, where one can go and what one can create. `pages` the user may open."""
    wanted = fold(text.strip())
    offered = [
        OptionGroup(_("Go to"), (*_everywhere(user, text.strip()), *_fitting(pages, wanted))),
        OptionGroup(_("Create"), _fitting(creations(user), wanted)),
    ]
    found = _found(user, text.strip()) if wanted else []
    return [group for group in [*found, *offered] if group.options]


def creations(user: User) -> list[Option]:
    """What a user may create."""
    offered = (
        (LOG_CONVERSATIONS, Option(_("Log a touch"), "", "/touch/new", "phone")),
        (EDIT_PEOPLE, Option(_("Add a person"), "", "/people/new", "person")),
        (EDIT_PEOPLE, Option(_("Add a company"), "", "/companies/new", "company")),
        (EDIT_DEALS, Option(_("Open a deal"), "", "/deals/new", "deals")),
        (MANAGE_CAPTURE, Option(_("Make a form"), "", "/settings/capture/new/", "capture")),
    )
    return [option for permission, option in offered if staff.may(user, permission)]


def hits(user: User, text: str, limit: int) -> list[Hit]:
    """What a user sees that fits the text: of persons, companies, deals, notes and documents so many each."""
    shelves = sought(user, text, dict.fromkeys(FOUND, limit))
    return [hit for shelf, found in shelves for hit in shelf.draw(user, text, found)]


def _found(user: User, text: str) -> list[OptionGroup]:
    if not staff.may(user, SEE_PEOPLE):
        return []
    return [
        OptionGroup(str(shelf.title), _options(shelf.draw(user, text, found)))
        for shelf, found in sought(user, text, FOUND)
    ]


def _everywhere(user: User, text: str) -> tuple[Option, ...]:
    """The way to the page that shows all that fits."""
    if not (text and staff.may(user, SEE_PEOPLE)):
        return ()
    title = _("Show all that fits “%(text)s”") % {"text": text}
    return (Option(title, "", f"/search?{urlencode({'q': text})}", "search"),)


def _options(hits: Iterable[Hit]) -> tuple[Option, ...]:
    return tuple(Option(hit.title, hit.subtitle, hit.url, ICONS.get(hit.kind, "info")) for hit in hits)


def _fitting(options: Iterable[Option], wanted: str) -> tuple[Option, ...]:
    return tuple(option for option in options if wanted in fold(option.title))
