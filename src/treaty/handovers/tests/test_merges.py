"""Whatever refers to a person goes where the person goes: merging and splitting, with the whole house listening."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from treaty import wiring
from treaty.cli import rebuilt
from treaty.conversations.commands import log_call
from treaty.deals.models import Deal
from treaty.deals.tests.factories import deal
from treaty.handovers import commands
from treaty.handovers.models import Handover, Watch
from treaty.handovers.queries import rest_of
from treaty.handovers.tests.factories import NOW, asks, buyer, lead, only_ann, world
from treaty.people.commands import CannotMerge, merge_persons, undo_merge
from treaty.people.models import Person
from treaty.scoring import commands as scoring
from treaty.scoring.models import Score
from treaty.staff.commands import issue_key

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def whole_house(wired: None) -> None:
    wiring.connect()


def references() -> list[models.Field[object, object]]:
    """Every column of the house that names a person."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Person
    ]


def rows_naming(person: int) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for field in references():
            table = field.model._meta.db_table
            cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {field.column} = %s", [person])
            if number := cursor.fetchone()[0]:
                found[f"{table}.{field.column}"] = number
    return found


def test_a_return_as_a_duplicate_keeps_the_merged_person_from_nothing() -> None:
    house = only_ann()
    pia, again = buyer(), buyer("Pia K")
    commands.return_lead(lead(again).pk, reason="duplicate", note="Pia.", at=NOW, by=house.ann.pk)
    assert rest_of(house.ann, again.pk, NOW + HOUR) is not None
    merged = merge_persons(pia.pk, merged=again.pk, at=NOW + HOUR, by=None)
    assert rest_of(house.ann, pia.pk, NOW + HOUR) is None
    asks(pia, at=NOW + 2 * HOUR)
    assert [row.state for row in Handover.objects.filter(person=pia).order_by("pk")] == [
        "returned",
        "offered",
    ]
    commands.return_lead(
        Handover.objects.get(state="offered").pk, reason="spam", note="", at=NOW + 3 * HOUR, by=None
    )
    undo_merge(merged.id, at=NOW + 4 * HOUR, by=None)
    asks(again, at=NOW + 5 * HOUR)
    assert Handover.objects.filter(person=again).count() == 1, (
        "a record of its own again, and a duplicate again"
    )


def test_what_became_of_the_other_record_counts_once_they_are_merged() -> None:
    house = only_ann()
    pia, again = buyer(), buyer("Pia K")
    commands.return_lead(lead(pia).pk, reason="spam", note="", at=NOW, by=house.ann.pk)
    commands.return_lead(lead(again).pk, reason="duplicate", note="Pia.", at=NOW, by=house.ann.pk)
    merge_persons(pia.pk, merged=again.pk, at=NOW + HOUR, by=None)
    asks(pia, at=NOW + 2 * HOUR)
    assert Handover.objects.filter(person=pia).count() == 2
    rest = rest_of(house.ann, pia.pk, NOW + 2 * HOUR)
    assert rest is not None
    assert rest.reason == "Spam or a joke"


