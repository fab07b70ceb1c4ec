"""The draft of an agreement as forms, clause by clause, in plain words; and how they become a document again."""

from itertools import chain, count
from typing import Any, cast

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from treaty.agreements.rows import JudgedForm
from treaty.agreements.rules import EFFECTS, GRADES, Document
from treaty.agreements.rules.document import Letter, Promise

LETTER_CHOICES = [(letter, letter) for letter in GRADES]
EFFECT_CHOICES = (
    ("recycle", _("goes to nurture")),
    ("not_a_fit", _("is no fit")),
    ("invalid_identity", _("has wrong data")),
    ("duplicate", _("is known already")),
    ("spam", _("is blocked as spam")),
)
"""One for each of EFFECTS, in words."""


class ClausesForm(JudgedForm):
    """The values that stand alone in their clause."""

    title = forms.CharField(label=_("Title"), max_length=120)
    begins_at = forms.DateTimeField(
        label=_("In force from"),
        required=False,
        help_text=_("Empty: with the last signature."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    revenue = forms.DecimalField(
        label=_("Revenue in a quarter"), required=False, min_value=0, decimal_places=3
    )
    new_customers = forms.IntegerField(label=_("New customers in a quarter"), required=False, min_value=1)
    letters = forms.MultipleChoiceField(
        label=_("Fit is one of"), choices=LETTER_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    engagement = forms.FloatField(label=_("Engagement reaches"), min_value=0.1, required=False)
    a = forms.IntegerField(label=_("A from"))
    b = forms.IntegerField(label=_("B from"))
    c = forms.IntegerField(label=_("C from"))
    half_life_days = forms.FloatField(label=_("Points halve after days"), min_value=0.1, max_value=3650)
    first = forms.FloatField(label=_("1 from"), min_value=0.1)
    second = forms.FloatField(label=_("2 from"), min_value=0.1)
    third = forms.FloatField(label=_("3 from"), min_value=0.1)
    leads = forms.IntegerField(label=_("Leads a month"), min_value=1, max_value=1_000_000)
    of_grade_a = forms.IntegerField(label=_("Of grade A at least"), min_value=0, max_value=1_000_000)
    team = forms.TypedChoiceField(label=_("Team that receives the leads"), coerce=int)
    owner_first = forms.BooleanField(label=_("A company's existing owner comes first"), required=False)
    match_language = forms.BooleanField(
        label=_("Whoever receives a lead speaks its language"), required=False
    )

    def __init__(self, *args: Any, teams: list[tuple[int, str]], is_plain: bool, **kwargs: Any) -> None:
        """`is_plain` is whether the definition is one of fit and engagement, and so can be changed here."""
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["team"]).choices = teams
        for letter in GRADES:
            self.fields[f"accept_{letter}"] = hours_field(letter)
            self.fields[f"touch_{letter}"] = hours_field(letter)
        if not is_plain:
            del self.fields["letters"], self.fields["engagement"]

    def promises(self, kind: str) -> tuple[Promise, ...]:
        """The promises of a kind: grades with the same hours are one promise."""
        grades_of: dict[float, list[Letter]] = {}
        for letter in GRADES:
            grades_of.setdefault(self.cleaned_data[f"{kind}_{letter}"], []).append(letter)
        return tuple(Promise(grades=tuple(grades), hours=hours) for hours, grades in grades_of.items())


def hours_field(letter: str) -> forms.FloatField:
    """Business hours for leads of one grade."""
    return forms.FloatField(
        label=_("Grade %(letter)s") % {"letter": letter}, min_value=0.01, max_value=10_000
    )


class MemberForm(JudgedForm):
    """How many leads a month one member of the team can take."""

    user = forms.IntegerField(widget=forms.HiddenInput)
    capacity = forms.IntegerField(label=_("Leads a month"), required=False, min_value=0, max_value=100_000)


class ReasonForm(JudgedForm):
    """One return reason; an empty label removes it."""

    code = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    label = forms.CharField(label=_("Reason"), required=False, max_length=120)
    effect = forms.ChoiceField(label=_("What becomes of the lead"), choices=EFFECT_CHOICES)
    hold_days = forms.IntegerField(label=_("Days in peace"), required=False, min_value=0, max_value=3650)
    counts = forms.BooleanField(label=_("Counts in the rates"), required=False, initial=True)

    def code_among(self, taken: set[str]) -> str:
        """The code the reason has, or a new one made from its label."""
        if code := self.cleaned_data["code"]:
            return str(code)
        made = slugify(self.cleaned_data["label"]).replace("-", "_").strip("_")[:30] or "reason"
        stem = made if made[0].isalpha() else f"reason_{made}"
        numbered = (f"{stem}_{number}" for number in count(2))
        return next(code for code in chain([stem], numbered) if code not in taken)


class DeclineForm(forms.Form):
    """Why a side declines."""

    reason = forms.CharField(
        label=_("Why you decline"), max_length=400, widget=forms.Textarea(attrs={"rows": 4})
    )


class ImportForm(forms.Form):
    """An agreement as a YAML file."""

    file = forms.FileField(
        label=_("Agreement as a YAML file"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"})
    )


MemberForms = forms.formset_factory(MemberForm, extra=0)
ReasonForms = forms.formset_factory(ReasonForm, extra=2)

assert {code for code, _label in EFFECT_CHOICES} == set(EFFECTS)  # noqa: S101  two lists that must not part


def hours_of(document: Document) -> dict[str, float]:
    """The hours of each promise by grade, as the form names them."""
    found: dict[str, float] = {}
    for kind, promises in (("accept", document.accept), ("touch", document.first_touch)):
        for promise in promises:
            found |= {f"{kind}_{letter}": promise.hours for letter in promise.grades}
    return found
