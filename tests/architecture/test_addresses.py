"""Every address of the house is listed where the stories look: without a browser, so that it is told within a second."""

from tests.stories.pages import ACTS, ELSEWHERE, PAGES, addresses
from tests.stories.spreadsheets import unlisted


def test_every_address_is_listed() -> None:
    listed = [*PAGES, *ACTS, *ELSEWHERE]
    assert sorted(listed) == sorted(set(listed))
    assert sorted(addresses()) == sorted(listed)


def test_every_list_is_a_page() -> None:
    assert unlisted() - PAGES.keys() == set()
