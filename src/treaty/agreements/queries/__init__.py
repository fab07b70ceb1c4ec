"""Readings of the agreement: what is in force, all versions, how promises were judged."""

from treaty.agreements.queries.verdicts import (
    Counts,
    counts_by_clause,
    month_bounds,
    verdict_counts,
)
from treaty.agreements.queries.versions import (
    InForce,
    SignatureRow,
    VersionRow,
    asked_in_force,
    document_of,
    in_force,
    predecessor,
    version_by_id,
    version_row,
    versions,
)
from treaty.agreements.queries.world import asked_by, known_kinds, problems, world

__all__ = [
    "Counts",
    "InForce",
    "SignatureRow",
    "VersionRow",
    "asked_by",
    "asked_in_force",
    "counts_by_clause",
    "document_of",
    "in_force",
    "known_kinds",
    "month_bounds",
    "predecessor",
    "problems",
    "verdict_counts",
    "version_by_id",
    "version_row",
    "versions",
    "world",
]
