"""Ann at her handovers in a real browser: by keyboard alone, in light and dark, wide and narrow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from treaty.handovers import commands
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import buyer, only_ann

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, Any], None]
Check = Callable[[Page], None]


def leads(*names: str) -> list[Handover]:
    """Leads offered a moment ago."""
    at = datetime.now(UTC) - timedelta(minutes=1)
    ids = [buyer(name, title="Plant engineer", city="Gliwice").pk for name in names]
    made = commands.offer(ids, at=at, by=None)
    return [Handover.objects.get(pk=one) for one in made]


def test_ann_accepts_by_one_key_and_takes_it_back(page: Page, sign_in: SignIn, axe: Check) -> None:
    cast = only_ann()
    (row,) = leads("Pia Kowalska")
    sign_in(page, cast.ann)
    page.goto("/handovers/")
    axe(page)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text("Pia Kowalska is your lead now.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "accepted"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Pia Kowalska is offered again, as before.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "offered"


def test_a_lead_opens_beside_the_board(page: Page, sign_in: SignIn, axe: Check) -> None:
    cast = only_ann()
    (row,) = leads("Pia Kowalska")
    sign_in(page, cast.ann)
    page.goto("/handovers/")
    page.get_by_role("link", name="Pia Kowalska").click()
    expect(page.locator("#panel").get_by_text("Why this owner")).to_be_visible()
    assert page.url.endswith(f"/handovers/{row.pk}/")
    axe(page)


def test_every_page_is_accessible_wide_and_narrow(new_page: Any, sign_in: SignIn, axe: Check) -> None:
    cast = only_ann()
    row, *_ = leads("Pia Kowalska", "Paul Nowak")
    for width, scheme in ((1440, "dark"), (390, "light")):
        page = new_page(width=width, scheme=scheme)
        sign_in(page, cast.ann)
        for path in (
            "/handovers/",
            "/handovers/table",
            f"/handovers/{row.pk}/",
            f"/handovers/{row.pk}/return",
        ):
            page.goto(path)
            axe(page)


def test_a_lead_is_returned_without_a_script(new_page: Any, sign_in: SignIn) -> None:
    cast = only_ann()
    (row,) = leads("Pia Kowalska")
    page = new_page(javascript=False)
    sign_in(page, cast.ann)
    page.goto("/handovers/")
    page.get_by_role("link", name="Return").click()
    page.get_by_label("Interested, but later").check()
    page.get_by_role("button", name="Return to marketing").click()
    expect(page.get_by_text("Pia Kowalska went back to marketing.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "returned"
