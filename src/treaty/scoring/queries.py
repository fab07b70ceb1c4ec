"""Readings of scores: the adopted model, the scores of persons, and what predicates see of persons."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import msgspec

from treaty.kit import sql
from treaty.kit.composed import Composed
from treaty.kit.rows import among
from treaty.kit.together import Question
from treaty.ledger import queries as ledger
from treaty.ledger.facts import encoded
from treaty.ledger.listeners import noted
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.people.queries import Known
from treaty.scoring import wording
from treaty.scoring.models import Score, ScoreModel
from treaty.scoring.rules import Reason, Scored, Scorer, Spec, grade_of
from treaty.segments.rules import PersonState, Touch
from treaty.segments.rules.state import decayed

NOTHING: Mapping[str, datetime] = {}
SCORED_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Model:
    """The adopted score model, ready to score."""

    id: int
    version: int | None
    scorer: Scorer

    @property
    def spec(self) -> Spec:
        """The rules it scores by."""
        return self.scorer.spec

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of facts that bring points."""
        return self.scorer.kinds


@dataclass(frozen=True, slots=True)
class Reading:
    """A person read as of an instant: attributes, the touches of the kinds asked for, and the score they make."""

    attributes: Mapping[str, object]
    touches: Sequence[Touch]
    scored: Scored


@dataclass(slots=True)
class Handed:
    """What the listener that scores read of a batch, so that whoever judges it next need not read and score again."""

    scorer: Scorer | None = None
    at: datetime | None = None
    readings: Mapping[int, Reading] = field(default_factory=dict)

    def usable(self, spec: Spec, at: datetime) -> Mapping[int, Reading]:
        """The readings by these rules as of this instant, of persons about whom nothing lies ahead."""
        if self.scorer is None or at != self.at or not self.scorer.follows(spec):
            return {}
        return {
            person: reading
            for person, reading in self.readings.items()
            if all(touch.at <= at for touch in reading.touches)
        }


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A person's score as of `computed_at`; `decay` lists (points, half-life in days) then."""

    grade: str
    fit: int
    engagement: float
    reasons: tuple[Reason, ...]
    computed_at: datetime
    next_change_at: datetime | None
    decay: tuple[tuple[float, float], ...]

    def engagement_at(self, at: datetime) -> float:
        """The engagement faded until a later instant."""
        return decayed(self.decay, at - self.computed_at)


def model() -> Model | None:
    """The newest adopted model; None before the first agreement. One small question; the rules are kept by id."""
    [(newest,)] = sql.ask(*NEWEST)
    return None if newest is None else _model(newest)


NEWEST: Question = ("SELECT MAX(id) FROM scoring_scoremodel", ())


def asked_model(_about: object, _at: object) -> Question:
    """What `model` asks; whatever a fact is about, it is the same."""
    return NEWEST


def handed(batch: Sequence[Recorded]) -> Handed:
    """What scoring read of a batch of touchpoints; nothing where it had no reason to, or was not asked first."""
    return noted(batch, "scored", Handed)


def readings(
    instants: Mapping[int, datetime],
    scorer: Scorer,
    kinds: Collection[str],
    *,
    known: Mapping[int, Known] | None = None,
    touches: Mapping[int, list[Touch]] | None = None,
    ahead: bool = True,
) -> dict[int, Reading]:
    """Each person as of an instant: the score, and the touches of some kinds; without those `ahead` where one asks so.

    Two questions for all of them, less what is `known` of them already, or which `touches` there are.
    """
    known = people.known(instants) if known is None else known
    touches, found = touches_of(known, kinds) if touches is None else touches, {}
    for person, at in instants.items():
        attributes = known[person].attributes if person in known else {}
        done = touches.get(person, [])
        if not ahead:
            done = [touch for touch in done if touch.at <= at]
        found[person] = Reading(attributes, done, scorer.score(attributes, done, at))
    return found


def scores(person_ids: Collection[int]) -> dict[int, ScoreRow]:
    """The scores of persons; those not scored yet are left out."""
    if len(person_ids) == 1:
        return {row.pk: _row(row) for row in ONE_SCORE.rows(*person_ids)}
    return {row.pk: _row(row) for row in among(Score, "person_id", person_ids)}


ONE_SCORE = Composed(lambda person: Score.objects.filter(pk=person))


def grades(person_ids: Collection[int]) -> dict[int, str]:
    """The grades of persons; those not scored yet are left out."""
    statement = f"SELECT person_id, grade FROM scoring_score WHERE {sql.one_of('person_id')}"
    found = sql.ask(statement, [sql.listed(person_ids)], often=len(person_ids) <= sql.FEW)
    return {int(person): str(grade) for person, grade in found}


