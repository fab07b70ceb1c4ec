"""The long work of scoring."""

from django.utils import timezone

from treaty.kit.jobs import Progress, job
from treaty.people import queries as people
from treaty.scoring import projections


@job("score_everybody")
def score_everybody(progress: Progress) -> dict[str, int]:
    """Scores every person under the adopted model, in chunks; a repeated run does the same again."""
    done, after = 0, 0
    while persons := people.person_ids(after=after, limit=projections.AT_ONCE):
        progress.check()
        projections.refold(persons, timezone.now())
        after, done = persons[-1], done + len(persons)
        progress.advance(done)
    return {"persons": done}
