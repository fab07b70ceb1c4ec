"""Scores over REST: how well a person fits and how engaged they are now, with the reasons in words."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router

from treaty.kit.rest import READS, Id, Shape
from treaty.people.queries import visible_persons
from treaty.scoring import queries
from treaty.staff.access import Key, caller
from treaty.staff.rules import SEE_PEOPLE

router = Router(tags=["persons"])
READ = Key("people:read", SEE_PEOPLE)


class ReasonOut(Shape):
    """What brought or cost points."""

    points: str = Field(description="With their sign, as people read them.")
    cause: str


class ScoreOut(Shape):
    """A score by the model of the agreement in force; `engagement` has faded until now, the rest is as of `computed_at`.

    All null for who was not scored yet, as everybody before the first agreement.
    """

    grade: str | None = Field(None, description="A1 to D4: the letter is the fit, the digit the engagement.")
    fit: int | None = None
    engagement: float | None = None
    reasons: list[ReasonOut] = []
    computed_at: datetime | None = None


@router.get(
    "/persons/{person}/score", response={200: ScoreOut, **READS}, auth=READ, summary="Read a person's score"
)
def read_score(request: HttpRequest, person: Id) -> ScoreOut:
    """The grade and what it is made of."""
    if not visible_persons(caller(request)).filter(pk=person).exists():
        raise Http404
    row, at = queries.scores([person]).get(person), timezone.now()
    if row is None:
        return ScoreOut()
    return ScoreOut(
        grade=row.grade,
        fit=row.fit,
        engagement=round(row.engagement_at(at), 3),
        reasons=[ReasonOut(points=points, cause=cause) for points, cause in queries.reasons_told(row, at)],
        computed_at=row.computed_at,
    )
