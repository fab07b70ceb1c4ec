"""The main job, from an empty installation to the scoreboard: real web server, real worker, real mail, real database."""

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.house import PASSWORD, House, house
from treaty.kit.tests.installation import SECONDS, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_200)]

STAFF = f"""
from datetime import UTC, datetime
from treaty.staff import commands, queries
at = datetime.now(UTC)
commands.set_schedule("company", 0, times=commands.Times("UTC", tuple((day, 0, 1440) for day in range(7))), at=at, by=None)
teams = {{team.name: team.id for team in queries.teams()}}
for name, role, team in (
    ("Mara", "head_of_marketing", "Marketing"),
    ("Saul", "head_of_sales", "Sales"),
    ("Ann", "representative", "Sales"),
):
    email = f"{{name.lower()}}@kestrel.example"
    new = commands.NewUser(email, name, role, team=teams[team], password={PASSWORD!r})
    commands.add_user(new, at=at, by=None)
"""
BROKEN = """
import json
from treaty.handovers.models import Clock
from treaty.ledger.models import Touchpoint
due = Clock.objects.get(name="team_accept", handover__person__name="Ben Ito").due_at
print(json.dumps([[line.occurred_at.isoformat(), line.recorded_at.isoformat(), due.isoformat(), line.payload]
    for line in Touchpoint.objects.filter(kind="PromiseBroken").order_by("id")]))
"""


@pytest.fixture
def at_work(tmp_path: Path, browser: Browser) -> Iterator[House]:
    """An empty installation that runs."""
    with house(tmp_path, browser) as made:
        yield made


def test_the_main_job_from_a_form_to_the_scoreboard(at_work: House) -> None:
    begin(at_work)
    agree(at_work)
    saul = at_work.colleague("saul@kestrel.example")
    assert set(counted(saul).values()) == {0}
    a_buyer_asks(
        at_work, "Pia Kowalska", phone="+48 32 123 45 67", title="Head of Production", interest="FM-40"
    )
    ann = ann_gets_the_lead(at_work)
    ann_accepts_and_calls(ann)
    ann_makes_a_deal_and_wins_it(ann)
    figures_changed(saul)
    figures_open_their_rows(saul)
    at_work.everybody_leaves()
    a_promise_breaks_in_front_of_nobody(at_work)
    the_scoreboard_tells_of_both(at_work)


def begin(at_work: House) -> None:
    """Whoever can read the operator's screen names the company; then it gets its people, and never closes."""
    told = at_work.place.run("init", "--no-input").stdout
    code = re.search(r"https?://\S+", told)
    assert code, told
    ada = at_work.visitor()
    ada.goto(code.group())
    ada.get_by_label("Name of the company").fill("Kestrel Instruments")
    ada.get_by_label("Your name").fill("Ada")
    ada.get_by_label("Mail address").fill("ada@kestrel.example")
    ada.get_by_label("Password").fill(PASSWORD)
    ada.get_by_role("button", name="Begin").click()
    ada.wait_for_url(f"{at_work.url}/")
    at_work.place.python(STAFF)


def agree(at_work: House) -> None:
    """Mara drafts from the starter in the first-run guide, proposes and signs; Saul signs."""
    mara = at_work.colleague("mara@kestrel.example")
    mara.goto("/guide/")
    mara.get_by_role("button", name="Choose the starter").click()
    for grade in "BCD":  # 36 seconds to accept, so that a promise can break while a test waits
        mara.get_by_label(f"Grade {grade}").first.fill("0.01")
    mara.get_by_role("button", name="Save and read it").click()
    mara.get_by_role("button", name="Propose to both sides").click()
    sign(mara, "marketing")
    saul = at_work.colleague("saul@kestrel.example")
    saul.goto("/agreement/")
    sign(saul, "sales")
    expect(saul.get_by_text("in force", exact=False).first).to_be_visible()
    at_work.everybody_leaves()


def sign(page: Page, side: str) -> None:
    """Read, sign in again, sign."""
    page.get_by_role("main").get_by_role("link", name="Read and sign").first.click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name=f"Sign for {side}").click()
    expect(page.get_by_text("You signed version 1.")).to_be_visible()


def a_buyer_asks(at_work: House, name: str, **told: str) -> None:
    """A buyer fills the form in."""
    buyer = at_work.visitor()
    buyer.goto("/f/ask-for-a-price")
    buyer.get_by_label("Your name").fill(name)
    buyer.get_by_label("E-mail").fill(f"{name.split(maxsplit=1)[0].lower()}@odlewnia.example")
    buyer.get_by_label("Telephone").fill(told["phone"])
    buyer.get_by_label("Company").fill("Odlewnia Śląska")
    buyer.get_by_label("Your role").fill(told["title"])
    buyer.get_by_label("What are you interested in?").fill(told["interest"])
    buyer.get_by_role("button", name="Send").click()
    expect(buyer.get_by_role("heading", name="Your answer has arrived")).to_be_visible()
    buyer.context.close()


