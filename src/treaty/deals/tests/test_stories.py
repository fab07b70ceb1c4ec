"""Deals in a real browser: looked at, by keyboard, by dragging, and without a script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.harness.browser import LOOKS, NewPage
from treaty.deals import commands
from treaty.deals.models import Deal
from treaty.deals.tests.factories import deal, euros, pia
from treaty.staff.models import User
from treaty.staff.tests.factories import ann

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, Any], None]
Axe = Callable[[Page], None]


@pytest.fixture
def rep(db: None) -> User:
    """Ann with six deals on the road."""
    user, now = ann(), timezone.now()
    buyers = (
        "Nguyễn Minh Anh",
        "Piotr Lewandowski",
        "Sara Benali",
        "佐藤 健太",
        "يوسف المنصور",
        "Chiara Ferrari",
    )
    stages = ("new", "qualified", "proposal", "negotiation", "new", "proposal")
    for number, (buyer, stage) in enumerate(zip(buyers, stages, strict=True)):
        person = pia(user, name=buyer, channel="email")
        value = euros(18_300 + 7_900 * number) if number != 3 else None
        name = f"FM-{number + 4}0, {buyer}"
        one = deal(
            user, name=name, person=person, value=value, stage=stage, at=now - timedelta(days=9 - number)
        )
        if number % 2:
            due = now + timedelta(hours=20 * (number - 2))
            commands.set_next_step(
                one, kind="call", text="Confirm the site visit", due=due, at=now, by=user.pk
            )
    won = deal(user, name="Brine metering", value=euros(61_500))
    commands.win(won, at=now, by=user.pk, reason="The fastest answer")
    return user


def first(stage: str) -> int:
    return Deal.objects.filter(stage__key=stage).order_by("pk").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_deals_is_accessible(
    look: tuple[str, int], new_page: NewPage, sign_in: SignIn, axe: Axe, rep: User
) -> None:
    page = new_page(scheme=look[0], width=look[1])
    sign_in(page, rep)
    one = Deal.objects.get(pk=first("qualified"))
    paths = [
        "/deals/",
        f"/deals/?deal={one.pk}",
        "/deals/table/",
        f"/deals/{one.pk}/",
        f"/deals/{first('won')}/",
        "/deals/new",
        f"/deals/{one.pk}/edit",
        f"/deals/{one.pk}/win",
        f"/deals/{one.pk}/loss",
        *(f"/people/{one.person_id}/{kind}" for kind in ("calls", "messages", "meetings", "notes")),
    ]
    for path in paths:
        page.goto(path)
        axe(page)


def test_a_card_is_dragged_into_another_column_and_the_move_taken_back(
    page: Page, sign_in: SignIn, rep: User
) -> None:
    sign_in(page, rep)
    one = first("qualified")
    name = Deal.objects.get(pk=one).name
    page.goto("/deals/")
    card = page.locator(".kcard", has_text=name)
    card.drag_to(page.locator('[data-column="negotiation"]'))
    expect(page.get_by_text(f"{name} moved to Negotiation.")).to_be_visible()
    assert Deal.objects.get(pk=one).stage.key == "negotiation"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('[data-column="qualified"] .kcard', has_text=name)).to_be_visible()


def test_a_deal_opens_beside_the_board_and_gets_its_next_step(page: Page, sign_in: SignIn, rep: User) -> None:
    sign_in(page, rep)
    one = Deal.objects.get(pk=first("new"))
    page.goto("/deals/")
    page.get_by_role("link", name=one.name).click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=one.name)).to_be_visible()
    assert page.url.endswith(f"/deals/?deal={one.pk}")
    panel.get_by_label("What").fill("Send the drawings")
    panel.get_by_role("button", name="Set next step").click()
    expect(page.get_by_text(f"The next step with {one.name} is set.")).to_be_visible()
    expect(page.locator("#panel").get_by_text("Send the drawings").first).to_be_visible()


def test_without_a_script_a_deal_is_moved_by_its_menu(new_page: NewPage, sign_in: SignIn, rep: User) -> None:
    page = new_page(javascript=False)
    sign_in(page, rep)
    name = Deal.objects.get(pk=first("qualified")).name
    page.goto("/deals/")
    page.get_by_role("button", name=f"Move {name}").click()
    page.locator(".pop:popover-open").get_by_role("button", name="Proposal").click()
    expect(page.locator('[data-column="proposal"] .kcard', has_text=name)).to_be_visible()
