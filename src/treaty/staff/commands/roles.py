"""Adds, changes and deletes roles: what their holders may do, and whose records they see."""

from collections.abc import Collection
from datetime import datetime
from itertools import count

from django.db import transaction
from django.utils.text import slugify

from treaty.staff.commands.auditing import audit, differences
from treaty.staff.commands.refusals import Refused
from treaty.staff.models import Invitation, Role, User
from treaty.staff.rules import MANAGE_STAFF, PERMISSIONS, STARTER_KEYS, VISIBILITIES


@transaction.atomic
def add_role(
    name: str, *, permissions: Collection[str], visibility: str, at: datetime, by: int | None
) -> int:
    """Add a role; returns its id. Refused: name_missing, role_name_taken, visibility_unknown, permission_unknown."""
    values = {"name": _free_name(name, 0), **_rights(permissions, visibility)}
    role = Role.objects.create(key=_free_key(name), **values)
    audit("add_role", about=("role", role.pk), changes=differences({}, values), by=by, at=at)
    return role.pk


@transaction.atomic
def change_role(
    role_id: int,
    *,
    permissions: Collection[str],
    visibility: str,
    name: str = "",
    at: datetime,
    by: int | None,
) -> None:
    """Change what a role's holders may do and see, and how a role of one's own is called.

    A starter role keeps its name, which every reader sees in their language.
    Refused: role_name_taken, visibility_unknown, permission_unknown, last_administrator.
    """
    role = Role.objects.get(pk=role_id)
    after = _rights(permissions, visibility)
    if role.key == "administrator" and MANAGE_STAFF not in permissions:
        raise Refused("last_administrator", "permissions")
    if name and role.key not in STARTER_KEYS:
        after["name"] = _free_name(name, role_id)
    done = differences({field: getattr(role, field) for field in after}, after)
    if done:
        Role.objects.filter(pk=role_id).update(**after)
        audit("change_role", about=("role", role_id), changes=done, by=by, at=at)


@transaction.atomic
def delete_role(role_id: int, *, at: datetime, by: int | None) -> None:
    """Delete a role that nobody holds and nobody is invited to. Refused: role_starter, role_held, role_invited."""
    role = Role.objects.get(pk=role_id)
    if role.key in STARTER_KEYS:
        raise Refused("role_starter")
    if User.objects.filter(role=role).exists():
        raise Refused("role_held")
    waiting = Invitation.objects.filter(role=role, accepted_at__isnull=True, revoked_at__isnull=True)
    if waiting.filter(expires_at__gt=at).exists():
        raise Refused("role_invited")
    gone = {"name": [role.name, None], "visibility": [role.visibility, None]}
    changes = {**gone, "permissions": [role.permissions, None]}
    role.delete()
    audit("delete_role", about=("role", role_id), changes=changes, by=by, at=at)


def _rights(permissions: Collection[str], visibility: str) -> dict[str, object]:
    if visibility not in VISIBILITIES:
        raise Refused("visibility_unknown", "visibility", visibility=visibility)
    if unknown := set(permissions) - set(PERMISSIONS):
        raise Refused("permission_unknown", "permissions", permission=min(unknown))
    return {"permissions": [one for one in PERMISSIONS if one in permissions], "visibility": visibility}


def _free_name(name: str, own_id: int) -> str:
    name = name.strip()
    if not name:
        raise Refused("name_missing", "name")
    if Role.objects.filter(name__iexact=name).exclude(pk=own_id).exists():
        raise Refused("role_name_taken", "name", name=name)
    return name


def _free_key(name: str) -> str:
    """A key made of the name, which no role has and no starter role may ever have."""
    stem = f"own-{slugify(name)}"[:36].rstrip("-")
    taken = set(Role.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(
        key for number in count(1) if (key := stem if number == 1 else f"{stem}-{number}") not in taken
    )
