"""The score model as it is written in the agreement: which attributes and acts bring how many points."""

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field

from treaty.segments.rules import Node, Problem, ValueTest, attributes_used
from treaty.segments.rules.matching import nodes
from treaty.segments.rules.predicate import All, Any, Attribute, Not


class Part(BaseModel):
    """Any part of a score model: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


class FitRule(Part):
    """Points for what a person is; `label` is what staff read in the reasons, such as “free-mail address”."""

    label: str = Field(min_length=1, max_length=80)
    when: Node
    points: int = Field(ge=-1000, le=1000)


class EngagementRule(Part):
    """Points for each fact of a kind, halved after each half-life.

    Without `half_life_days` the model's own counts. Of one UTC day at most `most_per_day` facts count, the first.
    """

    label: str = Field(min_length=1, max_length=80)
    did: str = Field(min_length=1)
    where: dict[str, ValueTest] = Field(default_factory=dict)
    points: int = Field(ge=-1000, le=1000)
    half_life_days: float | None = Field(None, gt=0, le=3650)
    most_per_day: int | None = Field(None, ge=1)


class Letters(Part):
    """From how many points of fit on a letter is given; below C it is D."""

    a: int
    b: int
    c: int


class Digits(Part):
    """From how much engagement on a digit is given, 1 the most engaged; below the third it is 4."""

    first: float = Field(gt=0)
    second: float = Field(gt=0)
    third: float = Field(gt=0)


class Spec(Part):
    """A whole score model."""

    fit: tuple[FitRule, ...] = ()
    engagement: tuple[EngagementRule, ...] = ()
    half_life_days: float = Field(30, gt=0, le=3650)
    letters: Letters = Letters(a=50, b=30, c=10)
    digits: Digits = Digits(first=60, second=40, third=15)


def kinds_of(spec: Spec) -> frozenset[str]:
    """The kinds of facts that bring points."""
    return frozenset(rule.did for rule in spec.engagement)


def attributes_of(spec: Spec) -> frozenset[str]:
    """The attributes that bring points."""
    return frozenset[str]().union(*(attributes_used(rule.when) for rule in spec.fit))


def problems(spec: Spec, kinds: Collection[str]) -> tuple[Problem, ...]:
    """What is wrong with a model although each of its parts is well formed; `kinds` are the facts that exist."""
    found = []
    if not spec.letters.a > spec.letters.b > spec.letters.c:
        found.append(Problem("letters", "letters_fall"))
    if not spec.digits.first > spec.digits.second > spec.digits.third:
        found.append(Problem("digits", "digits_fall"))
    for place, rule in enumerate(spec.fit):
        if any(not isinstance(node, Attribute | All | Any | Not) for node in nodes(rule.when)):
            found.append(Problem(f"fit.{place}.when", "fit_of_attributes", {"label": rule.label}))
    for place, act in enumerate(spec.engagement):
        if act.did not in kinds:
            values = {"given": act.did, "known": ", ".join(sorted(kinds))}
            found.append(Problem(f"engagement.{place}.did", "no_such_fact", values))
    return tuple(found)
