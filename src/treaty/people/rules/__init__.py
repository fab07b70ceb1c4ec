"""What holds of persons without any database: stages, folding, identities, names, drafts and whom a draft means."""

from treaty.kit.rules.folding import fold
from treaty.people.rules.bin import KEPT_FOR
from treaty.people.rules.cards import card_name, person_called
from treaty.people.rules.consents import (
    Agreed,
    ConsentDraft,
    Purpose,
    consent_words,
    is_news,
    place_of,
    standing,
    told_as_cell,
)
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
    LABELS,
    BadIdentity,
    normalised,
    normalised_email,
    normalised_external,
    normalised_phone,
)
from treaty.people.rules.matching import Match, matches
from treaty.people.rules.places import is_country, zones
from treaty.people.rules.ready import LINKS, TEXTS, Ready, made_ready, names_stated, person_entry, stated
from treaty.people.rules.stages import ORDER, Back, Stage, moves, stage_after

__all__ = [
    "KEPT_FOR",
    "LABELS",
    "LENGTHS",
    "LINKS",
    "ORDER",
    "STATED",
    "TEXTS",
    "WAYS",
    "Agreed",
    "Back",
    "BadIdentity",
    "CompanyDraft",
    "ConsentDraft",
    "Match",
    "Outcome",
    "PersonDraft",
    "Problem",
    "Purpose",
    "Ready",
    "Stage",
    "called",
    "card_name",
    "consent_words",
    "fold",
    "folded_name",
    "full_name",
    "identity_pairs",
    "is_country",
    "is_news",
    "made_ready",
    "matches",
    "moves",
    "names_stated",
    "normalised",
    "normalised_email",
    "normalised_external",
    "normalised_phone",
    "person_called",
    "person_entry",
    "place_of",
    "problems",
    "stage_after",
    "standing",
    "stated",
    "told_as_cell",
    "zones",
]
