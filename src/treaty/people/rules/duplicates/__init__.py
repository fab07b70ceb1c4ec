"""Who may be the same person twice: what is compared, who is compared with whom, and how much each likeness weighs."""

from treaty.people.rules.duplicates.blocks import MOST, blocks, name_block, number
from treaty.people.rules.duplicates.evidence import ALMOST_CERTAIN, PROBABLE, Evidence, Reason, weigh
from treaty.people.rules.duplicates.traits import Form, Traits, canonical_email, forms, latin, plain_company

__all__ = [
    "ALMOST_CERTAIN",
    "MOST",
    "PROBABLE",
    "Evidence",
    "Form",
    "Reason",
    "Traits",
    "blocks",
    "canonical_email",
    "forms",
    "latin",
    "name_block",
    "number",
    "plain_company",
    "weigh",
]
