"""A whole installation under test: its web server, its worker, a mail server, and people in front of a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page

from tests.harness.browser import PATIENCE, Complaints
from treaty.kit.tests.installation import Installation, free_port, installation, until
from treaty.mail.tests.servers import Post, post_office

PASSWORD = "correct horse battery staple"


@dataclass
class House:
    """An installation that runs, and who visits it."""

    place: Installation
    post: Post
    url: str
    browser: Browser
    complaints: Complaints

    def visitor(self, **more: object) -> Page:
        """Somebody with a browser of their own."""
        context = self.browser.new_context(base_url=self.url, reduced_motion="reduce", **more)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        self.complaints.listen(page)
        return page

    def colleague(self, email: str, **more: object) -> Page:
        """Somebody who signs in as people do."""
        page = self.visitor(**more)
        page.goto("/accounts/login/")
        page.get_by_label("Mail address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{self.url}/")
        return page

    def everybody_leaves(self) -> None:
        """No page is open any more."""
        contexts: list[BrowserContext] = self.browser.contexts
        for context in contexts:
            context.close()

    def mails_to(self, email: str) -> list[str]:
        """The subjects of what the mail server took for somebody."""
        return [str(mail["Subject"]) for mail in self.post.taken if email in str(mail["To"])]

    def promises(self) -> str:
        """What scripts are told about promises."""
        done = self.place.run("report", "promises", "--json")
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def house(folder: Path, browser: Browser) -> Iterator[House]:
    """Web, worker and mail on the engine of this run; gone afterwards."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        post_office() as (post, mail),
        installation(folder, TREATY_URL=url, TREATY_MAIL_URL=mail.geturl()) as place,
    ):
        place.treaty("serve", "--port", str(port))
        place.treaty("work")
        made = House(place, post, url, browser, Complaints(set()))
        until(lambda: answers(url))
        try:
            yield made
        finally:
            made.everybody_leaves()
    assert made.complaints.heard == []


def answers(url: str) -> bool:
    """Whether pages are served."""
    try:
        with urlopen(f"{url}/readyz", timeout=30) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
