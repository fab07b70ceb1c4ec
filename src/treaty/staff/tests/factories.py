"""The cast of every test: who works here."""

from datetime import UTC, datetime
from typing import Any

from treaty.staff import commands, queries
from treaty.staff.models import Installation, Role, Team, User

SINCE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""When the company of the tests began: a Monday."""

PASSWORD = "correct horse battery staple"


def company(at: datetime = SINCE) -> None:
    """An installation as `treaty init` leaves it, unless there is one."""
    if not Installation.objects.exists():
        commands.prepare(at=at, name="Kestrel Instruments")


def team(name: str, side: str = "sales") -> Team:
    """A team, made where it is missing."""
    company()
    return Team.objects.filter(name=name).first() or Team.objects.get(
        pk=commands.add_team(name, side=side, at=SINCE, by=None)
    )


def role(key: str) -> Role:
    """A starter role."""
    company()
    return Role.objects.get(key=key)


def user(name: str, role_key: str = "representative", in_team: Team | None = None, **more: Any) -> User:
    """A user with that first name, fetched with role and team; made where missing."""
    company()
    email = f"{name.lower().replace(' ', '.')}@kestrel.example"
    found = queries.user_by_email(email)
    if found is None:
        draft = commands.NewUser(
            email, name, role_key, team=in_team.pk if in_team else None, password=PASSWORD, **more
        )
        found = queries.user_with_role(commands.add_user(draft, at=SINCE, by=None))
    assert found is not None
    return found


def ann() -> User:
    """The representative."""
    return user("Ann", "representative", team("Sales"))


def bo() -> User:
    """Ann's team-mate."""
    return user("Bo", "representative", team("Sales"))


def cy() -> User:
    """A stranger from another sales team."""
    return user("Cy", "representative", team("Sales abroad"))


def lea() -> User:
    """The lead of Ann's and Bo's team, who sees what the team sees."""
    return user("Lea", "team_lead", team("Sales"))


def mia() -> User:
    """The marketer."""
    return user("Mia", "marketer", team("Marketing", "marketing"))


def head_of_sales() -> User:
    """Signs for sales."""
    return user("Saul", "head_of_sales", team("Sales"))


def head_of_marketing() -> User:
    """Signs for marketing."""
    return user("Mara", "head_of_marketing", team("Marketing", "marketing"))


def admin() -> User:
    """Runs the installation."""
    return user("Ada", "administrator")
