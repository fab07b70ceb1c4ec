"""The verdict on a promise: recorded once, corrected by a new fact, never edited."""

from datetime import datetime

from django.db import transaction

from treaty.agreements.facts import PromiseBroken, PromiseExcused, PromiseKept, Verdict
from treaty.agreements.models import VerdictRow
from treaty.ledger.commands import record
from treaty.ledger.facts import about_version
from treaty.ledger.queries import Recorded

FACTS: dict[str, type[Verdict]] = {"kept": PromiseKept, "broken": PromiseBroken, "excused": PromiseExcused}


@transaction.atomic
def record_verdict(
    verdict: str,
    *,
    version: int,
    clause: str,
    side: str,
    about: str,
    due_at: datetime,
    user: int | None,
    cause: str,
    at: datetime,
    known_at: datetime | None = None,
) -> Recorded | None:
    """Record that a promise was kept, broken or excused at `at`; None where that verdict stands already.

    Another verdict on the same clause about the same thing is a correction: a new fact, and both stay visible.
    """
    turn = _turn(verdict, about, clause, user)
    if turn is None:
        return None
    fact = FACTS[verdict](version, clause, side, about, due_at.isoformat(), user, cause)
    key = f"verdict:{about}:{clause}:{user or ''}:{verdict}:{turn}"
    return record(fact, about=about_version(version), at=at, source_key=key, known_at=known_at)


def _turn(verdict: str, about: str, clause: str, user: int | None) -> int | None:
    """How many verdicts came before this one; None where it is the one that stands."""
    rows = VerdictRow.objects.filter(about=about, clause=clause, user=user)
    standing = rows.values_list("verdict", "revision").first()
    if standing is None:
        return 0
    return None if standing[0] == verdict else standing[1] + 1
