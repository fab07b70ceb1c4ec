"""The agreement's pages: the contract, its draft, the acts of both sides, files, and the first-run guide."""

from treaty.agreements.views.acts import decline, proposal, signature, withdrawal
from treaty.agreements.views.contract import agreement, version
from treaty.agreements.views.draft import edit, new_version
from treaty.agreements.views.files import export, upload
from treaty.agreements.views.guide import guide

__all__ = [
    "agreement",
    "decline",
    "edit",
    "export",
    "guide",
    "new_version",
    "proposal",
    "signature",
    "upload",
    "version",
    "withdrawal",
]
