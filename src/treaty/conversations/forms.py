"""What the pages of conversations ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """A note about somebody."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 5}), max_length=10_000)
    goes_on = forms.BooleanField(label=_("Attach documents next"), required=False)
