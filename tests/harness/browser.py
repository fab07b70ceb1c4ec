"""A real Chromium for customer stories: every console error, refused resource and failed request fails the test.

@pytest.mark.browser
def test_ann_sees_her_day(page, sign_in, axe, ann):
    sign_in(page, ann)
    page.goto("/")
    axe(page)
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
Rules = dict[str, list[str]]
RULES: Rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS: Rules = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""What another colour scheme of the same page can break."""
LOOKS = (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390))
"""Each colour scheme at the width of a desk and of a telephone; for parametrize and new_page."""

PATIENCE = 60_000.0
"""Milliseconds until something on a page has not happened: only a test that fails waits so long."""

SENT_BACK = 422
"""The answer to a form with mistakes: expected wherever a story makes one."""


def chromium() -> str:
    """Where the browser lies; the gate fails without one, it never skips."""
    found = os.environ.get("TREATY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.fail(
            "No Chromium found: install the package `chromium`, or name one in TREATY_CHROMIUM.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    executable = chromium()
    expect.set_options(timeout=PATIENCE)
    # Playwright keeps an event loop in this thread; Django would take every query for one made inside async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Complaints:
    """What the browser did not like while a story ran."""

    def __init__(self, allowed: set[int]) -> None:
        self.allowed = {SENT_BACK, *allowed}
        self.heard: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))
        page.on("response", self.response)
        page.on("requestfailed", self.request_failed)

    def console(self, message: ConsoleMessage) -> None:
        # Refused statuses are heard as responses, where the address is known.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.heard.append(f"console: {message.text} ({message.location['url']})")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.heard.append(f"{response.status}: {response.request.method} {response.url}")

    def request_failed(self, request: Request) -> None:
        # Leaving a page ends the requests it still had under way.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.heard.append(f"request failed ({request.failure}): {request.url}")


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """Opens pages: new_page(width=390, scheme="dark", language="ar", javascript=False); complaints fail the test."""
    marker = request.node.get_closest_marker("allow_status")
    complaints = Complaints(set(marker.args) if marker else set())
    contexts: list[BrowserContext] = []

    def open_page(
        *,
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        language: str = "en",
        javascript: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            locale=language,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    if complaints.heard:
        pytest.fail("The browser complained:\n  " + "\n  ".join(complaints.heard), pytrace=False)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page on a desk's width in light colours."""
    return new_page()


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, Any], None]:
    """Signs a user in without the form: sign_in(page, ann)."""

    def with_session(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )

    return with_session


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Fails with a readable list when the page, as it stands, breaks a rule of accessibility: axe(page, RULES)."""
    if not AXE.exists():
        pytest.fail("axe-core is missing: run `make setup`.", pytrace=False)
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page, rules: Rules = RULES) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        violations = page.evaluate(
            "rules => axe.run(document, rules).then(result => result.violations)", rules
        )
        if violations:
            pytest.fail(
                f"{page.url} breaks {len(violations)} rules:\n" + "\n".join(map(told, violations)),
                pytrace=False,
            )

    return check


def told(violation: dict[str, Any]) -> str:
    """One broken rule in words, with the first places that break it."""
    places = [f"    {node['target']}: {node['failureSummary']}" for node in violation["nodes"][:5]]
    return "\n".join([f"  {violation['id']} ({violation['impact']}): {violation['help']}", *places])
