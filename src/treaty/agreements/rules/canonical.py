"""The one way to write a document down, so that equal agreements have equal hashes. Signing signs this hash."""

import hashlib
import json
import unicodedata

from treaty.agreements.rules.document import Document


def canonical_json(document: Document) -> str:
    """Sorted keys, no spaces, NFC, real letters; what is not said is left out, times are in UTC."""
    data = document.model_dump(mode="json", exclude_none=True)
    return json.dumps(
        _normal(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def sha256(document: Document) -> str:
    """The hash of the canonical JSON in UTF-8, 64 hex digits."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def readable_hash(digest: str) -> str:
    """A hash in groups of four, as people compare it."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _normal(value: object) -> object:
    """Texts in NFC; whole numbers without decimals, so that 4 and 4.0 hours are the same promise."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {unicodedata.normalize("NFC", str(key)): _normal(inner) for key, inner in value.items()}
        case list():
            return [_normal(inner) for inner in value]
        case _:
            return value
