"""The form in which a form is described on the settings page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from treaty.capture.commands import FormDraft
from treaty.capture.queries import OWN, AskedField, askable_fields
from treaty.capture.wording import problem
from treaty.fields.forms import form_field
from treaty.fields.rules import Kind, Plain
from treaty.people.queries import purposes

LABELS = {
    "name": _("Your name"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "email": _("E-mail"),
    "phone": _("Telephone, with country code"),
    "company": _("Company"),
    "title": _("Your role"),
    "country": _("Country"),
    "city": _("City"),
    "interest": _("What are you interested in?"),
    "company_size": _("How many people work there?"),
    "timing": _("When do you want to start?"),
    "message": _("Message"),
}
"""What each field asks, until the settings page says it otherwise."""


class OwnForm(forms.Form):
    """What a form asks for of the company's own fields, as a visitor fills it in."""

    def __init__(self, asked: Sequence[AskedField], data: Any) -> None:
        super().__init__(data)
        self.asked = asked
        for one in asked:
            control = form_field(one.row, None, None)
            control.label, control.required = one.label, one.is_required
            control.error_messages["required"] = problem("required")
            if isinstance(control, forms.ChoiceField) and one.row.kind is Kind.CHOICE:
                control.choices = [("", ""), *((each.key, each.name) for each in one.row.live_options)]
            self.fields[one.input] = control

    def told(self) -> dict[str, Plain]:
        """What was filled in, by the fields' keys."""
        values = {one.row.key: self.cleaned_data.get(one.input) for one in self.asked}
        return {key: value for key, value in values.items() if value not in (None, "", [])}


class FormForm(forms.Form):
    """Name, fields and behaviour of one form. A field is left out, asked or required."""

    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.SlugField(
        label=_("Address"),
        max_length=60,
        help_text=_("The last part of its address; it cannot change later."),
    )
    thanks = forms.CharField(label=_("Thanks"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    redirect_to = forms.URLField(
        label=_("Then go to"),
        required=False,
        help_text=_("A page of yours instead of the thanks."),
        assume_scheme="https",
    )
    channel = forms.CharField(
        label=_("Channel"),
        max_length=60,
        required=False,
        help_text=_("Where its visitors come from, such as website."),
    )
    origins = forms.CharField(
        label=_("Pages that may show it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One address a line, such as https://www.example.com. Empty: any page."),
    )
    consents = forms.TypedMultipleChoiceField(
        label=_("Consents it asks for"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each with its exact words beside a box that nobody has ticked."),
    )
    is_active = forms.BooleanField(label=_("Takes answers"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        """`is_new` decides whether the address can still be chosen."""
        super().__init__(*args, **kwargs)
        agreed = [(one.id, one.name) for one in purposes()]
        if agreed:
            self.fields["consents"].choices = agreed  # type: ignore[attr-defined]
        else:
            del self.fields["consents"]
        if not is_new:
            del self.fields["key"]
        own = {f"{OWN}{row.key}": row.name for row in askable_fields()}
        self.labels: dict[str, StrPromise | str] = {**LABELS, **own}
        for name, label in self.labels.items():
            choices = [("", _("left out")), ("asked", _("asked")), ("required", _("required"))]
            self.fields[f"ask_{name}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def about(self) -> list[forms.BoundField]:
        """What is said of the form itself."""
        return [field for field in self if not field.name.startswith("ask_")]

    def asks(self) -> list[forms.BoundField]:
        """What it asks for: each left out, asked or required."""
        return [field for field in self if field.name.startswith("ask_")]

    def clean_origins(self) -> list[str]:
        """Each line an origin: scheme and host, nothing more."""
        origins: list[str] = self.cleaned_data["origins"].split()
        for origin in origins:
            scheme, _sep, host = origin.partition("://")
            if scheme not in {"http", "https"} or not host or "/" in host or ";" in host or "," in host:
                raise forms.ValidationError(
                    gettext("“%(line)s” is not an origin; write it like https://www.example.com."),
                    params={"line": origin},
                )
        return origins

    def clean(self) -> dict[str, Any]:
        """A form must ask for a mail address or a telephone number, else nobody can answer."""
        data = super().clean() or {}
        if not (data.get("ask_email") or data.get("ask_phone")):
            raise forms.ValidationError(
                gettext("Ask for the mail address or the telephone number, or nobody can answer.")
            )
        return data

    def draft(self, key: str = "") -> FormDraft:
        """What the page said, as the command takes it."""
        data = self.cleaned_data
        return FormDraft(
            key=key or data["key"],
            name=data["name"],
            fields=[
                {"name": name, "label": str(label), "required": data[f"ask_{name}"] == "required"}
                for name, label in self.labels.items()
                if data[f"ask_{name}"]
            ],
            thanks=data["thanks"],
            redirect_to=data["redirect_to"],
            origins=data["origins"],
            channel=data["channel"],
            is_active=data["is_active"],
            consents=data.get("consents", ()),
        )