def due(at: datetime, limit: int) -> list[int]:
    """Persons whose grade fading alone has changed by now, the longest due first."""
    rows = Score.objects.filter(next_change_at__lte=at).order_by("next_change_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def states(
    person_ids: Collection[int],
    at: datetime,
    kinds: Collection[str],
    *,
    after: Mapping[str, datetime] = NOTHING,
    names: Collection[str] | None = None,
) -> dict[int, PersonState]:
    """What predicates see of persons at an instant; `kinds` are the facts they ask about. Five questions for all.

    Of some kinds only the facts `after` an instant are read, and only the attributes of some `names`.
    """
    known, adopted = people.known(person_ids, names), model()
    scored = _standings(person_ids) if adopted else {}
    touches = touches_of(known, kinds, after)
    return {
        person: _state(
            known[person].attributes if person in known else {},
            touches.get(person, ()),
            scored.get(person),
            adopted,
            at,
        )
        for person in person_ids
    }


def scored(at: datetime) -> dict[int, PersonState]:
    """Everybody who has a score, by the score alone; nobody in the bin."""
    adopted, found, after = model(), dict[int, PersonState](), 0
    while adopted is not None and (persons := people.person_ids(after=after, limit=SCORED_AT_ONCE)):
        after = persons[-1]
        for person, row in _standings(persons).items():
            found[person] = _state({}, (), row, adopted, at)
    return found


def touches_of(
    persons: Mapping[int, Known], kinds: Collection[str], after: Mapping[str, datetime] = NOTHING
) -> dict[int, list[Touch]]:
    """The touchpoints of some kinds of each person, over all identities, unordered; of some only those after an instant."""
    person_of = {identity: person for person, one in persons.items() for identity in one.identities}
    found: dict[int, list[Touch]] = defaultdict(list)
    values = cache(read)  # many touches say the same
    since = min(after.values(), default=None)
    whole, recent = [kind for kind in kinds if kind not in after], [kind for kind in kinds if kind in after]
    for wanted, earliest in ((whole, None), (recent, since)):
        for identity, kind, at, payload in (
            ledger.bare_lines(person_of, wanted, after=earliest) if wanted else ()
        ):
            found[person_of[identity]].append(Touch(kind, at, values(payload)))
    return found


def touches_in(
    histories: Mapping[int, Sequence[Recorded]], persons: Mapping[int, int], kinds: Collection[str]
) -> dict[int, list[Touch]]:
    """The same of histories that are at hand, by the persons of their identities."""
    found: dict[int, list[Touch]] = defaultdict(list)
    for identity, lines in histories.items():
        wanted = (line for line in lines if line.kind in kinds)
        found[persons[identity]] += (
            Touch(line.kind, sql.moment(line.occurred_at), read(encoded(line.fact))) for line in wanted
        )
    return found


def reasons_told(row: ScoreRow, at: datetime) -> list[tuple[str, str]]:
    """Why a person has this score, in the page's language: (points with their sign, the cause), the weightiest first."""
    return wording.parted(row.reasons, at)


read = msgspec.json.Decoder(dict[str, object]).decode


@lru_cache(maxsize=4)
def _model(model_id: int) -> Model:
    row = ScoreModel.objects.get(pk=model_id)
    return Model(row.pk, row.version, Scorer(Spec.model_validate(row.spec)))


def _row(row: Score) -> ScoreRow:
    return ScoreRow(
        grade=row.grade,
        fit=row.fit,
        engagement=row.engagement,
        reasons=tuple(Reason(points, code, values) for points, code, values in row.reasons),
        computed_at=row.computed_at,
        next_change_at=row.next_change_at,
        decay=tuple((points, half_life) for points, half_life in row.decay),
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """What predicates need of a score."""

    fit: int
    engagement: float
    decay: tuple[tuple[float, float], ...]
    computed_at: datetime
    next_change_at: datetime | None


def _standings(person_ids: Collection[int]) -> dict[int, _Standing]:
    statement = (
        "SELECT person_id, fit, engagement, decay, computed_at, next_change_at FROM scoring_score"
        f" WHERE {sql.one_of('person_id')}"
    )
    rows = sql.ask(statement, [sql.listed(person_ids)], often=len(person_ids) <= sql.FEW)
    return {
        person: _Standing(fit, engagement, _parts_of(decay), sql.moment(at), change and sql.moment(change))
        for person, fit, engagement, decay, at, change in rows
    }


_parts_of = msgspec.json.Decoder(tuple[tuple[float, float], ...]).decode


def _state(
    attributes: Mapping[str, object],
    touches: Collection[Touch],
    row: _Standing | None,
    adopted: Model | None,
    at: datetime,
) -> PersonState:
    if row is None or adopted is None:
        return PersonState(attributes=attributes, touches=tuple(touches))
    engagement = decayed(row.decay, at - row.computed_at)
    grade = grade_of(adopted.spec, row.fit, engagement)
    return PersonState(
        attributes=attributes,
        touches=tuple(touches),
        engagement=engagement,
        fit=grade[0],
        grade=grade,
        decay=row.decay,
        as_of=row.computed_at,
        grade_changes_at=row.next_change_at,
    )


def known_of(person: int) -> dict[str, Any]:
    """How a person is scored and why, for the person."""
    row = Score.objects.filter(person=person).values("grade", "fit", "engagement", "reasons", "computed_at")
    return {"score": row.first()}
