"""The desk in a real browser: keys, the swap with its undo, freshness without losing one's place, and axe."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import LOOKS, NewPage
from treaty.deals.tests.factories import deal, euros
from treaty.handovers.models import Handover
from treaty.handovers.tests import factories
from treaty.handovers.tests.factories import World, asks, buyer, lead, only_ann
from treaty.people import commands as people
from treaty.staff.tests.factories import mia

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, Any], None]


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    """Ann with two leads and a deal, now."""
    now = datetime.now(UTC)
    monkeypatch.setattr(factories, "SINCE", now - timedelta(days=10))
    cast = only_ann()
    for name, ago in (("Pia", 2), ("Paul", 1)):
        person = buyer(name, phones=(f"+4832123456{ago}",), title="Plant engineer", company="Huta Wschód")
        asks(person, now - timedelta(minutes=ago))
        lead(person, now - timedelta(minutes=ago)) if not Handover.objects.filter(person=person) else None
        people.assign_owner([person.pk], owner=cast.ann.pk, at=now, by=None)
    deal(cast.ann, name="Flow meters", value=euros(900), at=now)
    return cast


def test_ann_accepts_by_key_and_takes_it_back(page: Page, sign_in: SignIn, cast: World) -> None:
    sign_in(page, cast.ann)
    page.goto("/")
    first, second = (page.locator(".lead").nth(place) for place in (0, 1))
    gone = first.locator("[data-main]").inner_text()
    stays = second.locator("[data-main]").inner_text()
    page.keyboard.press("a")
    expect(page.locator(".toast")).to_contain_text(f"{gone} is your lead now.")
    expect(page.locator(".lead")).to_have_count(1)
    expect(page.locator(".lead.sel")).to_contain_text(stays)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".lead")).to_have_count(2)


def test_a_fresh_day_keeps_the_place_one_stood_on(page: Page, sign_in: SignIn, cast: World) -> None:
    sign_in(page, cast.ann)
    page.goto("/")
    page.keyboard.press("j")
    stood = page.locator(".lead.sel").get_attribute("id")
    assert stood == page.locator(".lead").nth(1).get_attribute("id")
    with page.expect_response(lambda response: response.request.headers.get("hx-request") == "true"):
        page.evaluate("document.querySelector('[data-refresh]').dispatchEvent(new CustomEvent('refresh'))")
    expect(page.locator(f"#{stood}")).to_have_class("lead sel")
    expect(page.locator(".lead.sel")).to_have_count(1)


def test_a_person_opens_beside_the_list(page: Page, sign_in: SignIn, cast: World) -> None:
    sign_in(page, cast.ann)
    page.goto("/people/")
    page.get_by_role("link", name="Pia").first.click()
    expect(page.locator("#panel #timeline")).to_contain_text("Form")
    page.locator("#panel #timeline select[name=kind]").select_option("notes")
    expect(page.locator("#panel #timeline")).to_contain_text("Nothing of this kind")
    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_closing_a_record_leads_back_to_the_list_as_it_was_asked(
    page: Page, sign_in: SignIn, cast: World
) -> None:
    sign_in(page, cast.ann)
    page.goto("/people/?q=p&sort=name")
    asked = page.url
    page.get_by_role("link", name="Paul").first.click()
    expect(page.locator("#panel h2.name")).to_contain_text("Paul")
    page.keyboard.press("j")
    expect(page.locator("#panel h2.name")).to_contain_text("Pia")
    page.keyboard.press("Escape")
    expect(page).to_have_url(asked)
    page.get_by_role("link", name="Paul").first.click()
    expect(page.locator("#panel h2.name")).to_contain_text("Paul")
    page.keyboard.press("j")
    expect(page.locator("#panel h2.name")).to_contain_text("Pia")
    page.go_back()
    expect(page).to_have_url(asked)


def test_ticked_rows_are_downloaded_as_often_as_one_likes(page: Page, sign_in: SignIn, cast: World) -> None:
    sign_in(page, mia())
    page.goto("/people/?sort=name")
    page.get_by_role("checkbox", name="Pia").check()
    for _time in range(2):
        with page.expect_download() as file:
            page.locator("[data-download]").click()
        assert file.value.suggested_filename == "people.csv"


def test_the_palette_leads_to_a_person(page: Page, sign_in: SignIn, cast: World) -> None:
    sign_in(page, cast.ann)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("paul")
    expect(page.get_by_role("option", name="Paul Huta")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Paul")).to_be_visible()


def test_without_a_script_ann_accepts_all_the_same(new_page: NewPage, sign_in: SignIn, cast: World) -> None:
    page = new_page(javascript=False)
    sign_in(page, cast.ann)
    page.goto("/")
    page.get_by_role("button", name="Accept lead").first.click()
    expect(page.locator(".toast")).to_contain_text("is your lead now.")
    expect(page.locator(".lead")).to_have_count(1)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_desk(
    new_page: NewPage, sign_in: SignIn, axe: Callable[[Page], None], cast: World, look: tuple[str, int]
) -> None:
    scheme, width = look
    person = Handover.objects.order_by("pk").first()
    assert person is not None
    paths = {
        cast.ann: ("/", f"/people/{person.person_id}/", "/touch/new", "/today/won", "/palette?q=p"),
        cast.mia: ("/", f"/people/{person.person_id}/"),
        cast.head: ("/",),
    }
    for user, some in paths.items():
        page = new_page(width=width, scheme=scheme)
        sign_in(page, user)
        for path in some:
            page.goto(path)
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
