"""Secrets lie encrypted, each kind for itself."""

import pytest
from cryptography.fernet import InvalidToken

from treaty.kit import vault


def test_a_secret_comes_back_only_for_its_purpose() -> None:
    kept = vault.locked("whsec_abc", purpose="webhooks")
    assert "whsec_abc" not in kept
    assert vault.unlocked(kept, purpose="webhooks") == "whsec_abc"
    with pytest.raises(InvalidToken):
        vault.unlocked(kept, purpose="mail")


def test_another_secret_key_opens_nothing(settings: pytest.FixtureRequest) -> None:
    kept = vault.locked("whsec_abc", purpose="webhooks")
    settings.SECRET_KEY = "another one"  # type: ignore[attr-defined]
    with pytest.raises(InvalidToken):
        vault.unlocked(kept, purpose="webhooks")
