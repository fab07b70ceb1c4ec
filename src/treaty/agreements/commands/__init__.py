"""Verbs of the agreement: draft, propose, sign, decline, withdraw, begin; and the verdict on a promise."""

from treaty.agreements.commands.drafting import (
    amend,
    change_draft,
    draft_version,
    export_yaml,
    import_yaml,
    propose,
    starting_document,
)
from treaty.agreements.commands.refusals import NotValid, Refused
from treaty.agreements.commands.signing import begin_due, decline, sign, withdraw
from treaty.agreements.commands.verdicts import record_verdict

__all__ = [
    "NotValid",
    "Refused",
    "amend",
    "begin_due",
    "change_draft",
    "decline",
    "draft_version",
    "export_yaml",
    "import_yaml",
    "propose",
    "record_verdict",
    "sign",
    "starting_document",
    "withdraw",
]
