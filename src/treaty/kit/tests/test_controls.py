"""Controls drawn in Python are those that Django's own templates write."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override

from treaty.kit.controls import Renderer

NASTY = "<b>\"Ann\" & 'Bo'</b>"
CHOICES = [("", "–"), ("a", NASTY), ("Group & more", [(1, 1234), (2, gettext_lazy("Save"))])]


class Everything(forms.Form):
    """Each kind of control that a form of ours may hold."""

    name = forms.CharField(help_text="as on the card", max_length=20)
    note = forms.CharField(widget=forms.Textarea, required=False)
    mail = forms.EmailField(required=False)
    page = forms.URLField(required=False, assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=1, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.DateTimeField(required=False)
    ticked = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs={"disabled": False, "data-x": True}))
    some = forms.MultipleChoiceField(choices=[("a", NASTY), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    many = forms.MultipleChoiceField(choices=[("a", NASTY), ("b", "B")])
    sheet = forms.FileField(required=False)


FILLED = {
    "name": NASTY,
    "note": f"first\n{NASTY}",
    "number": 1234567,
    "at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    "ticked": True,
    "one": 1,
    "some": ["a"],
    "many": ["b"],
    "hidden": SafeString("a &amp; b"),
}


def squeezed(html: str) -> str:
    """HTML without what separates its tags."""
    return re.sub(r">\s+<", "><", html).strip()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("kind", ["empty", "filled", "sent"])
def test_controls_are_those_of_the_templates(language: str, kind: str) -> None:
    given: dict[str, dict[str, Any]] = {
        "empty": {},
        "filled": {"initial": FILLED},
        "sent": {"data": {"name": "", "one": "2", "number": NASTY}},
    }
    with override(language):
        ours, theirs = (
            Everything(**given[kind], renderer=renderer) for renderer in (Renderer(), TemplatesSetting())
        )
        for mine, other in zip(ours, theirs, strict=True):
            assert squeezed(str(mine)) == squeezed(str(other)), mine.name
            assert squeezed(str(mine.errors)) == squeezed(str(other.errors)), mine.name
        assert squeezed(str(ours)) == squeezed(str(theirs))


@pytest.mark.parametrize(
    "sent", [None, {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "1"}]
)
def test_a_form_of_hidden_fields_alone_is_the_templates(sent: dict[str, str] | None) -> None:
    made = forms.formset_factory(Everything)
    ours, theirs = (
        made(sent, prefix="form", form_kwargs={"renderer": renderer})
        for renderer in (Renderer(), TemplatesSetting())
    )
    ours.management_form.renderer, theirs.management_form.renderer = Renderer(), TemplatesSetting()
    assert squeezed(str(ours.management_form)) == squeezed(str(theirs.management_form))
