"""Adds and changes users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from treaty.staff.commands.auditing import audit, differences
from treaty.staff.commands.refusals import Refused
from treaty.staff.models import Membership, Role, Team, User
from treaty.staff.rules import MANAGE_STAFF

ADDED_FIELDS = ("email", "name", "name_local", "title", "team_id", "role_id", "language", "time_zone")


@dataclass(frozen=True)
class NewUser:
    """Somebody who begins to work here. `role` is a role's key; without a password nobody can sign in as them."""

    email: str
    name: str
    role: str
    team: int | None = None
    password: str = ""
    name_local: str = ""
    title: str = ""
    manager: int | None = None
    language: str = ""
    time_zone: str = ""
    speaks: Sequence[str] = field(default_factory=tuple)
    external_key: str | None = None


class UserChanges(TypedDict, total=False):
    """What an administrator may change of a user."""

    name: str
    title: str
    team: int | None
    role: int
    manager: int | None
    speaks: list[str]
    is_active: bool


class ProfileChanges(TypedDict, total=False):
    """What users may change of themselves."""

    name: str
    name_local: str
    title: str
    language: str
    time_zone: str
    theme: str
    speaks: list[str]


@transaction.atomic
def add_user(new: NewUser, *, at: datetime, by: int | None) -> int:
    """Add a user; returns the id. Refused: email_taken, role_unknown, team_unknown; ValidationError: weak password."""
    email = new.email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("email_taken", "email", email=email)
    role = Role.objects.filter(key=new.role).first()
    if role is None:
        raise Refused("role_unknown", "role", role=new.role)
    if new.team is not None and not Team.objects.filter(pk=new.team).exists():
        raise Refused("team_unknown", "team", team=new.team)
    user = _user(new, email, role, at)
    if new.password:
        validate_password(new.password, user)
        user.set_password(new.password)
    user.save(force_insert=True)
    Membership.objects.create(user=user, team_id=new.team, recorded_at=at)
    values = {name: getattr(user, name) for name in ADDED_FIELDS}
    audit("add_user", about=("user", user.pk), changes=differences({}, values), by=by, at=at)
    return user.pk


def add_users(new: Sequence[NewUser], *, at: datetime, by: int | None) -> dict[str, int]:
    """Add many users, as imports do, one audit line each; returns ids by mail address."""
    with transaction.atomic():
        return {one.email.strip().lower(): add_user(one, at=at, by=by) for one in new}


def _user(new: NewUser, email: str, role: Role, at: datetime) -> User:
    return User(
        email=email,
        name=new.name.strip() or email,
        name_local=new.name_local,
        title=new.title,
        team_id=new.team,
        role=role,
        manager_id=new.manager,
        language=new.language,
        time_zone=new.time_zone,
        speaks=list(new.speaks),
        external_key=new.external_key,
        password=make_password(None),
        created_at=at,
    )


@transaction.atomic
def change_user(user_id: int, *, at: datetime, by: int | None, **changes: Unpack[UserChanges]) -> None:
    """Change role, team, manager, name or whether somebody works here. Refused: last_administrator, own_manager."""
    user = User.objects.select_related("role").get(pk=user_id)
    if changes.get("manager") == user_id:
        raise Refused("own_manager", "manager")
    managed = user.is_active and MANAGE_STAFF in user.role.permissions
    columns = {"team": "team_id", "role": "role_id", "manager": "manager_id"}
    done = _change(user, {columns.get(name, name): value for name, value in changes.items()})
    if not done:
        return
    if managed and {"role_id", "is_active"} & done.keys():
        _keep_an_administrator()
    if "team_id" in done:
        Membership.objects.create(user=user, team_id=user.team_id, recorded_at=at)
        Team.objects.filter(head=user).exclude(pk=user.team_id or 0).update(head=None)
    audit("change_user", about=("user", user_id), changes=done, by=by, at=at)


def _keep_an_administrator() -> None:
    roles = [
        pk for pk, permissions in Role.objects.values_list("pk", "permissions") if MANAGE_STAFF in permissions
    ]
    if not User.objects.filter(role__in=roles, is_active=True).exists():
        raise Refused("last_administrator", "role")


@transaction.atomic
def change_profile(user_id: int, *, at: datetime, by: int | None, **changes: Unpack[ProfileChanges]) -> None:
    """Change one's own name, language, time zone or theme."""
    user = User.objects.get(pk=user_id)
    done = _change(user, changes)
    if done:
        audit("change_profile", about=("user", user_id), changes=done, by=by, at=at)


def _change(user: User, changes: Mapping[str, object]) -> dict[str, list[object]]:
    before = {name: getattr(user, name) for name in changes}
    done = differences(before, changes)
    for name in done:
        setattr(user, name, changes[name])
    if done:
        user.save(update_fields=list(done))
    return done


@transaction.atomic
def set_password(user_id: int, password: str, *, at: datetime, by: int | None) -> None:
    """Set a password from the command line; raises ValidationError if it is weak. Ends all sign-ins of the user."""
    user = User.objects.get(pk=user_id)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit("set_password", about=("user", user_id), changes={}, by=by, at=at)
