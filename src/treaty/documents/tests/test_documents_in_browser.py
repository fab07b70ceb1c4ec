"""Uploads as somebody at a desk sees them: progress for each file, a way to cancel, and reasons for what was refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from treaty.documents import queries
from treaty.people.tests.factories import pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_ann_adds_three_files_at_once_cancels_one_and_hears_why_another_is_refused(
    page: Page, sign_in: Callable[[Page, User], None], tmp_path: Path
) -> None:
    ann = staff.ann()
    buyer = pia(owner=ann)
    told = {"quote.txt": b"Quote", "page.txt": b"<html>", "large.txt": b"x" * 100_000}
    for name, content in told.items():
        (tmp_path / name).write_bytes(content)
    sign_in(page, ann)
    page.goto(f"/people/{buyer.pk}/")
    address = f"**/people/{buyer.pk}/documents"
    held: list[Route] = []

    def hold_the_last(route: Route) -> None:
        if b"large.txt" in (route.request.post_data_buffer or b""):
            held.append(route)
        else:
            route.continue_()

    page.route(address, hold_the_last)
    page.get_by_text("Add documents", exact=True).click()
    with page.expect_navigation(url=f"**/people/{buyer.pk}/"):
        page.get_by_label("Files").set_input_files([tmp_path / name for name in told])
        last = page.locator("[data-uploads-rows] li", has_text="large.txt")
        expect(last.get_by_role("progressbar", name="large.txt")).to_be_visible()
        while not held:
            page.wait_for_timeout(20)
        last.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("page.txt: Web pages, XML and SVG drawings are not taken")).to_be_visible()
    expect(page.get_by_role("link", name="quote.txt")).to_be_visible()
    assert [row.name for row in queries.documents_of("person", buyer.pk)] == ["quote.txt"]
