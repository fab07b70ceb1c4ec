"""The numbered clauses of a document, in the order in which they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from treaty.agreements.rules.document import GRADES, Document, Promise

MARKETING, SALES, BOTH = "marketing", "sales", "both"


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered statement: who it obliges, the template of its sentence, and the values in it.

    `lines` are the rows of a clause that lists something: (key, values of the row).
    """

    number: str
    side: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[tuple[str, Mapping[str, object]], ...] = ()

    @property
    def section(self) -> int:
        """The number of its section, 1 to 5."""
        return int(self.number.partition(".")[0])

    @property
    def is_promise(self) -> bool:
        """Whether it obliges one side, so that it can be kept or broken."""
        return self.side != BOTH


def clauses(document: Document) -> tuple[Clause, ...]:
    """All clauses: 1 goals, 2 definition, 3 marketing's promises, 4 sales' promises, 5 the hand-over."""
    return (
        *_goals(document),
        *_definition(document),
        _volume(document),
        *_sales(document),
        *_handover(document),
    )


def _goals(document: Document) -> Iterator[Clause]:
    goals = document.goals
    values = {
        "revenue_minor": goals.revenue_minor,
        "currency": goals.currency,
        "new_customers": goals.new_customers,
    }
    if goals.revenue_minor and goals.new_customers:
        yield Clause("1.1", BOTH, "goals", values)
    elif goals.revenue_minor:
        yield Clause("1.1", BOTH, "revenue", {key: values[key] for key in ("revenue_minor", "currency")})
    elif goals.new_customers:
        yield Clause("1.1", BOTH, "customers", {"new_customers": goals.new_customers})


def _definition(document: Document) -> Iterator[Clause]:
    spec = document.scoring
    yield Clause(
        "2.1", BOTH, "definition", {"definition": document.definition, "examples": len(document.examples)}
    )
    fit = tuple(
        (rule.label, {"label": rule.label, "points": rule.points, "when": rule.when}) for rule in spec.fit
    )
    yield Clause("2.2", BOTH, "fit", spec.letters.model_dump(), fit)
    acts = tuple((rule.label, rule.model_dump() | {"rule": rule}) for rule in spec.engagement)
    yield Clause(
        "2.3", BOTH, "engagement", {"half_life_days": spec.half_life_days, **spec.digits.model_dump()}, acts
    )


def _volume(document: Document) -> Clause:
    volume = document.volume
    if volume.of_grade_a:
        return Clause("3.1", MARKETING, "volume", {"leads": volume.leads, "of_grade_a": volume.of_grade_a})
    return Clause("3.1", MARKETING, "volume_alone", {"leads": volume.leads})


def _sales(document: Document) -> Iterator[Clause]:
    for place, promise in enumerate(document.accept):
        code = "accept_all" if set(promise.grades) == set(GRADES) else "accept"
        reasons = {"reasons": len(document.return_reasons)} if code == "accept_all" else {}
        yield Clause(f"4.{1 + place}", SALES, code, _promised(promise) | reasons)
    for place, promise in enumerate(document.first_touch):
        yield Clause(f"4.{1 + len(document.accept) + place}", SALES, "first_touch", _promised(promise))


def _promised(promise: Promise) -> dict[str, object]:
    return {"grades": promise.grades, "hours": promise.hours}


def _handover(document: Document) -> Iterator[Clause]:
    pool = document.pool
    members = tuple((str(member.user), member.model_dump()) for member in pool.members)
    yield Clause("5.1", BOTH, "pool", {"team": pool.team, "members": len(pool.members)}, members)
    yield Clause(
        "5.2", BOTH, "routing", {"owner_first": pool.owner_first, "match_language": pool.match_language}
    )
    reasons = tuple((reason.code, reason.model_dump()) for reason in document.return_reasons)
    yield Clause("5.3", BOTH, "returns", {"reasons": len(reasons)}, reasons)