def ann_gets_the_lead(at_work: House) -> Page:
    """The notice comes by mail and in the page; the lead stands on Today, its clock running."""
    until(lambda: any("Pia Kowalska" in subject for subject in at_work.mails_to("ann@kestrel.example")))
    ann = at_work.colleague("ann@kestrel.example")
    lead = ann.locator("#queue .lead", has_text="Pia Kowalska")
    expect(lead).to_contain_text("left")
    expect(lead.locator(".name")).to_contain_text("A2")
    ann.goto("/notices/")
    expect(ann.get_by_role("main")).to_contain_text("Pia Kowalska")
    ann.goto("/")
    return ann


def ann_accepts_and_calls(ann: Page) -> None:
    """A is the key; the call is logged on the person's page, and leads to the deal."""
    ann.keyboard.press("a")
    expect(ann.get_by_text("Pia Kowalska is your lead now.")).to_be_visible()
    ann.goto("/people/")
    ann.get_by_role("main").get_by_role("link", name="Pia Kowalska").first.click()
    ann.get_by_role("link", name="Log call").click()
    ann.get_by_label("Outcome").select_option(label="Reached")
    ann.get_by_label("Minutes").fill("12")
    ann.get_by_role("button", name="Log and make a deal").click()
    expect(ann.get_by_role("heading", name="New deal with Pia Kowalska")).to_be_visible()


def ann_makes_a_deal_and_wins_it(ann: Page) -> None:
    """The deal is filled in already; the next step is asked for; then it is won."""
    expect(ann.get_by_label("Name", exact=True)).to_have_value(re.compile("Pia Kowalska"))
    ann.get_by_label("Value").fill("12000")
    ann.get_by_role("button", name="Open deal").click()
    expect(ann.get_by_text("The deal is open. Say what happens next.")).to_be_visible()
    ann.get_by_role("textbox", name="What").fill("Send the offer")
    ann.get_by_role("button", name="Set next step").click()
    expect(ann.get_by_text("Send the offer").first).to_be_visible()
    ann.get_by_role("link", name="Won", exact=True).click()
    ann.get_by_label("Why did they buy?").fill("The fastest answer")
    ann.get_by_role("button", name="Win deal").click()
    expect(ann.get_by_text("is won.").first).to_be_visible()


COUNTED = {
    "offered": 1,
    "accepted": 1,
    "delivered": 1,
    "delivered_a": 1,
    "touched": 1,
    "won": 1,
    "customers": 1,
    "promise.sales...kept": 2,
}
"""What one lead that went well counts for: marketing delivered it, sales kept both its promises, and it was won."""


def counted(page: Page) -> dict[str, int]:
    """The figures of this month, each as the number of rows it opens."""
    return {figure: rows(page, figure) for figure in COUNTED}


def figures_changed(page: Page) -> None:
    """All of them say what happened, once the worker has followed."""
    end = time.monotonic() + SECONDS
    while (found := counted(page)) != COUNTED and time.monotonic() < end:
        page.wait_for_timeout(1_000)
    assert found == COUNTED


def rows(page: Page, figure: str) -> int:
    """How many rows stand behind a figure."""
    page.goto(f"/scoreboard/rows?figure={figure}")
    return int(page.locator("[data-count]").get_attribute("data-count") or 0)


def figures_open_their_rows(page: Page) -> None:
    """Every figure of the scoreboard that is a plain number opens as many rows."""
    page.goto("/scoreboard/")
    links = page.get_by_role("main").locator("a.f[href*='/scoreboard/rows']")
    plain = {
        (link.get_attribute("href") or "", (link.inner_text()).strip())
        for link in links.all()
        if link.inner_text().strip().isdecimal()
    }
    assert plain
    for address, text in sorted(plain):
        page.goto(address)
        assert page.locator("[data-count]").get_attribute("data-count") == text, address


def a_promise_breaks_in_front_of_nobody(at_work: House) -> None:
    """Ben's lead is left alone: the worker records the breach by itself, at most a minute after it was due."""
    a_buyer_asks(at_work, "Ben Ito", phone="+39 02 1234 5678", title="Intern", interest="")
    assert at_work.browser.contexts == []
    said = until(lambda: json.loads(at_work.place.python(BROKEN)))
    for *instants, payload in said:  # the team's clock, and Ann's own
        occurred, recorded, due = map(datetime.fromisoformat, instants)
        assert occurred == due
        assert 0 <= (recorded - due).total_seconds() <= 60
        assert "4.2" in payload


def the_scoreboard_tells_of_both(at_work: House) -> None:
    """The breach counts against sales, the two promises kept stay; scripts are told the same."""
    saul = at_work.colleague("saul@kestrel.example")
    assert rows(saul, "promise.sales...broken") == 1
    assert rows(saul, "promise.sales...kept") == 2
    saul.goto("/handovers/")
    expect(saul.get_by_role("main")).to_contain_text("Ben Ito")
    told = [row for row in json.loads(at_work.promises()) if row["side"] == "sales"]
    assert sum(row["kept"] for row in told) == 2
    assert sum(row["broken"] for row in told) == 1
