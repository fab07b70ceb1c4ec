"""Who is there, what they may do and whose records they see."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from treaty.kit.composed import Composed
from treaty.staff.models import Installation, Role, Team, User
from treaty.staff.rules import ALL, OWN, side_of


@dataclass(frozen=True, slots=True)
class InstallationRow:
    """The company that runs this installation; `guided_at` is when its first-run guide was finished."""

    name: str
    currency: str
    guided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the staff as others need to know them; `speaks` holds language codes."""

    id: int
    name: str
    email: str
    team_id: int | None
    side: str
    speaks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """A user as somebody to whom one writes: the address, and the language and zone to write in (may be empty)."""

    email: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A user as the settings show them."""

    id: int
    name: str
    email: str
    title: str
    team_id: int | None
    team: str
    side: str
    role_id: int
    role_key: str
    role: str
    visibility: str
    manager_id: int | None
    speaks: tuple[str, ...]
    is_active: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with its head and how many active members it has."""

    id: int
    name: str
    side: str
    head_id: int | None
    head: str
    members: int


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role: what its holders may do and see."""

    id: int
    key: str
    name: str
    permissions: tuple[str, ...]
    visibility: str
    holders: int


def installation() -> InstallationRow:
    """The installation; raises DoesNotExist before `treaty init`."""
    row = COMPANY.first(1)
    if row is None:
        raise Installation.DoesNotExist
    return InstallationRow(row.name, row.currency, row.guided_at)


COMPANY = Composed(lambda one: Installation.objects.filter(pk=one))


def has_second_factor(user_id: int) -> bool:
    """Whether a user signs in with a code besides the password."""
    return bool(is_mfa_enabled(User(pk=user_id)))


def has_users() -> bool:
    """Whether anybody can sign in yet."""
    return User.objects.exists()


def setup_code() -> str:
    """The code that lets the operator, who alone can read the secret key, make the first user in the browser."""
    return salted_hmac("treaty.staff.welcome", "first user", algorithm="sha256").hexdigest()[:24]


def first_run_address() -> str:
    """Where the operator's browser makes the first user; empty once there is one."""
    return "" if has_users() else f"{settings.PUBLIC_URL}/welcome/?code={setup_code()}"


def user_with_role(user_id: int) -> User | None:
    """A user with role and team, by id; it carries the name of the company, which every page says."""
    return WITH_ROLE.first(user_id)


def _with_role(user_id: int) -> "QuerySet[User]":
    company = Installation.objects.filter(pk=1).values("name")
    users = User.objects.select_related("role", "team").annotate(company_name=Subquery(company))
    return users.filter(pk=user_id)


WITH_ROLE = Composed(_with_role)


def company_name(user: User) -> str:
    """The company whose installation this is, by a user that may carry its name."""
    known = getattr(user, "company_name", None)
    return installation().name if known is None else str(known)


def user_by_email(email: str) -> User | None:
    """A user with role and team, by mail address in any case."""
    return User.objects.select_related("role", "team").filter(email__iexact=email.strip()).first()


def named_users() -> dict[str, int]:
    """The id of every user by mail address, and by name where nobody else has it, both folded in case."""
    rows = list(User.objects.values_list("email", "name", "id"))
    names = Counter(name.casefold() for _email, name, _user in rows)
    found = {name.casefold(): user for _email, name, user in rows if names[name.casefold()] == 1}
    return found | {email.casefold(): user for email, _name, user in rows}


def users_of_keys(keys: Collection[str]) -> dict[str, int]:
    """The ids of users another system knows, by external key."""
    found = User.objects.filter(external_key__in=list(keys)).values_list("external_key", "id")
    return {str(key): user for key, user in found}


def may(user: User | AnonymousUser, permission: str) -> bool:
    """Whether a signed-in user's role gives a permission."""
    return isinstance(user, User) and user.is_active and permission in user.role.permissions


def sight(user: User, owner_field: str = "owner") -> Q:
    """The condition on records that a user sees: all, the team's and nobody's, or the user's own."""
    if user.role.visibility == ALL:
        return Q()
    own = Q(**{owner_field: user.pk})
    if user.role.visibility == OWN:
        return own
    unowned = Q(**{f"{owner_field}__isnull": True})
    if user.team_id is None:
        return own | unowned
    return Q(**{f"{owner_field}__in": User.objects.filter(team_id=user.team_id).values("pk")}) | unowned


def side(user: User) -> str:
    """The side a user acts for: marketing, sales or both."""
    return side_of(user.role.key, user.team.side if user.team else None)


