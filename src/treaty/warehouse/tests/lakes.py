"""What tests ask of a lake, and what a plain reading of the tables says it must hold."""

from datetime import datetime
from typing import Any

from treaty.deals.models import Deal
from treaty.ledger.models import Touchpoint
from treaty.people.models import Company, Person, PersonIdentity
from treaty.warehouse import commands, queries

Row = tuple[Any, ...]
HELD = (
    "SELECT t.line, p.person_id, k.name, t.subject_kind, t.subject_id, t.occurred_at, t.known_at, t.staff_id, t.batch,"
    " t.payload FROM touchpoints t JOIN kinds k USING (kind) LEFT JOIN persons p USING (person) ORDER BY t.line"
)


def rows(query: str) -> list[Row]:
    """What a query of the lake brings."""
    with queries.lake() as connection:
        return connection.execute(query).fetchall()


def taken(at: datetime) -> commands.Taken:
    """A turn that nobody keeps from being taken."""
    done = commands.follow(at)
    assert done is not None
    return done


def plain_touchpoints() -> list[Row]:
    """Every line of the ledger in a plain list, with the person who holds its identity now."""
    holders = dict(PersonIdentity.objects.order_by("pk").values_list("identity_id", "person_id"))
    return [
        (
            line.pk,
            holders.get(line.subject_id) if line.subject_kind == "identity" else None,
            line.kind,
            line.subject_kind,
            line.subject_id,
            line.occurred_at.replace(tzinfo=None),
            line.known_at.replace(tzinfo=None),
            line.by,
            line.batch,
            line.payload,
        )
        for line in Touchpoint.objects.order_by("pk")
    ]


def plain_persons() -> list[Row]:
    """How every person stands."""
    found = Person.objects.order_by("pk").values_list(
        "pk", "company_id", "owner_id", "stage", "country", "email", "forgotten_at"
    )
    return [
        (*told, bool(email), forgotten and forgotten.replace(tzinfo=None))
        for *told, email, forgotten in found
    ]


def assert_all_is_held() -> None:
    """The lake holds what the tables hold, no line twice and none left out; each person has a number of the own."""
    assert rows(HELD) == plain_touchpoints()
    told = "person_id, company_id, owner_id, stage, country, has_email, forgotten_at"
    assert rows(f"SELECT {told} FROM persons ORDER BY person_id") == plain_persons()
    [(persons, numbers)] = rows("SELECT count(*), count(DISTINCT person) FROM persons")
    assert persons == numbers
    links = PersonIdentity.objects.order_by("pk").values_list("identity_id", "person_id")
    assert rows("SELECT identity_id, person_id FROM identities ORDER BY ALL") == list(links)
    firms = Company.objects.order_by("pk").values_list("pk", "sector", "employees", "owner_id")
    assert rows("SELECT company_id, sector, employees, owner_id FROM companies ORDER BY ALL") == list(firms)
    deals = Deal.objects.order_by("pk").values_list(
        "pk", "person_id", "stage__key", "value_minor", "owner_id"
    )
    assert rows("SELECT deal_id, person_id, stage, value_minor, owner_id FROM deals ORDER BY ALL") == list(
        deals
    )
