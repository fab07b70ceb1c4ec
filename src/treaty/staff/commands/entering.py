"""Lets in whom the company's sign-in service names."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from treaty.staff.commands.auditing import audit
from treaty.staff.commands.refusals import Refused
from treaty.staff.commands.users import NewUser, add_user
from treaty.staff.models import Role, User


@transaction.atomic
def enter_by_service(email: str, *, name: str, join: Mapping[str, str], at: datetime) -> int:
    """Note that the service named an address as somebody's own; returns the user's id.

    `join` holds the key of a role for each mail domain whose people join at their first sign-in.
    Refused: unverified (no address), unknown, deactivated, unready (the role is gone).
    """
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("unverified", "email") from None
    user = _user(email)
    user_id = _joined(email, name, join, at) if user is None else user.pk
    if user is not None and not user.is_active:
        raise Refused("deactivated", "email")
    audit("enter_by_service", about=("user", user_id), changes={}, by=user_id, at=at)
    return user_id


def _user(email: str) -> User | None:
    """Whose address it is. Databases hold letters for equal that look alike; for a way in only A and a are."""
    found = User.objects.filter(email__iexact=email).first()
    if found and found.email.encode().lower() != email.encode().lower():
        raise Refused("unknown", "email")
    return found


def _joined(email: str, name: str, join: Mapping[str, str], at: datetime) -> int:
    role = join.get(email.rpartition("@")[2].lower())
    if role is None:
        raise Refused("unknown", "email")
    if not Role.objects.filter(key=role).exists():
        raise Refused("unready", "role", role=role)
    return add_user(NewUser(email, name, role), at=at, by=None)
