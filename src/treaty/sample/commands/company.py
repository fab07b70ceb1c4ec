"""Founds the sample company: its name, hours, teams, staff and the companies that buy from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from treaty.people.commands import add_companies
from treaty.people.rules import CompanyDraft
from treaty.sample.rules.names import PEOPLES
from treaty.staff import commands as staff
from treaty.staff.queries import hours, teams

NAME = "Kestrel Instruments"
ZONE = "Europe/Warsaw"
NINE_TO_FIVE = tuple((day, 9 * 60, 17 * 60) for day in range(5))
SECTORS = ("food", "chemistry", "water", "energy", "metal")
SIZES = (12, 60, 140, 260, 900)


@dataclass(frozen=True, slots=True)
class Company:
    """Who plays: ids of the staff by the first part of their address, and of the two teams."""

    users: Mapping[str, int]
    marketing: int
    sales: int

    @property
    def representatives(self) -> tuple[int, ...]:
        """Those who take leads."""
        return tuple(self.users[name] for name in REPRESENTATIVES)


REPRESENTATIVES = ("zofia", "kenji", "dmitri", "amira", "li")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the sample staff."""

    key: str
    name: str
    role: str
    side: str
    title: str
    name_local: str = ""
    speaks: tuple[str, ...] = ("en",)


STAFF = (
    Member("oksana", "Oksana Kovalenko", "administrator", "", "Head of operations"),
    Member(
        "layla",
        "Layla Haddad",
        "head_of_marketing",
        "marketing",
        "Head of Marketing",
        "ليلى حدّاد",
        ("en", "ar"),
    ),
    Member("mia", "Mia Lindqvist", "marketer", "marketing", "Demand generation"),
    Member("tomasz", "Tomasz Zieliński", "head_of_sales", "sales", "Head of Sales", "", ("en", "pl")),
    Member("zofia", "Zofia Wiśniewska", "representative", "sales", "Sales, Central Europe", "", ("en", "pl")),
    Member("kenji", "Watanabe Kenji", "representative", "sales", "Sales, Japan", "渡辺 健司", ("en", "ja")),
    Member(
        "dmitri",
        "Dmitri Orlov",
        "representative",
        "sales",
        "Sales, Central Asia",
        "Дмитрий Орлов",
        ("en", "ru"),
    ),
    Member("amira", "Amira Benali", "representative", "sales", "Sales, Gulf", "أميرة بن علي", ("en", "ar")),
    Member("li", "Li Wei", "representative", "sales", "Sales, China", "李伟", ("en", "zh-hans")),
)


def found_company(*, at: datetime, password: str) -> Company:
    """Name the company, hire its staff, state its hours; everybody's password is the same."""
    staff.set_installation(name=NAME, currency="EUR", at=at, by=None)
    state_hours(at=at)
    sides = {team.side: team for team in teams()}
    new = [
        staff.NewUser(
            email=f"{member.key}@kestrel.example",
            name=member.name,
            role=member.role,
            team=sides[member.side].id if member.side else None,
            password=password,
            name_local=member.name_local,
            title=member.title,
            time_zone=ZONE,
            speaks=member.speaks,
        )
        for member in STAFF
    ]
    ids = staff.add_users(new, at=at, by=None)
    users = {member.key: ids[f"{member.key}@kestrel.example"] for member in STAFF}
    for side, head in (("marketing", "layla"), ("sales", "tomasz")):
        team = sides[side]
        staff.change_team(team.id, name=team.name, side=side, head=users[head], at=at, by=None)
    _add_buying_companies(at)
    return Company(users, sides["marketing"].id, sides["sales"].id)


def state_hours(*, at: datetime, free: Mapping[date, str] | None = None) -> None:
    """Nine to five in Warsaw; Polish holidays of this year and the next two, and the days that were `free` before."""
    times = staff.Times(ZONE, NINE_TO_FIVE, country="PL", days_off=free or {})
    staff.set_schedule("company", 0, times=times, at=at, by=None)


def state_hours_again(*, at: datetime, founded: datetime) -> None:
    """As at the founding: `treaty init` stated other hours when it made the installation, after the history began."""
    before = hours("company", 0, founded)
    if before is None:
        raise LookupError(f"no hours of the company were known at {founded}")
    state_hours(at=at, free={day.day: day.name for day in before.days_off if day.day.year < at.year})


def _tags(place: int) -> list[str]:
    return [
        word for word, each in (("Key account", 5), ("Reference", 7), ("Fair 2026", 9)) if place % each == 0
    ]


def _add_buying_companies(at: datetime) -> None:
    firms = {
        f"{firm} {city}": (people, city)
        for people in PEOPLES
        for firm in people.firms
        for city in people.cities
    }
    drafts = [
        CompanyDraft(
            name=name,
            sector=SECTORS[place % len(SECTORS)],
            employees=SIZES[(place * 2 + len(name)) % len(SIZES)],
            city=city,
            country=people.country,
            fields={"tags": _tags(place)},
        )
        for place, (name, (people, city)) in enumerate(firms.items())
    ]
    add_companies(drafts, at=at, by=None)
