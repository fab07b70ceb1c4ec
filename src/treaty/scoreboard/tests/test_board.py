"""The board over real rows: what it counts, that every figure equals the rows it opens, and who sees which names."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from treaty.agreements.queries.months import month_verdicts
from treaty.handovers import commands as handovers
from treaty.handovers.tests.factories import buyer
from treaty.ledger.queries import lines_of_kinds
from treaty.people.rules import Stage
from treaty.scoreboard import charts, commands, queries
from treaty.scoreboard.cli import report
from treaty.scoreboard.queries import Scoreboard
from treaty.scoreboard.queries.figures import LEADS, WINS, promise_figure
from treaty.scoreboard.queries.margins import provider
from treaty.scoreboard.rules import BUCKETS, Speed, Tally, bucket_of
from treaty.scoreboard.tests.factories import NOW, Month, lead, month, won
from treaty.staff import commands as staff_commands
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
ROWS = re.compile(r'<a class="f[^"]*" href="(/scoreboard/rows[^"]*)"[^>]*>([^<]*)</a>')
DECEMBER = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def board(at: datetime = NOW) -> Scoreboard:
    return queries.scoreboard(queries.month_facts(queries.this_month(at), at))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(user: User, url: str) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def counted(page: str) -> int:
    found = re.search(r'data-count="(\d+)"', page)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("seconds", [60, 1200, 5000])
def test_the_lines_of_the_speeds_stand_clear_of_the_highest_bar(seconds: int) -> None:
    for number in (1, 4, 10):
        together = [0] * 7
        together[bucket_of(seconds)] = number
        drawn = charts.speeds(
            Speed((0,) * 7, tuple(together), seconds, 3 if number == 10 else None), ("",) * 7
        )
        words = [one for one in drawn.shapes if one.tag == "text"]
        labels = [float(one.at[1]) for one in words if one.text.startswith(("median", "9 in 10"))]
        figure = next(float(one.at[1]) for one in words if one.look == "t")
        # Letters of 11 px: a line of text needs ten pixels from its baseline to the next one's.
        assert max(labels) <= figure - 10


def test_a_month_is_counted_as_it_happened() -> None:
    month()
    seen = board()
    parts = ("offered", "accepted", "returned", "left_out", "waiting", "decided")
    assert [seen.counts[part] for part in parts] == [6, 3, 1, 1, 1, 4]
    # Accepting: Kim, Rex, Dup and Uma in time, Bea a day late, Wim waits. Touching: Kim and Bea in time, Uma runs.
    assert {row.clause.number: row.tally for row in seen.sales.rows} == {
        "4.1": Tally(kept=4, broken=1, open=1),
        "4.2": Tally(kept=2, open=1),
    }
    assert seen.marketing.tally == Tally(open=1)
    assert seen.speed.number == 2
    assert seen.goals[0].done == 150_000


def test_sums_of_a_side_are_those_of_its_clauses() -> None:
    month()
    seen = board()
    assert seen.sales.tally == Tally(kept=6, broken=1, open=2)


def test_every_figure_equals_the_rows_it_opens() -> None:
    made = month()
    facts = queries.month_facts(queries.this_month(NOW), NOW)
    seen = queries.scoreboard(facts)
    names = [*LEADS, *WINS, *(f"speed.{place}" for place in range(len(BUCKETS) + 1)), "reason.later"]
    for side in (seen.marketing, seen.sales):
        for row in side.rows:
            for verdict in ("kept", "broken", "excused", "open"):
                name = promise_figure(side.side, row.version, row.clause.number, verdict)
                opened = queries.opened(name, facts)
                assert opened is not None
                assert len(opened) == getattr(row.tally, verdict), name
                names.append(name)
    for name in names:
        opened = queries.opened(name, facts)
        assert opened is not None
        for user in (made.world.head, made.world.cy):
            page = read(user, f"/scoreboard/rows?figure={name}&month=2026-11")
            assert counted(page) == len(opened), name
            assert page.count("<tr data-item") == len(opened), name


@pytest.mark.parametrize("query", ["", "?compare=1"])
def test_every_link_of_the_page_opens_as_many_rows_as_it_says(query: str) -> None:
    made = month()
    found = ROWS.findall(read(made.world.head, f"/scoreboard/{query}"))
    assert len(found) > 40
    for url, words in found:
        rows = counted(read(made.world.head, unescape(url)))
        number = re.fullmatch(r"(\d+)( broken| excused)?", words.strip())
        if number:
            assert rows == int(number[1]), (url, words)


def test_a_stranger_counts_the_same_rows_without_names() -> None:
    made = month()
    page = read(made.world.cy, "/scoreboard/rows?figure=offered&month=2026-11")
    assert page.count("<tr data-item") == 6
    assert "Kim" not in page
    assert page.count("a lead of a colleague") == 6
    assert "Kim" in read(made.world.ann, "/scoreboard/rows?figure=offered&month=2026-11")


def test_the_agreement_opens_rows_by_clause_and_verdict() -> None:
    made = month()
    url = "/scoreboard/rows?clause=4.1&month=2026-11"
    assert counted(read(made.world.head, url)) == 6
    assert counted(read(made.world.head, f"{url}&verdict=broken")) == 1
    assert counted(read(made.world.head, f"{url}&verdict=kept&version={made.world.version.pk}")) == 4


@pytest.mark.parametrize(
    "url",
    [
        "/scoreboard/?month=2026-13",
        "/scoreboard/rows",
        "/scoreboard/rows?figure=x",
        "/scoreboard/rows?figure=speed.9",
    ],
)
def test_what_does_not_exist_is_not_found(url: str) -> None:
    assert browser(staff.head_of_sales()).get(url).status_code == 404


def test_a_swap_equals_a_reload() -> None:
    made = month()
    client = browser(made.world.head)
    whole = client.get("/scoreboard/").content
    swapped = client.get("/scoreboard/", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content
    assert ROWS.findall(whole.decode()) == ROWS.findall(swapped.decode())


def test_the_number_of_questions_does_not_grow(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    made = month()
    client = browser(made.world.head)
    client.get("/scoreboard/")
    for number in range(6):
        lead(f"Zoe {number}", NOW)
    with django_assert_max_num_queries(24):
        client.get("/scoreboard/")


def test_without_an_agreement_the_page_says_so() -> None:
    page = read(staff.head_of_sales(), "/scoreboard/")
    assert "No agreement was in force in this month" in page
    assert queries.small(staff.head_of_sales(), NOW) is None


def test_an_agreement_without_leads_is_a_board_of_zeros() -> None:
    made = month()
    page = read(made.world.head, "/scoreboard/?month=2026-12")
    assert "No agreement was in force" in page
    with time_machine.travel(DECEMBER, tick=False):
        page = read(made.world.head, "/scoreboard/?month=2026-12")
    assert "Nobody has been touched yet" in page


# --- volume --------------------------------------------------------------------------------------------------


def test_a_finished_month_is_judged_once() -> None:
    month(volume=2)
    assert commands.judge_month(NOW) == 0
    assert commands.judge_month(DECEMBER) == 1
    assert commands.judge_month(DECEMBER) == 0
    (verdict,) = month_verdicts()
    assert (verdict.verdict, verdict.month, verdict.clause) == ("kept", "2026-11", "3.1")
    about = [line.fact.about for line in lines_of_kinds(["PromiseKept"])]  # type: ignore[attr-defined]
    assert about.count("month:2026-11") == 1


def test_a_month_that_waiting_leads_can_decide_is_not_judged() -> None:
    made = month(volume=6)  # 16 of 21 business days: four leads are owed, three are delivered, one waits.
    assert board().volume is not None
    assert commands.judge_month(DECEMBER) == 0
    later, ann = DECEMBER + timedelta(days=30), made.world.ann.pk
    handovers.return_lead(made.waiting.pk, reason="later", note="", hold_until=later, at=DECEMBER, by=ann)
    assert commands.judge_month(DECEMBER) == 1
    assert month_verdicts()[0].verdict == "broken"


def test_the_judged_month_stands_on_the_board() -> None:
    made = month(volume=60)
    commands.judge_month(DECEMBER)
    november = queries.this_month(NOW)
    seen = queries.scoreboard(queries.month_facts(november, DECEMBER))
    assert seen.marketing.tally == Tally(broken=1)
    with time_machine.travel(DECEMBER, tick=False):
        page = read(made.world.head, "/scoreboard/?month=2026-11")
    assert "0.0 %" in page


# --- beside the page -----------------------------------------------------------------------------------------


def test_customers_that_bought_before_are_not_new() -> None:
    made = month()
    won(made.kept.person, made.world.ann, value=100, at=NOW - timedelta(minutes=5))
    old = made.broken.person
    won(old, made.world.ann, value=900, at=datetime(2026, 8, 3, 9, 0, tzinfo=UTC))
    won(old, made.world.ann, value=200, at=NOW - timedelta(minutes=4))
    seen = board()
    assert (seen.goals[0].done, seen.counts["customers"]) == (180_000, 1)


def test_the_margins_of_the_agreement_are_the_counts_of_the_board() -> None:
    made = month()
    found = provider(made.world.version.pk, NOW.date())
    accept = found["4.1"]
    assert (accept.kept, accept.broken, accept.open) == (4, 1, 1)
    assert found["3.1"].text == found["marketing"].text == "3 delivered"
    seen = board()
    assert found["2.1"].text == f"{seen.counts['offered']} leads this month"
    goal = seen.goals[0]
    assert goal.done < goal.line, "so the goal is behind"
    assert found["1.1"].text == f"{100 * goal.done / goal.goal:.1f} % won"
    assert found["1.1"].tone == "warn"
    assert found["1.1"].note.endswith(" behind the line")
    both = seen.sales.tally
    assert (found["sales"].kept, found["sales"].broken) == (both.kept, both.broken)


def test_promises_are_told_to_scripts() -> None:
    month()
    with time_machine.travel(NOW, tick=False):
        answer = CliRunner().invoke(report, ["promises", "--json"])
        of_month = CliRunner().invoke(report, ["promises", "--json", "--month", "2026-11"])
        wrong = CliRunner().invoke(report, ["promises", "--month", "2026-13"])
    told = json.loads(answer.stdout)
    assert [(one["clause"], one["side"]) for one in told] == [
        ("3.1", "marketing"),
        ("4.1", "sales"),
        ("4.2", "sales"),
    ]
    assert {key: told[1][key] for key in ("kept", "broken", "excused", "open", "version")} == {
        "kept": 4,
        "broken": 1,
        "excused": 0,
        "open": 1,
        "version": 1,
    }
    assert [one["kept"] for one in json.loads(of_month.stdout)] == [0, 4, 2]
    assert wrong.exit_code == 2


def test_the_api_tells_the_same_figures() -> None:
    made = month()
    head = made.world.head.pk
    token = staff_commands.issue_key("report", owner=head, scopes=("scoreboard:read",), at=NOW, by=head)
    answer = Client().get("/api/scoreboard", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["leads"]["offered"] == 6
    assert sum(one["kept"] for one in told["promises"]) == 6
    assert Client().get("/api/scoreboard").status_code == 401


def test_the_board_and_its_rows_can_be_taken_away_by_those_who_may() -> None:
    made = month()
    answer = browser(made.world.head).get("/scoreboard/?format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert len(text.strip().splitlines()) == 1 + 3
    rows = browser(made.world.head).get("/scoreboard/rows?figure=offered&month=2026-11&format=csv")
    assert len(b"".join(rows.streaming_content).decode().strip().splitlines()) == 1 + 6  # type: ignore[attr-defined]
    refused = browser(made.world.ann).get("/scoreboard/?format=csv")
    assert not refused.streaming


def test_channels_tell_the_unknown_from_the_not_known() -> None:
    made = month()
    buyer("Ulf", channel="unknown", stage=Stage.LEAD)
    page = read(made.world.head, "/scoreboard/channels")
    assert "not known" in page
    assert ">Unknown</a>" in page


def test_every_figure_of_the_channels_equals_the_rows_it_opens() -> None:
    made = month()
    unknown, blank = buyer("Ulf", channel="unknown", stage=Stage.LEAD), buyer("Nia", stage=Stage.LEAD)
    for person in (unknown, blank):
        won(person, made.world.ann, value=100, at=NOW)
    buyer("Vi", channel="unknown")
    page = read(made.world.head, "/scoreboard/channels")
    links = re.findall(r'<a class="f[^"]*" href="(/scoreboard/channels/rows[^"]*)"[^>]*>([\d,]+)</a>', page)
    # Two channels and their sum, leads and won each; the six leads of the month and Nia came from nowhere known.
    assert [int(number) for _url, number in links] == [7, 2, 1, 1, 8, 3]
    for url, number in links:
        opened = browser(made.world.head).get(f"{unescape(url)}&format=csv")
        rows = b"".join(opened.streaming_content).decode().strip().splitlines()  # type: ignore[attr-defined]
        assert len(rows) - 1 == int(number), url
    page = read(made.world.head, "/scoreboard/channels/rows?figure=won&channel=unknown")
    assert "Ulf" in page
    assert "Nia" not in page


def test_a_stranger_sees_how_many_a_channel_brought_and_no_names() -> None:
    made = month()
    page = read(made.world.cy, "/scoreboard/channels/rows?figure=leads&blank=yes")
    assert page.count("a person of a colleague, or in the bin") == 6
    assert "Kim" not in page
    assert browser(made.world.cy).get("/scoreboard/channels/rows?figure=friends").status_code == 404
    refused = browser(made.world.ann).get("/scoreboard/channels/rows?figure=leads&format=csv")
    assert not refused.streaming


def test_the_little_board_says_the_same() -> None:
    made: Month = month()
    small = queries.small(made.world.ann, NOW)
    assert small is not None
    assert (small.sales, small.offered, small.waiting) == (Tally(kept=6, broken=1, open=2), 6, 1)
    assert small.volume is not None
    assert small.volume.promised == volume_owed(made)


def volume_owed(made: Month) -> int:
    """From the ninth of November on sixteen of twenty-one weekdays are left, by a wall calendar."""
    return made.world.document.volume.leads * 16 // 21
