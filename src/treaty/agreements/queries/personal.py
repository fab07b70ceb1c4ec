"""What one member of the staff promised: the verdicts on acts that were awaited from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from treaty.agreements.models import VerdictRow
from treaty.agreements.queries.verdicts import Counts
from treaty.agreements.queries.versions import version_by_id
from treaty.agreements.rules import clauses
from treaty.kit import sql


@dataclass(frozen=True, slots=True)
class OwnPromise:
    """How one clause was kept by one person; `code` and `grades` say which promise it is."""

    version: int
    clause: str
    code: str
    grades: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class OwnVerdict:
    """One verdict about one person's act; `about` is handover:7, or offer:7:2 for that person's own accept clock."""

    clause: str
    about: str
    verdict: str
    due_at: datetime
    cause: str


OWN = """
SELECT version_id, clause, verdict, COUNT(*) FROM agreements_verdictrow
WHERE user_id = %s AND due_at >= %s AND due_at < %s GROUP BY version_id, clause, verdict
"""


def own_promises(user: int, since: datetime, until: datetime) -> list[OwnPromise]:
    """The clauses that were judged of a user's acts due in [since, until), in the order of the agreement."""
    counted: dict[tuple[int, str], Counts] = {}
    for version, clause, verdict, number in sql.ask(OWN, [user, sql.stamp(since), sql.stamp(until)]):
        key = (version, clause)
        counted[key] = counted.get(key, Counts()) + Counts(**{verdict: number})
    return sorted(
        _named(counted.items()), key=lambda one: ([int(part) for part in one.clause.split(".")], one.version)
    )


def own_verdicts(
    user: int, since: datetime, until: datetime, *, clause: str = "", verdict: str = ""
) -> list[OwnVerdict]:
    """The verdicts behind those counts, the latest due first; `verdict` may be judged: kept or broken."""
    rows = _rows(user, since, until).order_by("-due_at", "-pk")
    if clause:
        rows = rows.filter(clause=clause)
    if verdict:
        rows = rows.filter(verdict__in=("kept", "broken") if verdict == "judged" else (verdict,))
    columns = ("clause", "about", "verdict", "due_at", "cause")
    return [OwnVerdict(*row) for row in rows.values_list(*columns)]


def _rows(user: int, since: datetime, until: datetime) -> "QuerySet[VerdictRow]":
    return VerdictRow.objects.filter(user=user, due_at__gte=since, due_at__lt=until).order_by("pk")


def _named(counted: Iterable[tuple[tuple[int, str], Counts]]) -> list[OwnPromise]:
    found = []
    for (version, number), counts in counted:
        agreed = clauses(version_by_id(version).document)
        clause = next((one for one in agreed if one.number == number), None)
        grades = tuple(str(grade) for grade in _listed(clause.values.get("grades"))) if clause else ()
        found.append(OwnPromise(version, number, clause.code if clause else "", grades, counts))
    return found


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else ()
