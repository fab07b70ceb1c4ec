"""Users, teams, roles and invitations: the rows, the audit, and what is refused."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from treaty.staff import commands, queries
from treaty.staff.models import AuditRow, Invitation, Role, Team, User
from treaty.staff.rules import MANAGE_STAFF, PERMISSIONS, SEE_PEOPLE, SIGN_AGREEMENT
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

HERE = "django.core.mail.backends.locmem.EmailBackend"


def last_line() -> AuditRow:
    return AuditRow.objects.order_by("-id")[0]


def test_preparing_twice_makes_one_company_two_teams_and_the_starter_roles(now: datetime) -> None:
    commands.prepare(at=now, name="Kestrel Instruments")
    commands.prepare(at=now + timedelta(days=1), name="Another")
    assert queries.installation().name == "Kestrel Instruments"
    assert sorted(Team.objects.values_list("name", "side")) == [
        ("Marketing", "marketing"),
        ("Sales", "sales"),
    ]
    assert Role.objects.count() == 7
    assert queries.company_calendar(now).shifts[0].start == 9 * 60


def test_adding_a_user_leaves_the_user_and_an_audit_line_without_the_password(now: datetime) -> None:
    factories.company()
    new = commands.NewUser("Pia@Kestrel.example", "Pia", "marketer", password=factories.PASSWORD)
    user = User.objects.get(pk=commands.add_user(new, at=now, by=None))
    assert (user.email, user.name, user.check_password(factories.PASSWORD)) == (
        "pia@kestrel.example",
        "Pia",
        True,
    )
    line = last_line()
    assert (line.verb, line.about_kind, line.about_id) == ("add_user", "user", user.pk)
    assert "password" not in line.changes
    assert line.changes["email"] == [None, "pia@kestrel.example"]


def test_an_address_works_here_once_whatever_its_case(now: datetime) -> None:
    factories.ann()
    with pytest.raises(commands.Refused, match="email_taken"):
        commands.add_user(commands.NewUser("ANN@kestrel.example", "Ann", "marketer"), at=now, by=None)


def test_a_weak_password_is_refused_and_leaves_nobody(now: datetime) -> None:
    factories.company()
    with pytest.raises(ValidationError):
        commands.add_user(
            commands.NewUser("x@kestrel.example", "X", "marketer", password="1234"), at=now, by=None
        )
    assert not queries.has_users()


def test_changing_the_role_tells_before_and_after(now: datetime) -> None:
    ann, admin = factories.ann(), factories.admin()
    lead = factories.role("team_lead").pk
    commands.change_user(ann.pk, at=now, by=admin.pk, role=lead, title="Lead")
    line = last_line()
    assert line.changes == {"role_id": [ann.role_id, lead], "title": ["", "Lead"]}
    assert (line.by_id, line.at) == (admin.pk, now)


def test_changing_nothing_writes_nothing(now: datetime) -> None:
    ann = factories.ann()
    before = AuditRow.objects.count()
    commands.change_user(ann.pk, at=now, by=None, name="Ann")
    assert AuditRow.objects.count() == before


def test_the_last_who_manages_staff_stays(now: datetime) -> None:
    admin, role = factories.admin(), factories.role("marketer").pk
    with pytest.raises(commands.Refused, match="last_administrator"):
        commands.change_user(admin.pk, at=now, by=admin.pk, role=role)
    with pytest.raises(commands.Refused, match="last_administrator"):
        commands.change_user(admin.pk, at=now, by=admin.pk, is_active=False)
    assert queries.may(User.objects.get(pk=admin.pk), MANAGE_STAFF)


@pytest.mark.parametrize(
    ("name", "rights", "refusal"),
    [
        (" ", {"visibility": "own", "permissions": []}, "name_missing"),
        ("marketer", {"visibility": "own", "permissions": []}, "role_name_taken"),
        ("Support", {"visibility": "planet", "permissions": []}, "visibility_unknown"),
        ("Support", {"visibility": "own", "permissions": ["fly"]}, "permission_unknown"),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    name: str, rights: dict[str, Any], refusal: str, now: datetime
) -> None:
    factories.company()
    with pytest.raises(commands.Refused) as refused:
        commands.add_role(name, **rights, at=now, by=None)
    assert refused.value.code == refusal


def test_roles_named_alike_in_any_script_have_keys_of_their_own(now: datetime) -> None:
    factories.company()
    names = ("Onlooker!", "onlooker?", "支援", "客服", "A" * 80)
    for name in names:
        commands.add_role(name, visibility="own", permissions=["see_people"], at=now, by=None)
    assert {role.name for role in queries.roles()} >= set(names)
    assert len({role.key for role in queries.roles()}) == len(queries.roles())


def test_a_role_somebody_is_invited_to_stays_until_the_invitation_is_over(now: datetime) -> None:
    admin = factories.admin()
    role = commands.add_role("Support", visibility="own", permissions=[], at=now, by=admin.pk)
    commands.invite("new@x.example", name="New", role=role, team=None, at=now, by=admin.pk)
    with pytest.raises(commands.Refused, match="role_invited"):
        commands.delete_role(role, at=now, by=admin.pk)
    commands.delete_role(role, at=now + timedelta(days=8), by=admin.pk)
    [line] = queries.audit_lines(kind="role", limit=1)
    assert (line.verb, line.about_id, line.changes["name"]) == ("delete_role", role, ["Support", None])


def test_a_head_is_a_member_and_stops_to_be_head_when_leaving(now: datetime) -> None:
    ann, cy = factories.ann(), factories.cy()
    sales = ann.team_id or 0
    with pytest.raises(commands.Refused, match="head_not_a_member"):
        commands.change_team(sales, name="Sales", side="sales", head=cy.pk, at=now, by=None)
    commands.change_team(sales, name="Sales", side="sales", head=ann.pk, at=now, by=None)
    commands.change_user(ann.pk, at=now, by=None, team=cy.team_id)
    assert Team.objects.get(pk=sales).head is None


def test_a_deactivated_user_may_nothing(now: datetime) -> None:
    ann = factories.ann()
    assert queries.may(ann, SEE_PEOPLE)
    commands.change_user(ann.pk, at=now, by=None, is_active=False)
    assert not queries.may(User.objects.get(pk=ann.pk), SEE_PEOPLE)
    assert ann.pk not in {one.id for one in queries.colleagues()}


# product.md: representatives see their own, leads their team's and unowned, heads and marketers all.
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("ann", {"Ann"}),
        ("cy", {"Cy"}),
        ("lea", {"Ann", "Bo", "Nobody"}),
        ("mia", {"Ann", "Bo", "Cy", "Nobody"}),
        ("head_of_sales", {"Ann", "Bo", "Cy", "Nobody"}),
        ("admin", {"Ann", "Bo", "Cy", "Nobody"}),
    ],
)
def test_each_role_sees_the_records_it_should(who: str, sees: set[str]) -> None:
    # Invitations stand for records that have an owner: the one who invited.
    owners = {"Ann": factories.ann(), "Bo": factories.bo(), "Cy": factories.cy(), "Nobody": None}
    for name, owner in owners.items():
        Invitation.objects.create(
            email="x@kestrel.example",
            name=name,
            role=factories.role("marketer"),
            token_hash=name,
            invited_by=owner,
            invited_at=factories.SINCE,
            expires_at=factories.SINCE,
        )
    user = getattr(factories, who)()
    found = Invitation.objects.filter(queries.sight(user, "invited_by"))
    assert set(found.values_list("name", flat=True)) == sees


def test_the_administrator_may_everything_and_a_representative_signs_nothing() -> None:
    admin, ann = factories.admin(), factories.ann()
    assert all(queries.may(admin, permission) for permission in PERMISSIONS)
    assert not queries.may(ann, SIGN_AGREEMENT)
    assert {one.name for one in queries.holders_of(SIGN_AGREEMENT, "sales")} == {"Ada"}


def test_an_invitation_is_mailed_and_accepted_once(now: datetime, settings: Settings) -> None:
    settings.EMAIL_BACKEND = HERE
    admin, team = factories.admin(), factories.team("Sales")
    role = factories.role("representative").pk
    link = commands.invite("New@x.example", name="New", role=role, team=team.pk, at=now, by=admin.pk)
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["new@x.example"]
    token = re.findall(r"/invitation/([^/]+)/", link)[0]
    assert token not in str(Invitation.objects.values_list()), "only the hash is kept"
    user_id = commands.accept_invitation(token, name="Newt", password=factories.PASSWORD, at=now)
    user = User.objects.get(pk=user_id)
    assert (user.name, user.team_id, user.role.key) == ("Newt", team.pk, "representative")
    with pytest.raises(commands.Refused, match="invitation_over"):
        commands.accept_invitation(token, name="Newt", password=factories.PASSWORD, at=now)


@pytest.mark.parametrize("end", ["revoked", "late", "replaced"])
def test_an_ended_invitation_lets_nobody_in(end: str, now: datetime, settings: Settings) -> None:
    settings.EMAIL_BACKEND = HERE
    admin, role = factories.admin(), factories.role("marketer").pk
    link = commands.invite("new@x.example", name="New", role=role, team=None, at=now, by=admin.pk)
    if end == "revoked":
        commands.revoke_invitation(Invitation.objects.get().pk, at=now, by=admin.pk)
    if end == "replaced":
        commands.invite("new@x.example", name="New", role=role, team=None, at=now, by=admin.pk)
    at = now + timedelta(days=7) if end == "late" else now
    with pytest.raises(commands.Refused, match="invitation_over"):
        commands.accept_invitation(link.split("/")[-2], name="New", password=factories.PASSWORD, at=at)


def test_the_audit_can_be_neither_changed_nor_deleted(now: datetime) -> None:
    factories.ann()
    for statement in ("UPDATE staff_auditrow SET verb = 'x'", "DELETE FROM staff_auditrow"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_key_acts_for_its_owner_until_it_is_revoked_or_over(now: datetime) -> None:
    admin = factories.admin()
    ends = now + timedelta(days=2)
    token = commands.issue_key(
        "site", owner=admin.pk, scopes=["people:read"], at=now, by=admin.pk, expires_at=ends
    )
    owner = queries.key_owner(token, now)
    assert owner is not None
    assert (owner.user, owner.scopes) == (admin, frozenset({"people:read"}))
    assert token not in str(queries.issued_keys()), "the token is nowhere kept"
    assert queries.key_owner(token + "x", now) is None
    assert queries.key_owner(token, now + timedelta(days=2)) is None
    commands.revoke_key(owner.key_id, at=now, by=admin.pk)
    assert queries.key_owner(token, now) is None


def test_a_key_of_somebody_who_left_stops_to_work(now: datetime) -> None:
    factories.admin()
    ann = factories.ann()
    token = commands.issue_key("mine", owner=ann.pk, scopes=["people:read"], at=now, by=ann.pk)
    commands.change_user(ann.pk, at=now, by=None, is_active=False)
    assert queries.key_owner(token, now) is None


def test_the_last_use_of_a_key_is_noted_every_five_minutes(now: datetime) -> None:
    ann = factories.ann()
    token = commands.issue_key("mine", owner=ann.pk, scopes=["people:read"], at=now, by=ann.pk)
    owner = queries.key_owner(token, now)
    assert owner is not None
    for minutes in (0, 4):
        commands.note_use(owner.key_id, at=now + timedelta(minutes=minutes))
    assert queries.issued_keys()[0].last_used_at == now
    commands.note_use(owner.key_id, at=now + timedelta(minutes=6))
    assert queries.issued_keys()[0].last_used_at == now + timedelta(minutes=6)
