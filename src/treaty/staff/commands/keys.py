"""Issues and revokes keys of the REST API."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from treaty.staff.commands.auditing import Changes, audit
from treaty.staff.commands.refusals import Refused
from treaty.staff.models import ApiKey
from treaty.staff.queries.records import hashed
from treaty.staff.rules import KEY_MARK, SCOPES

NOTED_EVERY = timedelta(minutes=5)
"""How exactly the last use of a key is known: a write for each request would cost more than the request."""


@transaction.atomic
def issue_key(
    name: str,
    *,
    owner: int,
    scopes: Collection[str],
    at: datetime,
    by: int | None,
    expires_at: datetime | None = None,
) -> str:
    """Make a key that acts as its owner within its scopes; returns the token, which is nowhere kept."""
    name = name.strip()
    if not name:
        raise Refused("name_missing", "name")
    if not scopes:
        raise Refused("scope_missing", "scopes")
    if unknown := set(scopes) - set(SCOPES):
        raise Refused("scope_unknown", "scopes", scope=min(unknown))
    if expires_at is not None and expires_at <= at:
        raise Refused("expires_in_the_past", "expires")
    token = KEY_MARK + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        owner_id=owner,
        prefix=token[: len(KEY_MARK) + 4],
        key_hash=hashed(token),
        scopes=[scope for scope in SCOPES if scope in scopes],
        created_at=at,
        expires_at=expires_at,
    )
    changes: Changes = {"name": [None, name], "owner": [None, owner], "scopes": [None, key.scopes]}
    audit("issue_key", about=("key", key.pk), changes=changes, by=by, at=at)
    return token


@transaction.atomic
def revoke_key(key_id: int, *, at: datetime, by: int | None) -> None:
    """A key stops to work at once; revoking it again changes nothing."""
    if ApiKey.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=at):
        audit("revoke_key", about=("key", key_id), changes={"revoked_at": [None, at]}, by=by, at=at)


def note_use(key_id: int, *, at: datetime) -> None:
    """Remember when a key was last used, to within five minutes."""
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - NOTED_EVERY)
    ApiKey.objects.filter(long_ago, pk=key_id).update(last_used_at=at)
