"""Verbs of scoring: adopt a model, score everybody again, sweep up scores that faded over a threshold."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from treaty.kit import jobs
from treaty.people import queries as people
from treaty.scoring import projections, queries
from treaty.scoring.models import ScoreModel
from treaty.scoring.rules import Spec

SWEEP_AT_ONCE = 5_000


def adopt_model(spec: Spec, *, version: int | None, at: datetime, by: int | None = None) -> None:
    """Score by these rules from now on; everybody is scored again by a job. Adopting what counts is a no-op."""
    adopted = queries.model()
    if adopted is not None and adopted.spec == spec and adopted.version == version:
        return
    with transaction.atomic():
        data = spec.model_dump(mode="json", exclude_none=True)
        ScoreModel.objects.create(spec=data, version=version, adopted_at=at)
        if people.person_ids(limit=1):
            jobs.start("score_everybody", gettext("Score everybody again"), {}, by=by)


def score_again(persons: Collection[int], *, at: datetime) -> None:
    """Score persons as of `at`: for whoever brought history in without telling listeners."""
    projections.refold(persons, at)


def sweep(at: datetime) -> int:
    """Score again those whose grade fading has changed; at most a bounded number, returns how many."""
    persons = queries.due(at, SWEEP_AT_ONCE)
    projections.refold(persons, at)
    return len(persons)
