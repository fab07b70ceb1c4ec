"""The scoreboard in a browser: it fits one screen, breaks no rule of accessibility, and its figures open."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import LOOKS, NewPage
from treaty.scoreboard.tests.factories import month
from treaty.staff.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOARD = "/scoreboard/?month=2026-11"
PAGES = (BOARD, f"{BOARD}&compare=1", "/scoreboard/rows?figure=offered&month=2026-11", "/scoreboard/channels")
SignIn = Callable[[Page, Any], None]
Axe = Callable[[Page], None]


def sideways(page: Page) -> int:
    """How far the page is wider than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_is_accessible_and_as_wide_as_its_window(
    scheme: str, width: int, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    page = new_page(scheme=scheme, width=width)
    sign_in(page, month().world.head)
    for url in PAGES:
        page.goto(url)
        axe(page)
        assert sideways(page) <= 0, url


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_accessible_from_right_to_left(
    width: int, right_to_left: str, new_page: NewPage, sign_in: SignIn, axe: Axe
) -> None:
    head = month().world.head
    User.objects.filter(pk=head.pk).update(language=right_to_left)
    page = new_page(width=width)
    sign_in(page, head)
    for url in PAGES:
        page.goto(url)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        axe(page)
        assert sideways(page) <= 0, url


def test_the_whole_board_fits_one_screen(new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page(height=1000)
    sign_in(page, month().world.head)
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1000


def test_a_figure_opens_its_rows_and_leads_back(page: Page, sign_in: SignIn) -> None:
    sign_in(page, month().world.head)
    page.goto(BOARD)
    page.get_by_role("link", name="1 broken").first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Bea")
    page.get_by_role("link", name="Back to the scoreboard").click()
    expect(page.get_by_role("heading", name="Scoreboard", level=1)).to_be_visible()


def test_the_board_works_without_scripts(new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page(javascript=False)
    sign_in(page, month().world.head)
    page.goto(BOARD)
    page.get_by_role("link", name="Compare with October 2026").click()
    expect(page.get_by_text("October 2026: ").first).to_be_visible()
