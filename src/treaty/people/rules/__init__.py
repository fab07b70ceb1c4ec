"""What holds of persons without any database: stages, folding, identities, names, drafts and whom a draft means."""

from treaty.kit.rules.folding import fold
from treaty.people.rules.drafts import (
    LENGTHS,
    STATED,
    WAYS,
    CompanyDraft,
    Outcome,
    PersonDraft,
    Problem,
    called,
    folded_name,
    full_name,
    identity_pairs,
    problems,
)
from treaty.people.rules.identities import (
    BadIdentity,
    normalised,
    normalised_email,
    normalised_external,
    normalised_phone,
)
from treaty.people.rules.matching import Match, matches
from treaty.people.rules.stages import ORDER, Back, Stage, moves, stage_after

__all__ = [
    "LENGTHS",
    "ORDER",
    "STATED",
    "WAYS",
    "Back",
    "BadIdentity",
    "CompanyDraft",
    "Match",
    "Outcome",
    "PersonDraft",
    "Problem",
    "Stage",
    "called",
    "fold",
    "folded_name",
    "full_name",
    "identity_pairs",
    "matches",
    "moves",
    "normalised",
    "normalised_email",
    "normalised_external",
    "normalised_phone",
    "problems",
    "stage_after",
]
