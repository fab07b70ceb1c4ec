"""Secrets lie encrypted: each kind under a key of its own, made from the installation's secret key."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


def locked(text: str, *, purpose: str) -> str:
    """The text, unreadable without the secret key."""
    return _lock(purpose).encrypt(text.encode()).decode()


def unlocked(text: str, *, purpose: str) -> str:
    """The text again; raises InvalidToken where the secret key was exchanged."""
    return _lock(purpose).decrypt(text.encode()).decode()


def is_readable(text: str, *, purpose: str) -> bool:
    """Whether it can be unlocked."""
    try:
        unlocked(text, purpose=purpose)
    except InvalidToken:
        return False
    return True


def _lock(purpose: str) -> Fernet:
    key = salted_hmac(purpose, "seed", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
