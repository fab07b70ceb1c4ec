"""What the pages of webhooks ask for; the rules behind the answers are the commands'."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from treaty.webhooks import wording
from treaty.webhooks.queries import fact_kinds

Offered = list[tuple[str, list[tuple[str, SafeString]]]]


def kind_choices() -> Offered:
    """Kinds of facts in groups: in words, and under the names they have in messages."""
    known = set(fact_kinds())
    return [
        (str(group), [(kind, named(kind)) for kind in kinds if kind in known])
        for group, kinds in wording.FACTS.items()
    ]


def named(kind: str) -> SafeString:
    """A kind in words, its name beside."""
    return format_html('<span>{}<span class="hint"><code>{}</code></span></span>', wording.fact(kind), kind)


class EndpointForm(forms.Form):
    """An endpoint: its name, its address, and what it wants to hear of."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What it is for: shop, warehouse."))
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where messages are posted to, such as https://example.com/hooks/treaty."),
        widget=forms.TextInput({"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Hears of"), choices=kind_choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_url(self) -> str:
        """The address without what was copied around it."""
        return str(self.cleaned_data["url"]).strip()


class SinceForm(forms.Form):
    """From which day on facts are sent once more."""

    since = forms.DateField(label=_("Recorded since"), widget=forms.DateInput({"type": "date"}))


def blame(form: forms.Form, refused: Any, text: str) -> None:
    """Put a refusal beside the field at fault, in words."""
    form.add_error(refused.field, text)
