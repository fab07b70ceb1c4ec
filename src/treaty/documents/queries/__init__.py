"""Readings of documents: whose they are, who sees them, what a record has."""

from treaty.documents.queries.holders import Holder, holder_of, may_change, register
from treaty.documents.queries.rows import (
    Card,
    DocumentRow,
    adders,
    card,
    document_of,
    documents_of,
    every_document,
    files_of,
    findings,
    known_of,
    missing,
    removed_of,
    visible_documents,
)

__all__ = [
    "Card",
    "DocumentRow",
    "Holder",
    "adders",
    "card",
    "document_of",
    "documents_of",
    "every_document",
    "files_of",
    "findings",
    "holder_of",
    "known_of",
    "may_change",
    "missing",
    "register",
    "removed_of",
    "visible_documents",
]
