"""Invites people to work here; only the hash of an invitation's token is kept."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from treaty.staff.commands.auditing import Changes, audit
from treaty.staff.commands.refusals import Refused
from treaty.staff.commands.users import NewUser, add_user
from treaty.staff.models import Invitation, Role, User
from treaty.staff.queries import installation
from treaty.staff.queries.records import hashed

VALID_FOR = timedelta(days=7)


@transaction.atomic
def invite(email: str, *, name: str, role: int, team: int | None, at: datetime, by: int) -> str:
    """Invite somebody by mail, which replaces an older invitation; returns the link. Refused: email_taken."""
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("email_taken", "email", email=email)
    for older in Invitation.objects.filter(email=email, accepted_at__isnull=True, revoked_at__isnull=True):
        revoke_invitation(older.pk, at=at, by=by)
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        email=email,
        name=name.strip(),
        team_id=team,
        role=Role.objects.get(pk=role),
        token_hash=hashed(token),
        invited_by_id=by,
        invited_at=at,
        expires_at=at + VALID_FOR,
    )
    changes: Changes = {"email": [None, email], "role_id": [None, role], "team_id": [None, team]}
    audit("invite", about=("invitation", row.pk), changes=changes, by=by, at=at)
    link = urljoin(settings.PUBLIC_URL, reverse("staff:invitation", args=[token]))
    _send(row, link)
    return link


def _send(row: Invitation, link: str) -> None:
    told = {
        "company": installation().name,
        "inviter": row.invited_by.name if row.invited_by else "",
        "name": row.name,
        "link": link,
        "days": VALID_FOR.days,
    }
    subject = render_to_string("staff/mail/invitation_subject.txt", told).strip()
    send_mail(subject, render_to_string("staff/mail/invitation.txt", told), None, [row.email])


@transaction.atomic
def accept_invitation(token: str, *, name: str, password: str, at: datetime) -> int:
    """Join with the invited address; returns the new user's id. Refused: invitation_over, email_taken."""
    row = (
        Invitation.objects.select_related("role").filter(token_hash=hashed(token), expires_at__gt=at).first()
    )
    # One conditional update decides, so that of two who send the form at once only one joins.
    waiting = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    if row is None or not waiting.filter(pk=row.pk).update(accepted_at=at):
        raise Refused("invitation_over")
    new = NewUser(row.email, name, row.role.key, team=row.team_id, password=password)
    user_id = add_user(new, at=at, by=row.invited_by_id)
    changes: Changes = {"accepted_at": [None, at], "user_id": [None, user_id]}
    audit("accept_invitation", about=("invitation", row.pk), changes=changes, by=user_id, at=at)
    return user_id


@transaction.atomic
def revoke_invitation(invitation_id: int, *, at: datetime, by: int | None) -> None:
    """The link of an invitation that was not accepted stops to work."""
    waiting = Invitation.objects.filter(pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True)
    if waiting.update(revoked_at=at):
        changes = {"revoked_at": [None, at]}
        audit("revoke_invitation", about=("invitation", invitation_id), changes=changes, by=by, at=at)
