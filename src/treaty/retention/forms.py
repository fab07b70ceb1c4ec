"""What the pages of retention ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treaty.retention.rules import MONTHS


class MonthsForm(forms.Form):
    """How long something is kept."""

    months = forms.IntegerField(
        label=_("Months"),
        min_value=MONTHS.start,
        max_value=MONTHS.stop - 1,
        widget=forms.NumberInput({"class": "short"}),
    )

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = f"{kind}-%s"
