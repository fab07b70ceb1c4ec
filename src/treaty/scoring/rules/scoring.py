"""A person's score under one model at one instant, and when fading alone next changes the grade."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from treaty.scoring.rules.spec import EngagementRule, Spec, attributes_of, kinds_of
from treaty.segments.rules import Did, PersonState, Touch
from treaty.segments.rules.change import first_crossing
from treaty.segments.rules.matching import compiled, matching_touch

Parts = tuple[tuple[float, float], ...]
"""(points now, half-life in days), one for each half-life."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why points were given or taken: `code` is fit or engagement, `values` what its sentence needs."""

    points: float
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score: points of fit, engagement as faded until now, the grade A1 to D4, why, and when it next changes.

    `decay` is the engagement by half-life: (points now, half-life in days).
    """

    fit: int
    engagement: float
    grade: str
    reasons: tuple[Reason, ...]
    next_change_at: datetime | None
    decay: Parts


class Scorer:
    """A model made ready to score many persons."""

    def __init__(self, spec: Spec) -> None:
        self.spec = self._like = spec
        self.kinds, self.attributes = kinds_of(spec), attributes_of(spec)
        self._fit = [(rule.label, rule.points, compiled(rule.when)) for rule in spec.fit]
        self._acts = _acts(spec)
        self._by_kind = _by_kind(self._acts)

    def follows(self, spec: Spec) -> bool:
        """Whether it scores by these rules. To compare takes long, so the last that were the same are kept."""
        if spec is not self._like and spec == self.spec:
            self._like = spec
        return spec is self._like

    def score(self, attributes: Mapping[str, object], touches: Sequence[Touch], at: datetime) -> Scored:
        """The score of one person. Touches later than `at` do not count yet."""
        at = at.astimezone(UTC)  # in a zone with summer time, adding days would add wall-clock days
        fit, reasons = self._scored_fit(PersonState(attributes=attributes), at)
        parts, more = _engaged(self._acts, _counted(self._by_kind, touches, at), at)
        engagement = sum(points for points, _ in parts)
        grade = grade_of(self.spec, fit, engagement)
        next_change_at = _soonest(next_grade_change(self.spec, parts, at), _next_touch(touches, at))
        return Scored(fit, engagement, grade, (*reasons, *more), next_change_at, parts)

    def _scored_fit(self, state: PersonState, at: datetime) -> tuple[int, list[Reason]]:
        found = [(label, points) for label, points, check in self._fit if check(state, at)]
        reasons = [Reason(points, "fit", {"label": label}) for label, points in found]
        return sum(points for _, points in found), reasons


def score(spec: Spec, attributes: Mapping[str, object], touches: Sequence[Touch], at: datetime) -> Scored:
    """The score of one person; for many, make one Scorer."""
    return Scorer(spec).score(attributes, touches, at)


def letter(spec: Spec, fit: int) -> str:
    """A to D for points of fit."""
    limits = (spec.letters.a, spec.letters.b, spec.letters.c)
    return "ABCD"[sum(fit < limit for limit in limits)]


def next_grade_change(spec: Spec, parts: Sequence[tuple[float, float]], at: datetime) -> datetime | None:
    """When fading alone first carries the engagement over a threshold of the digits; None if it never does."""
    limits = (spec.digits.first, spec.digits.second, spec.digits.third)
    crossings = (first_crossing(parts, limit, at) for limit in limits)
    return min((crossing for crossing in crossings if crossing), default=None)


def grade_of(spec: Spec, fit: int, engagement: float) -> str:
    """A1 to D4 for points of fit and of engagement."""
    return letter(spec, fit) + _digit(spec, engagement)


def _digit(spec: Spec, engagement: float) -> str:
    limits = (spec.digits.first, spec.digits.second, spec.digits.third)
    return "1234"[sum(engagement < limit for limit in limits)]


def _next_touch(touches: Sequence[Touch], at: datetime) -> datetime | None:
    """When a touch that lies ahead begins to count: clocks of other machines may run fast."""
    return min((touch.at for touch in touches if touch.at > at), default=None)


def _soonest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Act:
    """One rule of engagement, ready to be asked."""

    place: int
    rule: EngagementRule
    half_life: float
    fits: Callable[[Touch], bool]


def _acts(spec: Spec) -> tuple[_Act, ...]:
    return tuple(
        _Act(
            place=place,
            rule=rule,
            half_life=rule.half_life_days or spec.half_life_days,
            fits=matching_touch(Did(did=rule.did, where=rule.where)),
        )
        for place, rule in enumerate(spec.engagement)
    )


def _by_kind(acts: Sequence[_Act]) -> Mapping[str, Sequence[_Act]]:
    found: dict[str, list[_Act]] = defaultdict(list)
    for act in acts:
        found[act.rule.did].append(act)
    return dict(found)


def _counted(
    by_kind: Mapping[str, Sequence[_Act]], touches: Iterable[Touch], at: datetime
) -> Mapping[int, list[datetime]]:
    """When something happened that a rule counts, by the rule's place."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for touch in touches:
        if touch.at <= at:
            for act in by_kind.get(touch.kind, ()):
                if act.fits(touch):
                    found[act.place].append(touch.at)
    return found


def _engaged(
    acts: Sequence[_Act], counted: Mapping[int, list[datetime]], at: datetime
) -> tuple[Parts, list[Reason]]:
    """The engagement by half-life, and a reason for each rule that counted something.

    In the order of rules and times, so that the same history gives the same sum to the last bit.
    """
    parts: dict[float, float] = defaultdict(float)
    reasons = []
    for place in sorted(counted):
        act, times = acts[place], _at_most_per_day(sorted(counted[place]), acts[place].rule.most_per_day)
        life = act.half_life * 86400
        points = act.rule.points * math.fsum(
            math.pow(2, (time - at).total_seconds() / life) for time in times
        )
        parts[act.half_life] += points
        values = {"label": act.rule.label, "times": len(times), "since": times[0].isoformat()}
        reasons.append(Reason(points, "engagement", values))
    return tuple((points, half_life) for half_life, points in parts.items()), reasons


def _at_most_per_day(times: Sequence[datetime], most: int | None) -> Sequence[datetime]:
    """The first `most` of each UTC day, of instants in order."""
    if most is None:
        return times
    seen: dict[int, int] = defaultdict(int)
    kept = []
    for time in times:
        day = int(time.timestamp() // 86400)
        seen[day] += 1
        if seen[day] <= most:
            kept.append(time)
    return kept
