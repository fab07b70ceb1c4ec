"""Every page of the house, in every look: nothing for axe to find, nothing too wide, too heavy or inline."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import LazySettings, settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.harness.browser import NewPage
from tests.stories.company import Company
from tests.stories.looking import Looker
from tests.stories.pages import ACTS, PAGES, Seen, address, addresses, openings
from tests.stories.spreadsheets import FORMS, kept_back
from treaty.staff.models import User
from treaty.staff.tests.factories import admin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_200)]
Axe = Callable[..., None]
Tour = Callable[..., Looker]


@pytest.fixture
def arabic(settings: LazySettings, request: pytest.FixtureRequest) -> str:
    """The pseudo-language, which strangers can ask for too."""
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    code: str = request.getfixturevalue("right_to_left")
    return code


class Doors:
    """Lets somebody of the company in, as if the password had been typed a moment ago."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.sessions: dict[str, str] = {}
        self.now: str | None = None

    def enter(self, who: str, user: User | None) -> None:
        """The page is this user's from now on; without one, nobody's."""
        if who == self.now:
            return
        self.now = who
        self.page.context.clear_cookies()
        if user is not None:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.session(who, user), "url": self.url}
            self.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict is one

    def session(self, who: str, user: User) -> str:
        """The key of the user's session."""
        if who not in self.sessions:
            client = Client()
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            request = HttpRequest()
            request.session = client.session
            record_authentication(request, user, method="password", reauthenticated=True)
            request.session.save()
            self.sessions[who] = str(request.session.session_key)
        return self.sessions[who]


@pytest.fixture
def tour(axe: Axe, made: Company, live_server: Any) -> Tour:
    """Everybody opens their pages in one look; fails with all that was found."""

    def begin(page: Page, **more: Any) -> Looker:
        looker, doors = Looker(page, axe, **more), Doors(page, live_server.url)
        for who, path in openings(made):
            doors.enter(who, made.users.get(who))
            looker.look(who, path)
        if looker.faults:
            pytest.fail(f"{len(looker.faults)} faults:\n" + "\n".join(looker.faults), pytrace=False)
        return looker

    return begin


def test_what_is_called_an_act_cannot_be_opened(made: Company) -> None:
    client = Client()
    client.force_login(made.users["ada"])
    known = addresses()
    paths = {name: address(name, known[name], Seen(), made) for name in ACTS}
    answers = {name: client.get(path).status_code for name, path in paths.items()}
    assert {name: code for name, code in answers.items() if code != 405} == {}


def test_every_page_is_sound_on_a_desk_and_every_list_can_be_taken_away(
    new_page: NewPage, tour: Tour, made: Company
) -> None:
    linked = tour(new_page(), weigh=True, recoloured="dark").linked
    assert list(kept_back(made, linked)) == []


def test_every_page_is_sound_where_nothing_is_there_yet(
    new_page: NewPage, axe: Axe, live_server: Any
) -> None:
    page, known = new_page(), addresses()
    Doors(page, live_server.url).enter("ada", admin())
    looker = Looker(page, axe, narrower=(390,))
    for name, ways in PAGES.items():
        if Seen() in ways and name not in FORMS and not known[name]:
            looker.look("ada", reverse(name))
    assert looker.faults == []


def test_every_page_is_sound_on_a_telephone_in_the_dark(new_page: NewPage, tour: Tour) -> None:
    tour(new_page(width=390, height=800, scheme="dark"), narrower=(320,), recoloured="light")


@pytest.mark.parametrize("look", [(1440, "dark"), (390, "light")])
def test_every_page_is_sound_from_right_to_left(
    new_page: NewPage, arabic: str, tour: Tour, look: tuple[int, str]
) -> None:
    User.objects.update(language=arabic)
    page = new_page(width=look[0], scheme=look[1], language=arabic)
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    tour(page)
