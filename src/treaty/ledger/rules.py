"""How readable values become opaque keys."""

import hashlib


def opaque(pepper: bytes, *parts: str) -> str:
    """A keyed hash of readable parts, 32 hex digits: equal parts give equal keys, and the key tells nothing."""
    hashed = hashlib.blake2b("\x1f".join(parts).encode(), key=pepper, digest_size=16)
    return hashed.hexdigest()
