"""Short journeys through the whole house: by keys alone, without a script, there and back again."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tests.harness.browser import NewPage
from tests.stories.company import Company
from treaty.deals.models import Deal
from treaty.handovers.models import Handover
from treaty.people.models import Candidate
from treaty.staff.tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, Any], None]
Axe = Callable[[Page], None]

OFFERED = ("Chiara Ferrari", "Paul Nowak")
"""Whose leads wait for Ann, the first clock on top."""


@pytest.fixture
def ann(page: Page, sign_in: SignIn, made: Company) -> Page:
    """Ann at her desk."""
    sign_in(page, made.users["ann"])
    page.goto("/")
    return page


@pytest.fixture
def plain(new_page: NewPage, sign_in: SignIn, made: Company) -> Page:
    """Ann in a browser without scripts."""
    page = new_page(javascript=False)
    sign_in(page, made.users["ann"])
    return page


def state_of(name: str) -> str:
    """What became of the newest lead of a person."""
    return Handover.objects.filter(person__name=name).latest("pk").state


def selected(page: Page) -> Any:
    """The lead that keys act on."""
    return page.locator("#queue .lead.sel")


def press(page: Page, role: Any, name: str) -> None:
    """Press a button that has the focus, as one without a mouse does."""
    page.get_by_role(role, name=name).focus()
    page.keyboard.press("Enter")


def test_ann_works_through_today_by_keys_alone(ann: Page) -> None:
    first, second = OFFERED
    expect(selected(ann)).to_contain_text(first)
    ann.keyboard.press("j")
    expect(selected(ann)).to_contain_text(second)
    ann.keyboard.press("k")
    expect(selected(ann)).to_contain_text(first)
    ann.keyboard.press("Enter")
    expect(ann.locator("#panel")).to_contain_text("Why this owner")
    ann.keyboard.press("Escape")
    expect(ann.locator("#panel > *")).to_have_count(0)
    ann.keyboard.press("a")
    expect(ann.get_by_text(f"{first} is your lead now.")).to_be_visible()
    assert state_of(first) == "accepted"
    press(ann, "button", "Undo")
    expect(ann.get_by_text(f"{first} is offered again, as before.")).to_be_visible()
    assert state_of(first) == "offered"


def test_r_leads_to_a_small_screen_that_says_what_becomes_of_the_person(
    ann: Page, new_page: NewPage, sign_in: SignIn, made: Company
) -> None:
    first = OFFERED[0]
    ann.keyboard.press("r")
    expect(ann.get_by_role("heading", name=f"Return {first} to marketing")).to_be_visible()
    ann.get_by_label("Interested, but later").focus()
    ann.keyboard.press("Space")
    ann.keyboard.press("Enter")
    expect(ann.get_by_text(f"{first} went back to marketing.")).to_be_visible()
    assert state_of(first) == "returned"
    row = Handover.objects.get(person__name=first)
    ann.goto(f"/handovers/{row.pk}/")
    expect(ann.get_by_role("main")).to_contain_text("Interested, but later")
    expect(ann.get_by_role("main")).to_contain_text("Left in peace until")
    mia = new_page()
    sign_in(mia, made.users["mia"])
    mia.goto("/")
    expect(mia.get_by_role("main")).to_contain_text(first)


def test_the_palette_finds_a_person_and_goes_there(ann: Page, made: Company) -> None:
    ann.keyboard.press("Control+k")
    ann.keyboard.type("Kowalska")
    expect(ann.get_by_role("option", name="Pia Kowalska").first).to_have_attribute("aria-selected", "true")
    ann.keyboard.press("Enter")
    ann.wait_for_url(f"**/people/{made.ids['person']}/")
    expect(ann.get_by_role("heading", name="Pia Kowalska").first).to_be_visible()


def test_a_deal_is_dragged_and_the_move_taken_back(ann: Page, made: Company) -> None:
    deal = Deal.objects.get(pk=made.ids["deal_id"])
    ann.goto("/deals/")
    ann.locator(".kcard", has_text=deal.name).drag_to(ann.locator('[data-column="proposal"]'))
    expect(ann.get_by_text(f"{deal.name} moved to Proposal.")).to_be_visible()
    ann.get_by_role("button", name="Undo").click()
    expect(ann.locator('[data-column="new"] .kcard', has_text=deal.name)).to_be_visible()


def test_without_a_script_a_lead_is_accepted_called_and_moved_along(plain: Page, made: Company) -> None:
    first, second = OFFERED
    plain.goto("/")
    plain.get_by_role("button", name=f"Accept lead {first}").click()
    expect(plain.get_by_text(f"{first} is your lead now.")).to_be_visible()
    plain.get_by_role("link", name=f"Return {second}").click()
    plain.get_by_role("radio", name="Not a customer for us").check()
    plain.get_by_role("textbox", name="Note").fill("Sells what we sell.")
    plain.get_by_role("button", name="Return to marketing").click()
    expect(plain.get_by_text(f"{second} went back to marketing.")).to_be_visible()
    assert [state_of(one) for one in OFFERED] == ["accepted", "returned"]
    plain.goto(f"/people/{made.ids['person']}/calls")
    plain.get_by_label("Outcome").select_option(label="Reached")
    plain.get_by_role("button", name="Log", exact=True).click()
    expect(plain.get_by_role("main")).to_contain_text("Pia Kowalska")
    moved_by_its_menu(plain, made)


def moved_by_its_menu(page: Page, made: Company) -> None:
    """A deal goes to another stage by its menu, the twin of dragging."""
    deal = Deal.objects.get(pk=made.ids["deal_id"])
    page.goto("/deals/")
    page.get_by_role("button", name=f"Move {deal.name}").click()
    page.locator(".pop:popover-open").get_by_role("button", name="Proposal").click()
    expect(page.locator('[data-column="proposal"] .kcard', has_text=deal.name)).to_be_visible()


def test_without_a_script_a_version_is_signed_after_signing_in_again(
    new_page: NewPage, sign_in: SignIn, made: Company
) -> None:
    page = new_page(javascript=False)
    sign_in(page, made.users["saul"])
    page.goto(f"/agreement/versions/{made.ids['proposed']}/")
    page.get_by_role("main").get_by_role("link", name="Read and sign").first.click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Sign for sales").click()
    expect(page.get_by_text(f"You signed version {made.ids['proposed']}.")).to_be_visible()


def test_signing_in_asks_for_the_second_factor(page: Page, axe: Axe, made: Company) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Mail address").fill("olu@kestrel.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    axe(page)
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(str(made.ids["secret"]), counter))
    page.get_by_role("textbox").first.fill(code)
    page.get_by_role("textbox").first.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_a_passkey_is_made_and_lets_one_in_without_a_password(
    page: Page, axe: Axe, sign_in: SignIn, made: Company
) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True, **able}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, made.users["mia"])
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    if page.get_by_role("heading", name="Is it you?").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_role("textbox", name="Name").fill("Mia's phone")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/accounts/2fa/")
    expect(page.get_by_role("main")).to_contain_text("Mia's phone")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    axe(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_m_merges_two_records_and_the_old_address_leads_to_the_one(
    new_page: NewPage, sign_in: SignIn, made: Company
) -> None:
    ada, pair = new_page(), Candidate.objects.get(pk=made.ids["candidate"])
    sign_in(ada, made.users["ada"])
    ada.goto("/people/duplicates/")
    ada.get_by_role("link", name="Pia Kowalsky").click()
    ada.get_by_label("Odlewnia Śląska S.A.").focus()
    ada.keyboard.press("Space")
    ada.keyboard.press("m")
    expect(ada.get_by_text("Pia Kowalska and Pia Kowalsky are one person now.")).to_be_visible()
    ada.goto(f"/people/{pair.other_id}/")
    ada.wait_for_url(f"**/people/{pair.one_id}/")
    expect(ada.get_by_role("main")).to_contain_text("Odlewnia Śląska S.A.")
    ada.get_by_role("link", name="Split").click()
    ada.get_by_role("listitem").filter(has_text="Pia Kowalsky").get_by_role("button").click()
    expect(ada.get_by_text("They are two persons again.")).to_be_visible()
    ada.goto(f"/people/{pair.other_id}/")
    expect(ada.get_by_role("heading", name="Pia Kowalsky").first).to_be_visible()


def test_without_a_script_two_records_are_told_apart_and_it_is_undone(
    new_page: NewPage, sign_in: SignIn, made: Company
) -> None:
    plain = new_page(javascript=False)
    sign_in(plain, made.users["ada"])
    plain.goto("/people/duplicates/")
    plain.get_by_role("link", name="Pia Kowalsky").click()
    plain.get_by_role("button", name="Not the same").click()
    expect(plain.get_by_text("Pia Kowalska and Pia Kowalsky stay two persons.")).to_be_visible()
    assert Candidate.objects.get(pk=made.ids["candidate"]).state == "apart"
    plain.get_by_role("button", name="Undo").click()
    assert Candidate.objects.get(pk=made.ids["candidate"]).state == "open"
