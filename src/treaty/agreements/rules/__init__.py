"""The agreement as a document: what it says, whether it can be carried out, how two of them differ."""

from treaty.agreements.rules.canonical import canonical_json, readable_hash, sha256
from treaty.agreements.rules.clauses import Clause, clauses
from treaty.agreements.rules.difference import Change, diff
from treaty.agreements.rules.document import (
    EFFECTS,
    GRADES,
    Document,
    Example,
    ExampleTouch,
    Goals,
    Member,
    Pool,
    Promise,
    ReturnReason,
    Terms,
    Volume,
)
from treaty.agreements.rules.starter import starter
from treaty.agreements.rules.states import OPEN, State, standing
from treaty.agreements.rules.validation import ClauseProblem, World, examples_passed, parse, validate

__all__ = [
    "EFFECTS",
    "GRADES",
    "OPEN",
    "Change",
    "Clause",
    "ClauseProblem",
    "Document",
    "Example",
    "ExampleTouch",
    "Goals",
    "Member",
    "Pool",
    "Promise",
    "ReturnReason",
    "State",
    "Terms",
    "Volume",
    "World",
    "canonical_json",
    "clauses",
    "diff",
    "examples_passed",
    "parse",
    "readable_hash",
    "sha256",
    "standing",
    "starter",
    "validate",
]
