"""The long work of segments."""

from django.utils import timezone

from treaty.kit.jobs import Progress, job
from treaty.segments import projections


@job("fill_segment")
def fill_segment(progress: Progress, *, segment: int) -> dict[str, int]:
    """Finds everybody who is in a segment; a repeated run finds the same again."""
    progress.check()
    return {"persons": projections.fill(segment, timezone.now())}
