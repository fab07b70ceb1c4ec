"""Keys of the REST API, open invitations, and the audit."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, reduce
from operator import or_

from django.db.models import F, Q

from treaty.kit import sql
from treaty.kit.rows import Reading
from treaty.staff.models import ApiKey, AuditRow, Invitation, Role, Team, User
from treaty.staff.rules import KEY_MARK


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Who a token acts for, and within which scopes."""

    key_id: int
    user: User
    scopes: frozenset[str]
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as the settings show it: never the token, only its first letters."""

    id: int
    name: str
    owner: str
    owner_id: int
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that waits for its answer."""

    id: int
    email: str
    name: str
    team: str
    role_key: str
    role: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One change: who, when, what, about what, and each field with its value before and after."""

    id: int
    at: datetime
    by: str
    verb: str
    about_kind: str
    about_id: int | None
    changes: dict[str, list[object]]
    request_id: str


def hashed(token: str) -> str:
    """What is kept of a token: tokens are long and random, so a plain hash suffices and needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_owner(token: str, at: datetime) -> KeyOwner | None:
    """Whom a token of the REST API acts for; None if it is unknown, revoked, past, or its owner was deactivated."""
    if not token.startswith(KEY_MARK):
        return None
    found = sql.ask(_statement(), [hashed(token), sql.stamp(at)])
    if not found:
        return None
    known = _key_owner(found[0])
    return replace(known, user=USER.again(known.user))


KEY, USER, ROLE, TEAM = Reading(ApiKey), Reading(User), Reading(Role), Reading(Team)


@cache
def _statement() -> str:
    """Asked at every call of the REST API, therefore written out."""
    parts = ((KEY, "k"), (USER, "u"), (ROLE, "r"), (TEAM, "t"))
    return (
        f"SELECT {', '.join(reading.columns(table) for reading, table in parts)} FROM staff_apikey k"
        " JOIN staff_user u ON u.id = k.owner_id JOIN staff_role r ON r.id = u.role_id"
        " LEFT JOIN staff_team t ON t.id = u.team_id"
        " WHERE k.key_hash = %s AND (k.expires_at IS NULL OR k.expires_at > %s) AND k.revoked_at IS NULL AND u.is_active"
    )


@lru_cache(maxsize=200)
def _key_owner(read: tuple[object, ...]) -> KeyOwner:
    """The key, its owner with role and team, as one row holds them one after the other; made once of equal rows."""
    rest = iter(read)
    key = KEY.row([next(rest) for _ in KEY.names])
    user = USER.row([next(rest) for _ in USER.names])
    user.role = ROLE.row([next(rest) for _ in ROLE.names])
    user.team = TEAM.row(list(rest)) if user.team_id else None
    return KeyOwner(key.pk, user, frozenset(key.scopes), key.last_used_at)


def issued_keys(owner_id: int | None = None) -> list[KeyRow]:
    """Keys of one owner or of all: those in use first, newest first."""
    rows = ApiKey.objects.select_related("owner").order_by(F("revoked_at").asc(nulls_first=True), "-id")
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return [
        KeyRow(
            id=row.pk,
            name=row.name,
            owner=row.owner.name,
            owner_id=row.owner_id,
            prefix=row.prefix,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    ]


def open_invitations(at: datetime) -> list[Offer]:
    """Invitations that can still be accepted, newest first."""
    rows = Invitation.objects.filter(expires_at__gt=at, accepted_at__isnull=True, revoked_at__isnull=True)
    return [_offer(row) for row in rows.select_related("team", "role", "invited_by").order_by("-id")]


def invitation_of(token: str, at: datetime) -> Offer | None:
    """The open invitation of a token."""
    row = (
        Invitation.objects.filter(expires_at__gt=at, accepted_at__isnull=True, revoked_at__isnull=True)
        .select_related("team", "role", "invited_by")
        .filter(token_hash=hashed(token))
        .first()
    )
    return _offer(row) if row else None


def _offer(row: Invitation) -> Offer:
    return Offer(
        id=row.pk,
        email=row.email,
        name=row.name,
        team=row.team.name if row.team else "",
        role_key=row.role.key,
        role=row.role.name,
        invited_by=row.invited_by.name if row.invited_by else "",
        invited_at=row.invited_at,
        expires_at=row.expires_at,
    )


def audit_lines(
    *,
    kind: str = "",
    about: tuple[str, Collection[int]] | None = None,
    by: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[AuditLine]:
    """Changes, newest first, from before an id on: of one kind of record or some of its ids, by one user, or all."""
    rows = AuditRow.objects.select_related("by").order_by("-id")
    if about is not None:
        rows = rows.filter(about_kind=about[0], about_id__in=about[1])
    if kind:
        rows = rows.filter(about_kind=kind)
    if by is not None:
        rows = rows.filter(by_id=by)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [
        AuditLine(
            id=row.pk,
            at=row.at,
            by=row.by.name if row.by else "",
            verb=row.verb,
            about_kind=row.about_kind,
            about_id=row.about_id,
            changes=row.changes,
            request_id=row.request_id,
        )
        for row in rows[:limit]
    ]


def names_told(about: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What the audit's own lines call things: the last name, else the mail address, that they tell of each."""
    ids: dict[str, set[int]] = defaultdict(set)
    for one, number in about:
        ids[one].add(number)
    wanted = reduce(or_, (Q(about_kind=kind, about_id__in=those) for kind, those in ids.items()))
    rows = AuditRow.objects.filter(wanted, changes__has_any_keys=["name", "email"]).order_by("id")
    told: dict[tuple[str, int], str] = {}
    for kind, pk, changes in rows.values_list("about_kind", "about_id", "changes"):
        before, after = changes.get("name") or changes["email"]
        if name := after or before:
            told[kind, int(str(pk))] = str(name)
    return told


def audited(kind: str, ids: Collection[int]) -> set[int]:
    """Of some records of a kind those that the audit tells about: somebody changed them by hand, or over the API."""
    found = AuditRow.objects.filter(about_kind=kind, about_id__in=ids).values_list("about_id", flat=True)
    return {one for one in found if one is not None}


def audit_kinds() -> list[str]:
    """The kinds of records that the audit tells about."""
    return list(AuditRow.objects.order_by("about_kind").values_list("about_kind", flat=True).distinct())
