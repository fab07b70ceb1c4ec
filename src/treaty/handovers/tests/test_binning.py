"""A person goes into the bin and comes back: what was owed ends without blame, no figure moves, and all is there again."""

from datetime import timedelta

import pytest
from django.db.models import Q

from treaty import wiring
from treaty.capture.commands import Touch, receive
from treaty.capture.facts import PageSeen
from treaty.cli import rebuilt
from treaty.desk.queries import finding
from treaty.handovers import commands, queries
from treaty.handovers.facts import LeadWithdrawn
from treaty.handovers.models import Clock, Handover
from treaty.handovers.tests.factories import NOW, buyer, clock, lead, only_ann
from treaty.handovers.tests.test_commands import facts
from treaty.handovers.wording import told
from treaty.people import commands as people
from treaty.people.models import BinnedPerson, Person
from treaty.people.queries import found_persons, is_of_visible_person, known, visible_persons
from treaty.people.queries.figures import leads_by_channel
from treaty.people.rules import PersonDraft
from treaty.scoreboard.queries import month_facts, this_month
from treaty.segments import commands as segments
from treaty.segments.projections import fill, follow, rebuild
from treaty.segments.queries import counted, member_ids
from treaty.segments.rules import parse

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def whole_house(wired: None) -> None:
    wiring.connect()


def binned(person: int, after: timedelta = HOUR) -> None:
    assert people.bin_persons([person], at=NOW + after, by=None) == [person]


def restored(person: int, after: timedelta = 2 * HOUR) -> None:
    assert people.restore_persons([person], at=NOW + after, by=None) == [person]


def test_an_open_offer_ends_without_blame_and_says_why() -> None:
    cast = only_ann()
    row, other = lead(buyer("Pia")), lead(buyer("Paul"))
    binned(row.person_id)
    row.refresh_from_db()
    assert (row.state, row.next_due_at, row.return_reason) == ("returned", None, "_binned")
    assert not Clock.objects.filter(handover=row, state="running").exists()
    assert (clock(row, "team_accept").verdict, clock(row, "team_accept").cause) == ("excused", "binned")
    (line,) = facts(LeadWithdrawn)
    assert line.fact == LeadWithdrawn(row.pk, "binned")
    assert told(line) == "Lead withdrawn: the person was put into the bin"
    assert [card.id for card in queries.offered_to(cast.ann, NOW + HOUR)] == [other.pk]
    counted_month = month_facts(this_month(NOW), NOW + 2 * HOUR).cohort
    assert [one.id for one in counted_month.left_out] == [row.pk]
    assert set(dict(rebuilt(check=True, at=NOW + 3 * HOUR)).values()) == {0}
    restored(row.person_id)
    assert set(dict(rebuilt(check=True, at=NOW + 3 * HOUR)).values()) == {0}


def test_who_comes_back_is_offered_again_with_new_clocks() -> None:
    cast = only_ann()
    row = lead(buyer("Pia"))
    binned(row.person_id)
    restored(row.person_id)
    again = Handover.objects.exclude(pk=row.pk).get()
    assert (again.state, again.owner_id, again.offered_at) == ("offered", cast.ann.pk, NOW + 2 * HOUR)
    assert Clock.objects.filter(handover=again, state="running").exists()


def test_a_lead_in_work_leaves_the_board_and_comes_back() -> None:
    cast = only_ann()
    row = lead(buyer("Pia"))
    commands.accept(row.pk, at=NOW + HOUR, by=cast.ann.pk)

    def on_board() -> int:
        return sum(column.count for column in queries.board(cast.head, NOW + 3 * HOUR).columns)

    assert (on_board(), queries.table(cast.head).count()) == (1, 1)
    binned(row.person_id, 2 * HOUR)
    assert (on_board(), queries.table(cast.head).count()) == (0, 0)
    assert clock(row, "first_touch").cause == "binned"
    restored(row.person_id, 3 * HOUR)
    assert (on_board(), queries.table(cast.head).count()) == (1, 1)


def test_nobody_in_the_bin_is_offered_by_hand_or_by_what_they_do() -> None:
    only_ann()
    pia = buyer("Pia")
    binned(pia.pk)
    assert commands.offer([pia.pk], at=NOW + 2 * HOUR, by=None) == []
    assert known([pia.pk]) == {}


