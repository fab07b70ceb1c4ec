"""The shell and its components in a real browser: keyboard, panel, palette, toasts, drag, and no rule of axe broken."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import LOOKS, NewPage
from treaty.kit.tests.specimen import urls as specimen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("treaty.kit.tests.specimen.urls"),
]
SAY = "detail => document.dispatchEvent(new CustomEvent('toast', {detail}))"
ASK = """address => {
  document.querySelector("main").insertAdjacentHTML("beforeend", `<button id="asks" hx-get="${address}">Ask</button>`);
  htmx.process(document.querySelector("main"));
  document.querySelector("#asks").click();
}"""


def at_the_top(page: Page) -> None:
    """The first wrong field has the focus; keys are no shortcuts while one types, and the page is scrolled there."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


@pytest.fixture
def specimen_page(page: Page) -> Page:
    page.goto("/f/specimen")
    at_the_top(page)
    page.evaluate("document.querySelector('#palette').dataset.from = '/f/specimen-palette'")
    return page


@pytest.mark.parametrize(("scheme", "width"), [*LOOKS, ("light", 320)])
def test_every_component_in_every_state_is_accessible(
    new_page: NewPage, axe: Callable[[Page], None], scheme: str, width: int
) -> None:
    page = new_page(scheme=scheme, width=width)
    page.goto("/f/specimen/marek" if width == 1440 else "/f/specimen")
    at_the_top(page)
    axe(page)


def test_nothing_is_wider_than_a_narrow_screen(new_page: NewPage) -> None:
    page = new_page(width=320)
    page.goto("/f/specimen")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_components_are_accessible_from_right_to_left(
    new_page: NewPage, axe: Callable[[Page], None], right_to_left: str
) -> None:
    page = new_page()
    page.goto(f"/f/specimen?language={right_to_left}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    at_the_top(page)
    axe(page)


def test_the_palette_is_asked_walked_and_left_by_keys(specimen_page: Page) -> None:
    page = specimen_page
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Marek Dąbrowski")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Watanabe Haruka")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("zzz")
    expect(page.locator("#palette [role=status]")).to_contain_text("Nothing found")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


def test_enter_in_the_palette_goes_where_the_option_points(specimen_page: Page) -> None:
    page = specimen_page
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/f/specimen/haruka")


def test_a_record_opens_beside_the_list_and_a_swap_equals_a_reload(specimen_page: Page) -> None:
    page = specimen_page
    page.get_by_role("link", name="Marek Dąbrowski").first.click()
    expect(page.locator("#panel h2")).to_have_text("Marek Dąbrowski")
    assert page.url.endswith("/f/specimen/marek")
    swapped = page.locator("#panel").inner_html()
    page.reload()
    assert page.locator("#panel").inner_html() == swapped


def test_j_walks_the_list_with_the_panel_open_and_escape_closes_it(specimen_page: Page) -> None:
    page = specimen_page
    page.get_by_role("link", name="Marek Dąbrowski").first.click()
    expect(page.locator("#panel h2")).to_have_text("Marek Dąbrowski")
    page.keyboard.press("j")
    expect(page.locator("#panel h2")).to_have_text("Watanabe Haruka")
    page.keyboard.press("Escape")
    expect(page.locator("#panel > *")).to_have_count(0)
    assert page.url.endswith("/f/specimen")


def test_a_letter_presses_the_button_of_the_selected_item_only(specimen_page: Page) -> None:
    page = specimen_page
    page.evaluate(
        "document.querySelectorAll('.lead form').forEach((form, at) =>"
        " form.addEventListener('submit', event => { event.preventDefault(); window.sent = at; }))"
    )
    page.locator(".lead").nth(1).locator(".why").click()
    page.keyboard.press("a")
    assert page.evaluate("window.sent") == 1
    expect(page.locator(".lead.sel kbd").first).to_be_visible()
    expect(page.locator(".lead:not(.sel) kbd").first).not_to_be_visible()


def test_letters_are_only_letters_while_one_types(specimen_page: Page) -> None:
    page = specimen_page
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press_sequentially("jak")
    expect(page.get_by_role("searchbox")).to_have_value("jak")


def test_a_toast_undoes_with_the_method_it_was_given_and_the_token(specimen_page: Page) -> None:
    page = specimen_page
    specimen.undone.clear()
    page.evaluate(SAY, {"text": "Deal moved", "undo": {"url": "/f/specimen-undo", "method": "DELETE"}})
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert specimen.undone == ["DELETE"]


def test_a_toast_without_undo_goes_by_itself_unless_one_points_at_it(specimen_page: Page) -> None:
    page = specimen_page
    page.clock.install()
    page.evaluate(SAY, {"text": "Saved"})
    page.locator(".toast").hover()
    page.clock.run_for(30_000)
    expect(page.locator(".toast")).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(11_000)
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.allow_status(500)
def test_a_failed_request_is_told_in_words_and_swaps_nothing(specimen_page: Page) -> None:
    page = specimen_page
    page.evaluate(ASK, "/f/specimen-broken")
    expect(page.locator(".toast")).to_contain_text("Something broke on our side")
    expect(page.locator(".toast .ref")).to_be_visible()
    expect(page.locator("#asks")).to_have_text("Ask")


def test_the_theme_one_chooses_stays_after_a_reload(specimen_page: Page) -> None:
    page = specimen_page
    page.locator(".me").click()
    page.locator("#me-menu").get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_ticking_a_row_shows_what_can_be_done_with_the_ticked(specimen_page: Page) -> None:
    page = specimen_page
    page.get_by_label("Select Marek Dąbrowski").check()
    expect(page.locator("[data-bulk]")).to_contain_text("1 selected")
    page.get_by_label("Select all on this page").check()
    expect(page.locator("[data-bulk]")).to_contain_text("2 selected")


def test_dropping_a_card_presses_its_own_menu(specimen_page: Page) -> None:
    page = specimen_page
    page.evaluate(
        "document.querySelector('[data-move=won]').addEventListener('click', () => { window.moved = 'won'; })"
    )
    page.locator(".kcard").first.drag_to(page.locator("[data-column=won]"))
    page.wait_for_function("window.moved === 'won'")


def test_without_a_script_menus_still_open_and_nothing_dead_is_offered(new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto("/f/specimen")
    expect(page.locator("[data-palette]")).not_to_be_visible()
    page.get_by_role("button", name="More actions").click()
    expect(page.locator("#m1")).to_be_visible()
