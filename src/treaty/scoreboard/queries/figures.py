"""Which rows stand behind each figure. Every figure of the page is the number of rows found here.

A figure's name is one of LEADS or WINS, or `speed.3`, `reason.later`; those of promises are
`promise.SIDE.VERSION.CLAUSE.VERDICT`, where an empty part means any and `judged` means kept or broken.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from treaty.deals.queries.wins import Win
from treaty.handovers.rules.figures import CountedLead
from treaty.scoreboard.queries.facts import MonthFacts
from treaty.scoreboard.rules import BUCKETS, Promise, bucket_of
from treaty.scoreboard.rules.leads import is_grade_a
from treaty.scoreboard.rules.promises import JUDGED, VERDICTS

LEADS: Mapping[str, Callable[[MonthFacts], Sequence[CountedLead]]] = {
    "offered": lambda facts: facts.cohort.leads,
    "accepted": lambda facts: facts.cohort.accepted,
    "returned": lambda facts: facts.cohort.returned,
    "left_out": lambda facts: facts.cohort.left_out,
    "waiting": lambda facts: facts.cohort.waiting,
    "decided": lambda facts: facts.cohort.decided,
    "delivered": lambda facts: facts.cohort.delivered,
    "delivered_a": lambda facts: facts.cohort.delivered_of_grade_a,
    "touched": lambda facts: facts.cohort.touched,
    "touched_a": lambda facts: [lead for lead in facts.cohort.touched if is_grade_a(lead)],
    "touched_rest": lambda facts: [lead for lead in facts.cohort.touched if not is_grade_a(lead)],
    "untouched": lambda facts: facts.cohort.untouched,
}

WINS: Mapping[str, Callable[[MonthFacts], Sequence[Win]]] = {
    "won": lambda facts: facts.orders.valued,
    "customers": lambda facts: facts.orders.first,
    "first_orders": lambda facts: facts.orders.first_valued,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The rows behind a figure, of one of three kinds; the others are None."""

    leads: tuple[CountedLead, ...] | None = None
    promises: tuple[Promise, ...] | None = None
    wins: tuple[Win, ...] | None = None

    def __len__(self) -> int:
        return len(self.leads or self.promises or self.wins or ())


def opened(figure: str, facts: MonthFacts) -> Opened | None:
    """The rows behind a figure of a month; None for a figure that does not exist."""
    if figure in LEADS:
        return Opened(leads=tuple(LEADS[figure](facts)))
    if figure in WINS:
        return Opened(wins=tuple(WINS[figure](facts)))
    kind, _dot, rest = figure.partition(".")
    if kind == "speed" and rest in map(str, range(len(BUCKETS) + 1)):
        return Opened(leads=_at_speed(facts, int(rest)))
    if kind == "reason" and rest:
        return Opened(leads=facts.cohort.returned_for(rest))
    return _opened_promises(rest, facts) if kind == "promise" else None


def numbers_of_rows(facts: MonthFacts) -> dict[str, int]:
    """How many rows of leads and won deals each figure opens."""
    leads = {name: len(rows(facts)) for name, rows in LEADS.items()}
    return leads | {name: len(rows(facts)) for name, rows in WINS.items()}


def promise_figure(side: str = "", version: int | None = None, clause: str = "", verdict: str = "") -> str:
    """The name of a figure of promises."""
    return f"promise.{side}.{version or ''}.{clause.replace('.', '-')}.{verdict}"


def _at_speed(facts: MonthFacts, bucket: int) -> tuple[CountedLead, ...]:
    touched = facts.cohort.touched
    return tuple(
        lead for lead in touched if lead.touch_seconds is not None and bucket_of(lead.touch_seconds) == bucket
    )


def _opened_promises(rest: str, facts: MonthFacts) -> Opened | None:
    parts = rest.split(".")
    if len(parts) != 4:
        return None
    side, version, clause, verdict = parts
    verdicts = JUDGED if verdict == "judged" else (verdict,) if verdict else VERDICTS
    return Opened(
        promises=tuple(
            one
            for one in facts.promises
            if one.verdict in verdicts
            and side in ("", one.side)
            and version in ("", str(one.version))
            and clause.replace("-", ".") in ("", one.clause)
        )
    )
