"""A company at work for measurements: staff, an agreement in force, persons with a mail address."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Company:
    """The ids of those who work here."""

    sales: int
    representatives: tuple[int, ...]
    marketer: int
    head: int


def at_work(at: datetime, representatives: int = 8) -> Company:
    """Two teams under the starter agreement, in force since `at`."""
    from treaty.agreements import commands as agreements
    from treaty.agreements.rules.starter import starter
    from treaty.kit import setup
    from treaty.staff import commands as staff
    from treaty.staff.queries import teams

    setup.start_nouns()
    sales = next(team.id for team in teams() if team.side == "sales")

    def hire(name: str, role: str, team: int | None = None) -> int:
        return staff.add_user(
            staff.NewUser(f"{name}@example.com", name.title(), role, team=team), at=at, by=None
        )

    pool = tuple(hire(f"rep{n}", "representative", sales) for n in range(representatives))
    mia, layla, hal = (
        hire("mia", "marketer"),
        hire("layla", "head_of_marketing"),
        hire("hal", "head_of_sales"),
    )
    version = agreements.draft_version(starter(str, team=sales, members=pool), at=at, by=layla)
    sha256 = agreements.propose(version, at=at, by=layla)
    agreements.sign(version, sha256=sha256, side="marketing", at=at, by=layla)
    agreements.sign(version, sha256=sha256, side="sales", at=at, by=hal)
    return Company(sales, pool, mia, hal)


def add_buyers(number: int, *, at: datetime) -> list[int]:
    """The ids of the mail identities of new persons, added over the month before `at`."""
    from treaty.ledger.commands import identify_many
    from treaty.people.commands import add_persons
    from treaty.people.rules import PersonDraft

    mails = [f"buyer{n}@plant{n % 5000}.example" for n in range(number)]
    drafts = (
        PersonDraft(
            given_name=GIVEN[n % len(GIVEN)],
            family_name=f"{FAMILY[n * 7 % len(FAMILY)]} {n}",
            emails=(mail,),
            title=TITLES[n % len(TITLES)],
            country=COUNTRIES[n % len(COUNTRIES)],
            channel=CHANNELS[n % len(CHANNELS)],
            company=f"Plant {n * 13 % max(1, number // 20)}",
            added_at=at - timedelta(minutes=n % 43_200),
        )
        for n, mail in enumerate(mails)
    )
    add_persons(drafts, at=at, by=None, source="import")
    return list(identify_many([("email", mail) for mail in mails], at=at).values())


GIVEN = ("Anna", "Łukasz", "Мария", "さくら", "محمد", "伟", "Tomasz", "Layla", "Jan", "Olga")
FAMILY = ("Nowak", "Żółć", "Иванова", "田中", "حداد", "王", "Kowalski", "Schmidt", "Rossi", "Lindqvist", "Ng")
TITLES = ("Head of Production", "Engineer", "Buyer", "Plant Manager", "Student", "Director")
COUNTRIES = ("PL", "DE", "JP", "SA", "CN", "RU", "IT", "US")
CHANNELS = ("website", "email", "fair", "paid_search", "organic", "")
