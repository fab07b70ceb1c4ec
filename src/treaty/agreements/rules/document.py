"""The agreement as one structured document: frozen, in the order of its clauses, refusing what it does not know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from treaty.scoring.rules import Spec
from treaty.segments.rules import Predicate

Letter = Literal["A", "B", "C", "D"]
GRADES: tuple[Letter, ...] = ("A", "B", "C", "D")
"""The letters of fit; promises are made by them."""

Effect = Literal["recycle", "invalid_identity", "spam", "not_a_fit", "duplicate"]
EFFECTS: tuple[Effect, ...] = ("recycle", "invalid_identity", "spam", "not_a_fit", "duplicate")
"""What becomes of a returned lead: it is held and nurtured; its address or number is marked invalid; it is blocked;
it is not for us; it is somebody we have already."""
WITH_DAYS: frozenset[Effect] = frozenset({"recycle", "not_a_fit"})
"""Effects that may leave the person in peace for agreed days; recycling must say for how many."""

Name = Annotated[str, Field(min_length=1, max_length=120)]


class Part(BaseModel):
    """Any part of the agreement: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


class Goals(Part):
    """What both sides aim at together in each quarter; revenue in minor units of the currency."""

    revenue_minor: int | None = Field(None, gt=0)
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    new_customers: int | None = Field(None, gt=0)


class ExampleTouch(Part):
    """Something an example person did, days before the test."""

    did: str = Field(min_length=1)
    days_ago: float = Field(0, ge=0, le=3650)
    values: dict[str, str | int | float | bool] = Field(default_factory=dict)


class Example(Part):
    """A made-up person who must meet the definition, or must not: a test of the definition."""

    name: Name
    passes: bool
    attributes: dict[str, object] = Field(default_factory=dict)
    touches: tuple[ExampleTouch, ...] = ()


class Volume(Part):
    """How many qualified leads marketing hands over in a month, and how many of grade A among them."""

    clause: Literal["3.1"] = "3.1"
    leads: int = Field(gt=0, le=1_000_000)
    of_grade_a: int = Field(0, ge=0)


class Promise(Part):
    """A time within which sales acts, for leads of some grades, in business hours."""

    grades: tuple[Letter, ...] = Field(min_length=1)
    hours: float = Field(gt=0, le=10_000)


class Member(Part):
    """Somebody of the pool, and how many leads a month this person can take."""

    user: int = Field(gt=0)
    capacity: int = Field(gt=0, le=100_000)


class Pool(Part):
    """Who receives the leads, in fair shares by capacity."""

    key: str = Field("main", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    team: int = Field(gt=0)
    members: tuple[Member, ...] = ()
    match_language: bool = True
    owner_first: bool = True


class ReturnReason(Part):
    """Why sales may give a lead back, and what becomes of it. `counts` says whether the return counts in the rates."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: Name
    effect: Effect
    hold_days: int = Field(0, ge=0, le=3650)
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """One promise as it judges one lead: its clause and its budget of business time."""

    clause: str
    budget: timedelta


class Document(Part):
    """A whole agreement. Without `begins_at` it comes into force with its last signature."""

    version: Literal[1] = 1
    title: Name
    begins_at: datetime | None = None
    goals: Goals = Goals()
    definition: Predicate
    scoring: Spec
    examples: tuple[Example, ...] = ()
    volume: Volume
    accept: tuple[Promise, ...] = Field(min_length=1)
    first_touch: tuple[Promise, ...] = Field(min_length=1)
    pool: Pool
    return_reasons: tuple[ReturnReason, ...] = Field(min_length=1)

    def accept_terms(self, grade: str) -> Terms:
        """Within what sales accepts or returns a lead of a grade (A1 to D4, or its letter)."""
        return _terms(self.accept, grade, 1)

    def touch_terms(self, grade: str) -> Terms:
        """Within what sales makes the first touch after accepting a lead of a grade."""
        return _terms(self.first_touch, grade, 1 + len(self.accept))

    def return_reason(self, code: str) -> ReturnReason:
        """The reason of a code. Raises KeyError for one that was not agreed."""
        found = next((reason for reason in self.return_reasons if reason.code == code), None)
        if found is None:
            raise KeyError(
                f"{code} is no agreed reason; these are: {', '.join(r.code for r in self.return_reasons)}"
            )
        return found


def _terms(promises: tuple[Promise, ...], grade: str, first: int) -> Terms:
    for place, promise in enumerate(promises):
        if grade[:1] in promise.grades:
            return Terms(f"4.{first + place}", timedelta(hours=promise.hours))
    raise KeyError(f"no promise covers grade {grade!r}")
