"""Verbs of the sample company."""

from treaty.sample.commands.company import Company, found_company
from treaty.sample.commands.fill import fill, is_filled

__all__ = ["Company", "fill", "found_company", "is_filled"]
