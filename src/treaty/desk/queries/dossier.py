"""Everything the house knows of one person: what each noun offers, in one document."""

from typing import Any

from treaty.kit.nouns import offered


def dossier(person: int) -> dict[str, Any]:
    """Every noun's answer, from the ground up."""
    known: dict[str, Any] = {}
    for _noun, known_of in offered("queries", "known_of"):
        known |= known_of(person)
    return known
