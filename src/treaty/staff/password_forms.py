"""The sign-in library's forms of passwords in our words; a placeholder that repeats its label is left out."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class InOurWords(forms.Form):
    """Fields with our labels and without placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].widget.attrs.pop("placeholder", None)


class ChangePassword(InOurWords, ChangePasswordForm):  # type: ignore[misc]  # the library is untyped
    """Another password instead of the current one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""  # a link to another way in, which signs nobody in who is in


class SetPassword(InOurWords, SetPasswordForm):  # type: ignore[misc]
    """A password where there was none."""


class NewPassword(InOurWords, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password by the link of a mail."""