def test_nothing_names_a_merged_person_and_undoing_gives_each_its_own_again() -> None:
    house = world()
    scoring.adopt_model(house.document.scoring, version=house.version.pk, at=NOW)
    pia, again = buyer(company="Huta", tags=("fair",)), buyer("Pia K", company="Huta", tags=("fair", "vip"))
    ours, theirs = lead(pia), lead(again)
    for row in (ours, theirs):
        commands.accept(row.pk, at=NOW + HOUR, by=row.owner_id or house.ann.pk)
    sold = deal(person=again.pk)
    scoring_before = set(Score.objects.values_list("person_id", flat=True))
    before = {one.pk: rows_naming(one.pk) for one in (pia, again)}

    merged = merge_persons(pia.pk, merged=again.pk, at=NOW + 2 * HOUR, by=None)
    assert rows_naming(again.pk) == {}
    assert set(Handover.objects.values_list("person_id", flat=True)) == {pia.pk}
    assert Deal.objects.get(pk=sold).person_id == pia.pk
    assert again.pk not in Score.objects.values_list("person_id", flat=True)
    assert Watch.objects.get(person=pia.pk).next_change_at == NOW + 2 * HOUR
    assert sum(dict(rebuilt(check=True, at=NOW + 2 * HOUR)).values()) == 0

    undo_merge(merged.id, at=NOW + 3 * HOUR, by=None)
    assert Handover.objects.get(pk=theirs.pk).person_id == again.pk
    assert Handover.objects.get(pk=ours.pk).person_id == pia.pk
    assert Deal.objects.get(pk=sold).person_id == again.pk
    assert set(Score.objects.values_list("person_id", flat=True)) == scoring_before
    assert sum(dict(rebuilt(check=True, at=NOW + 3 * HOUR)).values()) == 0
    after = {one.pk: rows_naming(one.pk) for one in (pia, again)}
    kept = "handovers_handover.person_id", "deals_deal.person_id", "people_personidentity.person_id"
    assert {one: [rows.get(name) for name in kept] for one, rows in after.items()} == {
        one: [rows.get(name) for name in kept] for one, rows in before.items()
    }


def test_what_was_opened_with_the_survivor_since_stays_with_it() -> None:
    world()
    pia, again = buyer(), buyer("Pia K")
    merged = merge_persons(pia.pk, merged=again.pk, at=NOW, by=None)
    since = lead(Person.objects.get(pk=pia.pk), NOW + HOUR)
    sold = deal(person=pia.pk)
    undo_merge(merged.id, at=NOW + 2 * HOUR, by=None)
    assert Handover.objects.get(pk=since.pk).person_id == pia.pk
    assert Deal.objects.get(pk=sold).person_id == pia.pk


def test_two_open_offers_are_answered_before_their_persons_are_one() -> None:
    world()
    pia, again = buyer(), buyer("Pia K")
    lead(pia)
    theirs = lead(again)
    with pytest.raises(CannotMerge, match="Accept or return"):
        merge_persons(pia.pk, merged=again.pk, at=NOW + HOUR, by=None)
    assert Person.objects.filter(pk=again.pk).exists()
    assert Handover.objects.get(pk=theirs.pk).person_id == again.pk


def test_a_call_to_either_is_a_first_touch_of_the_one_person() -> None:
    house = world()
    pia, again = buyer(), buyer("Pia K")
    row = lead(pia)
    owner = row.owner_id or house.ann.pk
    commands.accept(row.pk, at=NOW + timedelta(minutes=5), by=owner)
    log_call(again.pk, outcome="reached", at=NOW + timedelta(minutes=30), by=owner)
    assert Handover.objects.get(pk=row.pk).first_touch_at is None
    merged = merge_persons(pia.pk, merged=again.pk, at=NOW + HOUR, by=None)
    assert Handover.objects.get(pk=row.pk).first_touch_at == NOW + timedelta(minutes=30)
    undo_merge(merged.id, at=NOW + 2 * HOUR, by=None)
    assert Handover.objects.get(pk=row.pk).first_touch_at is None
    assert sum(dict(rebuilt(check=True, at=NOW + 2 * HOUR)).values()) == 0


def test_the_api_finds_deals_and_handovers_of_somebody_merged_under_either_id(now: datetime) -> None:
    house = world()
    pia, again = buyer(), buyer("Pia K")
    theirs, sold = lead(again), deal(house.head, person=again.pk)
    merge_persons(pia.pk, merged=again.pk, at=NOW, by=None)
    scopes = ["deals:read", "handovers:read"]
    key = issue_key("test", owner=house.head.pk, scopes=scopes, at=now, by=None)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    for person in (pia.pk, again.pk):
        for path, expected in (("deals", sold), ("handovers", theirs.pk)):
            found = client.get(f"/api/{path}?person_id={person}").json()["items"]
            assert [(one["id"], one["person_id"]) for one in found] == [(expected, pia.pk)]
