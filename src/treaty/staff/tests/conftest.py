"""What the tests of staff's pages share."""

from collections.abc import Callable

import pytest
from django.test import Client

from treaty.staff.tests import factories


@pytest.fixture
def signed_in() -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in: signed_in("ann")."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(getattr(factories, name)())
        return client

    return browser
