"""Adds and changes teams."""

from datetime import datetime

from django.db import transaction

from treaty.staff.commands.auditing import audit, differences
from treaty.staff.commands.refusals import Refused
from treaty.staff.models import Team, User
from treaty.staff.rules import SIDES


@transaction.atomic
def add_team(name: str, *, side: str, at: datetime, by: int | None) -> int:
    """Add a team on one side; returns its id. Refused: name_missing, name_taken, side_unknown."""
    name = _free_name(name, 0)
    if side not in SIDES:
        raise Refused("side_unknown", "side", side=side)
    team = Team.objects.create(name=name, side=side)
    audit(
        "add_team",
        about=("team", team.pk),
        changes={"name": [None, name], "side": [None, side]},
        by=by,
        at=at,
    )
    return team.pk


@transaction.atomic
def change_team(
    team_id: int, *, name: str, side: str, head: int | None, at: datetime, by: int | None
) -> None:
    """Rename a team, move it to another side, or name its head, who must be one of its members."""
    team = Team.objects.get(pk=team_id)
    if side not in SIDES:
        raise Refused("side_unknown", "side", side=side)
    if head is not None and not User.objects.filter(pk=head, team=team, is_active=True).exists():
        raise Refused("head_not_a_member", "head")
    before = {"name": team.name, "side": team.side, "head_id": team.head_id}
    after = {"name": _free_name(name, team_id), "side": side, "head_id": head}
    done = differences(before, after)
    if done:
        Team.objects.filter(pk=team_id).update(**after)
        audit("change_team", about=("team", team_id), changes=done, by=by, at=at)


def _free_name(name: str, own_id: int) -> str:
    name = name.strip()
    if not name:
        raise Refused("name_missing", "name")
    if Team.objects.filter(name__iexact=name).exclude(pk=own_id).exists():
        raise Refused("name_taken", "name", name=name)
    return name
