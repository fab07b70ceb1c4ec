"""Verbs of documents: add, remove, bring back; and those by which they follow their records and go for good."""

from treaty.documents.commands.adding import Added, NoRecord, add_document, take_into_field
from treaty.documents.commands.following import erase_documents, erase_old, move_documents, return_documents
from treaty.documents.commands.reading import read_next
from treaty.documents.commands.removing import remove_document, restore_document
from treaty.documents.commands.sweeping import after_files, sweep

__all__ = [
    "Added",
    "NoRecord",
    "add_document",
    "after_files",
    "erase_documents",
    "erase_old",
    "move_documents",
    "read_next",
    "remove_document",
    "restore_document",
    "return_documents",
    "sweep",
    "take_into_field",
]
