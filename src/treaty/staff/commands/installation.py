"""Makes an empty installation ready, and changes what it says of the company."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from treaty.kit.rules.money import decimals
from treaty.staff.commands.auditing import audit, differences
from treaty.staff.commands.hours import Times, set_schedule
from treaty.staff.commands.refusals import Refused
from treaty.staff.commands.users import NewUser, add_user
from treaty.staff.models import Installation, Role, Schedule, Team, User
from treaty.staff.rules import COMPANY, MARKETING, SALES, STARTER_ROLES

NINE_TO_FIVE = tuple((weekday, 9 * 60, 17 * 60) for weekday in range(5))


@transaction.atomic
def prepare(*, at: datetime, name: str = "", currency: str = "EUR") -> None:
    """What `treaty init` makes: roles, the two teams, the company's row and hours. Doing it again changes nothing."""
    Installation.objects.get_or_create(
        pk=1, defaults={"name": name or "Treaty", "currency": currency, "created_at": at}
    )
    for role in STARTER_ROLES:
        values = {"name": role.name, "permissions": list(role.permissions), "visibility": role.visibility}
        Role.objects.get_or_create(key=role.key, defaults=values)
    if not Team.objects.exists():
        Team.objects.create(name="Marketing", side=MARKETING)
        Team.objects.create(name="Sales", side=SALES)
    if not Schedule.objects.filter(scope=COMPANY).exists():
        set_schedule(COMPANY, 0, times=Times(settings.TIME_ZONE, NINE_TO_FIVE), at=at, by=None)


@transaction.atomic
def set_installation(*, name: str, currency: str, at: datetime, by: int | None) -> None:
    """Name the company and its currency (ISO 4217). Refused: name_missing, currency_unknown."""
    row = Installation.objects.get(pk=1)
    after = {"name": name.strip(), "currency": currency.strip().upper()}
    if not after["name"]:
        raise Refused("name_missing", "name")
    try:
        decimals(after["currency"])
    except ValueError as unknown:
        raise Refused("currency_unknown", "currency", currency=currency) from unknown
    done = differences({"name": row.name, "currency": row.currency}, after)
    if done:
        Installation.objects.filter(pk=1).update(**after)
        audit("set_installation", about=("installation", 1), changes=done, by=by, at=at)


@transaction.atomic
def add_first_user(email: str, *, name: str, password: str, at: datetime) -> int:
    """Make the first administrator; refused (not_the_first) as soon as there is any user."""
    if User.objects.exists():
        raise Refused("not_the_first")
    return add_user(NewUser(email, name, "administrator", password=password), at=at, by=None)


@transaction.atomic
def begin(*, company: str, currency: str, first: NewUser, at: datetime) -> int:
    """The first run in the browser: names the company, makes the first user, returns the id. Refused: not_the_first."""
    prepare(at=at, name=company)
    user_id = add_first_user(first.email, name=first.name, password=first.password, at=at)
    set_installation(name=company, currency=currency, at=at, by=user_id)
    return user_id


@transaction.atomic
def finish_guide(*, at: datetime, by: int | None) -> None:
    """The first-run guide is done; it is not shown again."""
    if Installation.objects.filter(pk=1, guided_at__isnull=True).update(guided_at=at):
        audit("finish_guide", about=("installation", 1), changes={}, by=by, at=at)
