"""What a device answers about a passkey: the library reads it as if every answer had the right shape."""

from typing import Any

from allauth.mfa.webauthn import forms as library
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def refused() -> ValidationError:
    """An answer that no device gives."""
    return ValidationError(_("The answer of the device cannot be read. Try it again."), code="unreadable")


class Add(library.AddWebAuthnForm):  # type: ignore[misc]  # the library is untyped
    """A passkey is made."""

    def clean(self) -> dict[str, Any]:
        """The answer, checked by the library."""
        try:
            return dict(super().clean())
        except UNREADABLE:
            raise refused() from None


class _Used(library.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        """The passkey that answered, checked by the library."""
        try:
            return super().clean_credential()
        except UNREADABLE:
            raise refused() from None


class Authenticate(_Used):
    """A passkey is used after the password."""


class LogIn(_Used, library.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey is used instead of a password."""


class Reauthenticate(_Used, library.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey says again that it is the same person."""
