"""When a verdict is said, that is written into the ledger: at once, unless its act can still be undone."""

from datetime import datetime, timedelta

from treaty.handovers.rules.acts import Verdict

UNDO_WITHIN = timedelta(seconds=10)
"""How long an acceptance can be taken back."""
SLOW_LINE = timedelta(seconds=5)
"""How long the press of an undo button may travel."""
UNDO_IS_OVER = UNDO_WITHIN + SLOW_LINE


def may_be_said(
    verdict: str, stopped_at: datetime | None, undoable_at: datetime | None, at: datetime
) -> bool:
    """Whether a verdict is final enough for the ledger at `at`.

    The ledger forgets nothing, so it is told nothing that may vanish: what an acceptance kept is said when that
    acceptance, made at `undoable_at`, can no longer be undone. What is broken stays broken either way.
    """
    if verdict == Verdict.BROKEN or undoable_at is None or stopped_at != undoable_at:
        return verdict != Verdict.OPEN
    return at - undoable_at > UNDO_IS_OVER