def team_of(user_id: int) -> int | None:
    """The team a user is in now."""
    return User.objects.filter(pk=user_id).values_list("team_id", flat=True).first()


def colleagues(team_id: int | None = None) -> list[Colleague]:
    """Active members of a team, or of all teams, by name."""
    users = User.objects.filter(is_active=True).select_related("role", "team").order_by("name", "id")
    if team_id is not None:
        users = users.filter(team_id=team_id)
    return [
        Colleague(user.pk, user.name, user.email, user.team_id, side(user), tuple(user.speaks))
        for user in users
    ]


def colleague_names() -> list[tuple[int, str]]:
    """Id and name of everybody who works here, by name: to choose from."""
    return COLLEAGUES.rows()


COLLEAGUES = Composed(
    lambda: User.objects.filter(is_active=True).order_by("name", "id").values_list("pk", "name"), places=""
)


def everybody() -> list[tuple[int, str, bool]]:
    """Id and name of everybody who works here, by name, and behind them of who worked here; and which of the two."""
    return EVERYBODY.rows()


EVERYBODY = Composed(
    lambda: User.objects.order_by("-is_active", "name", "id").values_list("pk", "name", "is_active"),
    places="",
)


def owners_asked(known: Iterable[tuple[int, str, bool]]) -> list[tuple[str, str]]:
    """Everybody whose rows one can ask for: who left may still own some, and is told apart."""
    left = gettext("%(name)s (left)")
    return [(str(one), name if is_active else left % {"name": name}) for one, name, is_active in known]


def owner_called(user: int) -> str:
    """What an owner is called among those to choose from, whoever left told apart."""
    return dict(owners_asked(everybody())).get(str(user), "")


def holders_of(permission: str, side_wanted: str | None = None) -> list[Colleague]:
    """Active users whose role gives a permission, of one side and those of both, or of all sides."""
    users = User.objects.filter(is_active=True, role__in=_roles_with(permission))
    ids = set(users.values_list("pk", flat=True))
    return [
        person
        for person in colleagues()
        if person.id in ids and (side_wanted is None or person.side in {side_wanted, "both"})
    ]


def _roles_with(permission: str) -> list[int]:
    return [
        pk for pk, permissions in Role.objects.values_list("pk", "permissions") if permission in permissions
    ]


def user_names(ids: Collection[int | None]) -> dict[int, str]:
    """The names of users by id."""
    wanted = {one for one in ids if one is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def readers(ids: Collection[int]) -> dict[int, Reader]:
    """Active users by id, as those to whom one writes."""
    users = User.objects.filter(pk__in=ids, is_active=True).values_list(
        "pk", "email", "language", "time_zone"
    )
    return {pk: Reader(email, language, zone) for pk, email, language, zone in users}


def staff(
    *, active: bool | None = None, team_id: int | None = None, role_id: int | None = None
) -> list[StaffRow]:
    """Users with team and role: those who work here first, by name."""
    users = _staff().order_by("-is_active", "name", "id")
    if active is not None:
        users = users.filter(is_active=active)
    if team_id is not None:
        users = users.filter(team_id=team_id)
    if role_id is not None:
        users = users.filter(role_id=role_id)
    return [_staff_row(user) for user in users]


def staff_row(user_id: int) -> StaffRow | None:
    """One user as the settings show them."""
    user = _staff().filter(pk=user_id).first()
    return _staff_row(user) if user else None


def _staff() -> "QuerySet[User]":
    return User.objects.select_related("role", "team")


def _staff_row(user: User) -> StaffRow:
    return StaffRow(
        id=user.pk,
        name=user.name,
        email=user.email,
        title=user.title,
        team_id=user.team_id,
        team=user.team.name if user.team else "",
        side=side(user),
        role_id=user.role_id,
        role_key=user.role.key,
        role=user.role.name,
        visibility=user.role.visibility,
        manager_id=user.manager_id,
        speaks=tuple(user.speaks),
        is_active=user.is_active,
        last_login=user.last_login,
    )


def teams() -> list[TeamRow]:
    """All teams, by side and name."""
    active = Count("members", filter=Q(members__is_active=True))
    rows = Team.objects.annotate(size=active, head_name=F("head__name")).order_by("side", "name", "id")
    return [TeamRow(row.pk, row.name, row.side, row.head_id, row.head_name or "", row.size) for row in rows]


def roles() -> list[RoleRow]:
    """All roles, in the order they were made."""
    rows = Role.objects.annotate(size=Count("holders", filter=Q(holders__is_active=True))).order_by("id")
    return [
        RoleRow(row.pk, row.key, row.name, tuple(row.permissions), row.visibility, row.size) for row in rows
    ]
