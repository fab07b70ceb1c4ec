"""The channels and the persons behind their figures, as pages."""

import pytest
from django.test import Client

from tests.harness.snapshots import QueryCount
from treaty.handovers.tests.factories import buyer
from treaty.people.rules import Stage
from treaty.scoreboard.tests.factories import NOW, month, won

pytestmark = pytest.mark.django_db
ROWS = "/scoreboard/channels/rows"
SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}


@pytest.fixture
def head() -> Client:
    """The head of a company to whom leads came by two ways, two of whom bought."""
    made = month()
    for name, channel in (("Ulf", "unknown"), ("Nia", "")):
        won(buyer(name, channel=channel, stage=Stage.LEAD), made.world.ann, value=100, at=NOW)
    client = Client()
    client.force_login(made.world.head)
    return client


def page(client: Client, url: str, **headers: str) -> str:
    """What is read there."""
    return client.get(url, headers=headers).content.decode().strip()


def test_a_swap_is_the_part_a_reload_shows(head: Client) -> None:
    for query in ("figure=leads", "figure=won&channel=unknown", "figure=leads&blank=yes&sort=added"):
        swap = page(head, f"{ROWS}?{query}", **SCRIPT)
        assert swap.startswith('<section class="card" id="list"')
        assert swap in page(head, f"{ROWS}?{query}")


def test_the_pages_ask_a_fixed_number_of_questions(head: Client, query_count: QueryCount) -> None:
    page(head, ROWS + "?figure=leads")
    for _more in range(2):
        with query_count("channels"):
            page(head, "/scoreboard/channels")
        with query_count("rows of a channel"):
            page(head, ROWS + "?figure=leads&blank=yes")
        with query_count("rows of all channels"):
            page(head, ROWS + "?figure=won")
        for number in range(4):
            buyer(f"Zoe {number}", stage=Stage.LEAD)
