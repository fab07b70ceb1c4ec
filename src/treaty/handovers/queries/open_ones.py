"""Who has an open handover, for nouns above that ask of many persons at once."""

from collections.abc import Collection

from treaty.handovers.models import Handover
from treaty.handovers.queries.board import COLUMNS, OPEN
from treaty.kit.rows import among


def with_open_handover(persons: Collection[int]) -> set[int]:
    """Those of some persons who are offered, or accepted and still worked on."""
    rows = among(Handover, "person_id", persons).filter(COLUMNS["offered"] | OPEN)
    return set(rows.values_list("person_id", flat=True))
