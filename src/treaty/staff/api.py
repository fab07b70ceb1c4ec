"""The staff over REST: whose key this is, who works here, and in which teams."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from treaty.kit.rest import LISTS, READS, Asked, Id, Part, part_of_few
from treaty.staff import queries
from treaty.staff.access import Key, caller, owner_of
from treaty.staff.rules import SEE_PEOPLE

router = Router(tags=["staff"])
READ = Key("staff:read", SEE_PEOPLE)


class MeOut(Schema):
    """For whom the key acts, what its owner's role allows, and what the key is for."""

    user_id: int
    name: str
    role: str
    sees: str = Field(description="Whose records: own, team or all.")
    permissions: list[str]
    scopes: list[str]


class UserOut(Schema):
    """A member of the staff."""

    id: int
    name: str
    email: str
    title: str
    team_id: int | None
    team: str
    side: str = Field(description="marketing, sales or both.")
    role: str
    speaks: list[str]
    is_active: bool


class Users(Schema):
    """A part of the staff, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[UserOut]
    next: str | None


class TeamOut(Schema):
    """A team."""

    id: int
    name: str
    side: str
    head_id: int | None
    head: str
    members: int


class Teams(Schema):
    """A part of the teams, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[TeamOut]
    next: str | None


@router.get("/me", response={200: MeOut, **LISTS}, auth=READ, summary="Read whose key this is")
def read_me(request: HttpRequest) -> dict[str, Any]:
    """The key and its owner."""
    user, key = caller(request), owner_of(request)
    return {
        "user_id": user.pk,
        "name": user.name,
        "role": user.role.name,
        "sees": user.role.visibility,
        "permissions": sorted(user.role.permissions),
        "scopes": sorted(key.scopes) if key else [],
    }


@router.get("/users", response={200: Users, **LISTS}, auth=READ, summary="List the staff")
def list_users(request: HttpRequest, asked: Query[Asked]) -> Part[queries.StaffRow]:
    """Who works here, and who did."""
    rows = sorted(queries.staff(), key=lambda row: -row.id)
    return part_of_few(rows, asked, lambda row: row, number=lambda row: row.id)


@router.get(
    "/users/{user}", response={200: UserOut, **READS}, auth=READ, summary="Read a member of the staff"
)
def read_user(request: HttpRequest, user: Id) -> queries.StaffRow:
    """One member of the staff."""
    row = queries.staff_row(user)
    if row is None:
        raise Http404
    return row


@router.get("/teams", response={200: Teams, **LISTS}, auth=READ, summary="List teams")
def list_teams(request: HttpRequest, asked: Query[Asked]) -> Part[queries.TeamRow]:
    """The teams, each with its head."""
    rows = sorted(queries.teams(), key=lambda row: -row.id)
    return part_of_few(rows, asked, lambda row: row, number=lambda row: row.id)
