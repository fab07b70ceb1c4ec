"""A question that is composed once gives what the ORM gives, whatever it is asked with."""

from datetime import timedelta

import pytest
from django.db.models import F

from treaty.kit.composed import ID, MOMENT, Composed
from treaty.staff.models import Team, User
from treaty.staff.tests.factories import SINCE, ann, bo, cy, mia

pytestmark = pytest.mark.django_db


def test_rows_come_with_what_was_read_along_whoever_is_asked_for() -> None:
    composed = Composed(
        lambda user: User.objects.filter(pk=user).select_related("role", "team").annotate(of=F("team_id"))
    )
    for user in (ann(), mia()):
        row = composed.first(user.pk)
        assert row is not None
        assert (row, row.role, row.team, row.of) == (user, user.role, user.team, user.team_id)
        assert (row.speaks, row.created_at, row._state.adding) == (user.speaks, user.created_at, False)
    assert composed.first(2**40) is None


def test_nobody_read_along_is_none() -> None:
    alone = User.objects.filter(pk=cy().pk)
    alone.update(team=None)
    row = Composed(lambda user: User.objects.filter(pk=user).select_related("team")).first(cy().pk)
    assert row is not None
    assert row.team is None


def test_two_ids_and_a_moment_find_their_places() -> None:
    later = Composed(
        lambda team, user, at: (
            User.objects.filter(team=team, created_at__gt=at).exclude(pk=user).order_by("pk")
        ),
        places=ID + ID + MOMENT,
    )
    bo()
    team, others = ann().team_id, User.objects.filter(team=ann().team_id).exclude(pk=ann().pk)
    assert later.rows(team, ann().pk, SINCE - timedelta(days=1)) == list(others.order_by("pk"))
    assert later.rows(team, ann().pk, SINCE + timedelta(days=1)) == []


def test_values_come_as_tuples_or_alone() -> None:
    team = ann().team
    assert team is not None
    told = Composed(lambda one: Team.objects.filter(pk=one).values_list("pk", "name"))
    assert told.rows(team.pk) == [(team.pk, team.name)]
    names = Composed(lambda one: Team.objects.filter(pk=one).values_list("name", flat=True))
    assert names.rows(team.pk) == [team.name]
