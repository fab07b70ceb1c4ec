"""What a segment is called."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """The name of a segment; no two have the same."""

    name = forms.CharField(label=_("What it is called"), max_length=80)
