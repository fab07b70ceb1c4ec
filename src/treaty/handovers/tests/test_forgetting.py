"""A person is forgotten: what was owed is owed no more, nobody is to blame, and no figure moves."""

from datetime import timedelta

import pytest
from django.test import Client

from treaty import wiring
from treaty.agreements.facts import PromiseExcused
from treaty.cli import rebuilt
from treaty.handovers import commands, queries
from treaty.handovers.facts import LeadWithdrawn
from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries.today import returned_count
from treaty.handovers.tests.factories import NOW, buyer, clock, lead, only_ann
from treaty.handovers.tests.test_commands import calls, facts
from treaty.people.commands import forget_person
from treaty.scoreboard.queries import month_facts, this_month

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def whole_house(wired: None) -> None:
    wiring.connect()


def test_an_open_offer_of_a_forgotten_person_ends_and_counts_for_neither_side() -> None:
    cast = only_ann()
    row, other = lead(buyer("Pia")), lead(buyer("Paul"))
    forget_person(row.person_id, at=NOW + HOUR, by=cast.head.pk)
    row.refresh_from_db()
    assert (row.state, row.decided_at, row.next_due_at) == ("returned", NOW + HOUR, None)
    assert not Clock.objects.filter(handover=row, state="running").exists()
    assert [
        (one.verdict, one.cause) for one in (clock(row, "team_accept"), clock(row, "personal_accept", 1))
    ] == [("excused", "forgotten")] * 2
    assert len(facts(PromiseExcused)) == 2
    assert [card.id for card in queries.offered_to(cast.ann, NOW + HOUR)] == [other.pk]
    assert returned_count(cast.mia, NOW) == 0, "nobody returned it, so there is nothing to read"
    counted = month_facts(this_month(NOW), NOW + 2 * HOUR).cohort
    assert [one.id for one in counted.left_out] == [row.pk]
    assert counted.decided == ()


def test_the_table_and_the_board_call_a_withdrawn_lead_so_and_not_returned(client: Client) -> None:
    cast = only_ann()
    row, other = lead(buyer("Pia")), lead(buyer("Paul"))
    forget_person(row.person_id, at=NOW + HOUR, by=cast.head.pk)
    commands.return_lead(other.pk, reason="no_fit", note="Too small.", at=NOW + HOUR, by=cast.ann.pk)
    client.force_login(cast.head)

    def lines(state: str) -> list[str]:
        file = client.get(f"/handovers/table?format=csv&state={state}").getvalue().decode("utf-8-sig")
        return [line.split(",")[3] for line in file.splitlines()[1:]]

    assert (lines("withdrawn"), lines("returned")) == (["Withdrawn"], ["Returned"])
    board = queries.board(cast.head, NOW + HOUR)
    assert {column.key: column.count for column in board.columns}["returned"] == 1
    assert [one.state for one in queries.table_rows(queries.table(cast.head, "withdrawn"))] == ["withdrawn"]


def test_the_touch_owed_to_a_forgotten_person_is_owed_no_more_and_the_lead_stays_delivered() -> None:
    cast = only_ann()
    row = lead(buyer("Pia"))
    commands.accept(row.pk, at=NOW + HOUR, by=cast.ann.pk)
    forget_person(row.person_id, at=NOW + 2 * HOUR, by=cast.head.pk)
    row.refresh_from_db()
    assert (row.state, row.first_touch_at, row.next_due_at) == ("accepted", None, None)
    assert (clock(row, "first_touch").verdict, clock(row, "first_touch").cause) == ("excused", "forgotten")
    commands.sweep_clocks(NOW + 200 * HOUR)
    assert clock(row, "first_touch").verdict == "excused"


def test_what_is_over_or_done_is_left_as_it_was() -> None:
    cast = only_ann()
    late, done = lead(buyer("Pia")), lead(buyer("Paul"))
    commands.accept(done.pk, at=NOW + HOUR, by=cast.ann.pk)
    calls(done.person, NOW + HOUR)
    commands.sweep_clocks(NOW + 5 * HOUR)
    for row in (late, done):
        forget_person(row.person_id, at=NOW + 6 * HOUR, by=cast.head.pk)
    assert clock(late, "team_accept").verdict == "broken"
    assert [line.fact for line in facts(LeadWithdrawn)] == [LeadWithdrawn(late.pk)]
    assert clock(done, "first_touch").verdict == "kept"


def test_a_rebuild_folds_a_withdrawn_lead_alike() -> None:
    cast = only_ann()
    offered, accepted = lead(buyer("Pia")), lead(buyer("Paul"))
    commands.accept(accepted.pk, at=NOW + HOUR, by=cast.ann.pk)
    for row in (offered, accepted):
        forget_person(row.person_id, at=NOW + 2 * HOUR, by=cast.head.pk)
    assert Handover.objects.filter(next_due_at=None).count() == 2
    assert dict(rebuilt(check=True, at=NOW + 3 * HOUR))["handovers"] == 0


def test_its_page_says_why_it_ended() -> None:
    cast = only_ann()
    row = lead(buyer("Pia"))
    forget_person(row.person_id, at=NOW + HOUR, by=cast.head.pk)
    client = Client()
    client.force_login(cast.head)
    page = client.get(f"/handovers/{row.pk}/").content.decode()
    assert "Asked to be forgotten" in page
    assert ">Withdrawn<" in page
    assert "Returned because" not in page
    assert "Return to marketing" not in page
    assert "Lead withdrawn: the person asked to be forgotten" in page
    assert "Pia" not in page
