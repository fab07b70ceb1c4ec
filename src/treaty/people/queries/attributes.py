"""What predicates, scores and routing read of persons, set at once."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection

from treaty.kit import sql

PLAIN = (
    "name",
    "name_local",
    "email",
    "phone",
    "title",
    "country",
    "language",
    "time_zone",
    "city",
    "stage",
    "channel",
    "landing_page",
    "interest",
)
OF_COMPANY = ("name", "sector", "employees", "country", "city", "domain")
COLUMNS = (*PLAIN, "owner_id", "company_id", "unsubscribed_at", "do_not_call_at")

Attributes = dict[str, object]


def attributes(persons: Collection[int]) -> dict[int, Attributes]:
    """What is known of each person by attribute name, in three questions however many they are.

    Texts are empty where unknown; `company` is None or {name, sector, employees, country, city, domain}; `owner` a
    staff id or None; `tags` a list; `has_email`, `has_phone`, `unsubscribed`, `do_not_call` are yes or no.
    """
    if not persons:
        return {}
    rows = _rows(f"SELECT {', '.join(('id', *COLUMNS))} FROM people_person WHERE {sql.one_of('id')}", persons)
    companies = _companies({row["company_id"] for row in rows if row["company_id"]})
    tags = _tags(persons)
    return {row["id"]: _attributes(row, companies, tags) for row in rows}


def _attributes(
    row: dict[str, Any], companies: dict[int, Attributes], tags: dict[int, list[str]]
) -> Attributes:
    return {name: row[name] for name in PLAIN} | {
        "owner": row["owner_id"],
        "company": companies.get(row["company_id"]),
        "tags": tags.get(row["id"], []),
        "has_email": bool(row["email"]),
        "has_phone": bool(row["phone"]),
        "unsubscribed": row["unsubscribed_at"] is not None,
        "do_not_call": row["do_not_call_at"] is not None,
    }


def _companies(ids: Collection[int]) -> dict[int, Attributes]:
    if not ids:
        return {}
    rows = _rows(f"SELECT {', '.join(('id', *OF_COMPANY))} FROM people_company WHERE {sql.one_of('id')}", ids)
    return {row.pop("id"): row for row in rows}


def _tags(persons: Collection[int]) -> dict[int, list[str]]:
    statement = (
        "SELECT w.person_id, t.name FROM people_persontag w JOIN people_tag t ON t.id = w.tag_id"
        f" WHERE {sql.one_of('w.person_id')} ORDER BY t.name"
    )
    worn: dict[int, list[str]] = defaultdict(list)
    for row in _rows(statement, persons):
        worn[row["person_id"]].append(row["name"])
    return worn


def _rows(statement: str, ids: Collection[int]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [sql.listed(list(ids))])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
