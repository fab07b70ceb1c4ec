"""Every page of staff opens for those who may, asks a fixed number of questions, and is closed to others."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.harness.snapshots import QueryCount
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

ADMINISTRATORS = (
    "/settings/staff/",
    "/settings/roles/",
    "/settings/teams/",
    "/settings/hours/",
    "/settings/keys/",
    "/settings/audit/",
)
EVERYBODY = ("/profile/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/")


@pytest.fixture
def signed_in() -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in: signed_in("ann")."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(getattr(factories, name)())
        return client

    return browser


@pytest.mark.parametrize("path", ADMINISTRATORS)
def test_the_settings_open_for_an_administrator_only(path: str, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("admin").get(path).status_code == 200
    assert signed_in("ann").get(path).status_code == 403


@pytest.mark.parametrize("path", EVERYBODY)
def test_everybody_opens_what_is_their_own(path: str, signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("ann").get(path, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ADMINISTRATORS)
def test_more_staff_asks_no_more_questions(
    path: str, signed_in: Callable[[str], Client], query_count: QueryCount
) -> None:
    browser = signed_in("admin")
    for cast in (factories.ann, factories.bo, factories.cy, factories.mia, factories.head_of_sales):
        cast()
    browser.get(path)
    with query_count(path):
        browser.get(path)
