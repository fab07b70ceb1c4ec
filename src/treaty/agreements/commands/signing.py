"""Verbs of both sides: sign a hash, decline, withdraw; and the coming into force."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from treaty.agreements import queries
from treaty.agreements.commands.refusals import Refused
from treaty.agreements.facts import VersionDeclined, VersionInForce, VersionSigned, VersionWithdrawn
from treaty.agreements.models import Signature, Version
from treaty.agreements.rules import OPEN, Document, State
from treaty.ledger.commands import record
from treaty.ledger.facts import about_version
from treaty.notices.commands import tell
from treaty.scoring.commands import adopt_model
from treaty.staff import queries as staff
from treaty.staff.rules import BOTH, DRAFT_AGREEMENT, MARKETING, SALES, SIGN_AGREEMENT

SIGNABLE = (State.PROPOSED, State.SIGNED_ONE)


@transaction.atomic
def sign(version_id: int, *, sha256: str, side: str, at: datetime, by: int) -> None:
    """Sign exactly the hash that was shown, for one side. The last signature sets when the version begins.

    The caller has made sure that the signer has just signed in again. Raises Refused.
    """
    user = _signer(by, side)
    # The first write takes the row, so that two sides signing at once see each other's signature.
    if not Version.objects.filter(pk=version_id, state__in=SIGNABLE).update(changed_at=at):
        raise Refused("not_signable")
    row = Version.objects.get(pk=version_id)
    if row.sha256 != sha256:
        raise Refused("another_text")
    signed = dict(row.signatures.values_list("side", "user"))
    if side in signed:
        raise Refused("signed_already", side=side)
    if by in signed.values():
        raise Refused("one_person_one_side")
    Signature.objects.create(
        version=row,
        side=side,
        user_id=by,
        name=user.name,
        name_local=user.name_local,
        role=user.title or user.role.name,
        sha256=sha256,
        signed_at=at,
        zone=user.time_zone or timezone.get_default_timezone_name(),
    )
    record(VersionSigned(row.number, sha256, side, user.role.key), about=about_version(row.pk), at=at, by=by)
    if signed:
        _close(row, at)
    else:
        Version.objects.filter(pk=row.pk).update(state=State.SIGNED_ONE)


def begin_due(at: datetime) -> list[int]:
    """Put into force what both sides signed and whose time has come; returns the numbers, in their order."""
    due = Version.objects.filter(in_force_from__lte=at, began_at__isnull=True).order_by("in_force_from")
    return [row.number for row in due if _begin(row, at)]


@transaction.atomic
def decline(version_id: int, *, side: str, reason: str, at: datetime, by: int) -> None:
    """One side declines a proposed version, with a reason. Raises Refused."""
    _signer(by, side)
    if not reason.strip():
        raise Refused("no_reason")
    _end(version_id, State.DECLINED, SIGNABLE, reason=reason.strip(), at=at)
    row = Version.objects.get(pk=version_id)
    record(VersionDeclined(row.number, side), about=about_version(row.pk), at=at, by=by, text=row.reason)
    values = {"number": row.number, "by": staff.user_names([by])[by]}
    drafters = [row.drafted_by_id] if row.drafted_by_id and row.drafted_by_id != by else []
    tell(
        drafters,
        kind="version_declined",
        key=f"version-declined:{row.pk}",
        values=values,
        url=f"/agreement/versions/{row.number}/",
        at=at,
    )


@transaction.atomic
def withdraw(version_id: int, *, at: datetime, by: int) -> None:
    """Take back a version that not both sides have signed. Raises Refused."""
    if not staff.may(_user(by), DRAFT_AGREEMENT):
        raise Refused("may_not_draft")
    _end(version_id, State.WITHDRAWN, OPEN, reason="", at=at)
    number = Version.objects.values_list("number", flat=True).get(pk=version_id)
    record(VersionWithdrawn(number), about=about_version(version_id), at=at, by=by)


def _user(user_id: int) -> "staff.User":
    user = staff.user_with_role(user_id)
    if user is None:
        raise Refused("no_such_user")
    return user


def _signer(by: int, side: str) -> "staff.User":
    """The user, who may act for the side."""
    user = _user(by)
    if not staff.may(user, SIGN_AGREEMENT):
        raise Refused("may_not_sign")
    if side not in {MARKETING, SALES} or staff.side(user) not in {side, BOTH}:
        raise Refused("not_your_side", side=side)
    return user


def _close(row: Version, at: datetime) -> None:
    """Both sides have signed: the version begins on its date, but never before this last signature."""
    wanted = Document.model_validate(row.document).begins_at
    begins = max(wanted, at) if wanted else at
    if Version.objects.filter(in_force_from=begins).exists():
        raise Refused("begins_with_another", begins=begins)
    Version.objects.filter(pk=row.pk).update(state=State.SIGNED, signed_at=at, in_force_from=begins)
    if begins <= at:
        begin_due(at)


@transaction.atomic
def _begin(row: Version, at: datetime) -> bool:
    """Claim one beginning; False where another process did it."""
    if row.in_force_from is None or not Version.objects.filter(pk=row.pk, began_at__isnull=True).update(
        began_at=at
    ):
        return False
    record(VersionInForce(row.number), about=about_version(row.pk), at=row.in_force_from)
    current = queries.in_force(at)
    if current is not None and current.id == row.pk:
        adopt_model(current.document.scoring, version=row.pk, at=at)
    tell(
        [person.id for person in staff.colleagues()],
        kind="version_in_force",
        key=f"version-in-force:{row.pk}",
        values={"number": row.number, "since_at": row.in_force_from.isoformat()},
        url="/agreement/",
        at=at,
    )
    return True


def _end(version_id: int, state: State, allowed: tuple[State, ...], *, reason: str, at: datetime) -> None:
    ended = Version.objects.filter(pk=version_id, state__in=allowed).update(
        state=state, ended_at=at, changed_at=at, reason=reason
    )
    if not ended:
        raise Refused("too_late")