def test_a_person_in_the_bin_is_in_no_list_search_segment_or_count_and_comes_back_into_all() -> None:
    cast = only_ann()
    pia, paul = buyer("Pia"), buyer("Paul")
    segment = segments.add_segment(
        "All", tree=parse({"match": {"attribute": "has_email", "is": True}}), at=NOW, by=None
    )
    fill(segment, NOW)
    tree = parse({"match": {"not": {"attribute": "country", "is": "XX"}}})

    def standing(after: timedelta) -> tuple[object, ...]:
        follow(NOW + after)
        rebuild(check=True, at=NOW + after)
        return (
            set(visible_persons(cast.head).values_list("pk", flat=True)) & {pia.pk, paul.pk},
            {hit.id for hit in found_persons(cast.head, "Pia", 8)} & {pia.pk},
            member_ids(segment) & {pia.pk, paul.pk},
            counted(tree, NOW + after).number,
            sum(leads_by_channel().values()),
        )

    before = standing(timedelta(0))
    assert before[0] == {pia.pk, paul.pk}
    binned(pia.pk)
    hidden = standing(HOUR)
    assert hidden[:3] == ({paul.pk}, set(), {paul.pk})
    assert hidden[3] == int(str(before[3])) - 1
    restored(pia.pk)
    assert standing(3 * HOUR) == before
    assert rebuild(check=True, at=NOW + 3 * HOUR) == 0


def test_what_was_noted_is_not_found_while_its_person_is_in_the_bin() -> None:
    cast = only_ann()
    pia = buyer("Pia")
    seen = is_of_visible_person(cast.head, "anchor_id")
    assert Person.objects.filter(Q(seen), pk=pia.pk).exists()
    binned(pia.pk)
    assert not Person.objects.filter(Q(seen), pk=pia.pk).exists()
    assert finding.found_notes(cast.head, "anything", 8) == []


def test_who_comes_by_itself_comes_back_and_what_files_tell_does_not() -> None:
    only_ann()
    pia = buyer("Pia")
    binned(pia.pk)
    draft = PersonDraft(emails=(pia.email,), city="Gdańsk")
    (added,) = people.add_persons([draft], at=NOW + 2 * HOUR, by=None, source="import")
    assert (added.outcome, added.person_id) == ("binned", pia.pk)
    assert Person.objects.get(pk=pia.pk).city == ""
    touch = Touch(PageSeen("/pricing"), PersonDraft(emails=(pia.email,)), NOW + 3 * HOUR)
    assert receive([touch], at=NOW + 3 * HOUR, by=None, source="form").new == 1
    assert not BinnedPerson.objects.exists()
    assert known([pia.pk])


def test_after_a_month_whoever_lies_there_is_forgotten_and_figures_stay() -> None:
    cast = only_ann()
    row, other = lead(buyer("Pia")), buyer("Paul")
    binned(row.person_id)
    binned(other.pk, 2 * DAY)
    figures = month_facts(this_month(NOW), NOW + 3 * HOUR).cohort
    assert people.purge_bin(at=NOW + HOUR + 30 * DAY - timedelta(seconds=1)) == 0
    assert people.purge_bin(at=NOW + HOUR + 30 * DAY) == 1
    gone = Person.objects.get(pk=row.person_id)
    assert (gone.name, gone.email, gone.forgotten_at is None) == (f"#{gone.pk}", "", False)
    assert not visible_persons(cast.head).filter(pk=gone.pk).exists()
    assert people.restore_persons([gone.pk, other.pk], at=NOW + 31 * DAY, by=None) == [other.pk]
    assert month_facts(this_month(NOW), NOW + 3 * HOUR).cohort == figures
    assert people.purge_bin(at=NOW + 90 * DAY) == 0


def test_once_is_enough() -> None:
    only_ann()
    pia = buyer("Pia")
    binned(pia.pk)
    assert people.bin_persons([pia.pk], at=NOW + 2 * HOUR, by=None) == []
    restored(pia.pk)
    assert people.restore_persons([pia.pk], at=NOW + 3 * HOUR, by=None) == []
