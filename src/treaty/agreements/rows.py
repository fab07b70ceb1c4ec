"""The rows of a draft that can be added and removed: the rules of fit and engagement.

A row that holds more than a form can state (several conditions joined, say) shows it in words and keeps it as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.agreements.choices import (
    NOT_A_VALUE,
    OPERATOR_CHOICES,
    carried,
    is_of_numbers,
)
from treaty.scoring.rules import EngagementRule, FitRule
from treaty.segments.rules import Node, ValueTest
from treaty.segments.rules.plain import (
    OF_NUMBERS,
    WITHOUT_VALUE,
    YES_OR_NO,
    NotAValue,
    Plain,
    node_of,
    plain_of,
    plain_test,
    test_of,
)
from treaty.segments.wording import fact_name

MOST = 100
"""Rows of a kind."""


class JudgedForm(forms.Form):
    """A form whose errors can be left unsaid: while rows are added, what is not filled in yet is no mistake."""

    is_judged = True
    is_removed = False
    """Whether somebody took the row out that it is."""

    @property
    def errors(self) -> ErrorDict:
        """What is wrong, by field."""
        return super().errors if self.is_judged else ErrorDict()


class RowForm(JudgedForm):
    """One row of several."""

    @property
    def is_removed(self) -> bool:  # type: ignore[override]  # of a row it is asked, of other forms it is known
        """Whether somebody took it out."""
        return "DELETE" in self.fields and self["DELETE"].value() in (True, "on")

    @property
    def is_filled(self) -> bool:
        """Whether it says anything; asked once it was found valid."""
        return bool(self.cleaned_data) and not self.is_removed

    def stated(self, name: str) -> str:
        """What was written in a field, without blanks around it."""
        return str(self.cleaned_data.get(name) or "").strip()

    def refuse(self, name: str, wrong: NotAValue) -> None:
        """Say at a field what is wrong with what was written."""
        self.add_error(name, NOT_A_VALUE()[wrong.code])

    def choose(self, name: str, choices: Sequence[tuple[str, str]], nothing: str = "") -> None:
        """Let a field be one of some choices, or nothing."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", nothing), *choices]


class PlacedForm(RowForm):
    """A row that shows one of the document's; `place` is where that stands, empty for a new one."""

    place = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, stands: Sequence[Any] = (), **kwargs: Any) -> None:
        """`stands` are the document's own rows."""
        super().__init__(*args, **kwargs)
        place = self["place"].value()
        is_there = str(place or 0).isdecimal() and place not in (None, "") and int(place) < len(stands)
        self.stood = stands[int(place)] if is_there else None


class ConditionForm(PlacedForm):
    """A row with a condition: one field, a comparison, a value. Without `is_plain` the condition stays as it is."""

    field = forms.ChoiceField(label=_("Asks for"))
    operator = forms.ChoiceField(label=_("Compared"), choices=OPERATOR_CHOICES)
    value = forms.CharField(label=_("Value"), required=False, max_length=500)

    def keep_condition(self) -> None:
        """Take the fields of the condition away."""
        for name in ("field", "operator", "value"):
            del self.fields[name]

    @property
    def is_plain(self) -> bool:
        """Whether its condition can be changed here."""
        return "operator" in self.fields

    def plain(self) -> Plain | None:
        """The condition as it is written; None where it is not, which is said at its fields."""
        plain = Plain(self.stated("field"), self.stated("operator"), self.stated("value"))
        if not plain.field or not plain.operator:
            return None
        if plain.field in YES_OR_NO and plain.operator not in ("yes", "no"):
            self.add_error("operator", gettext("This is so or not so; choose one of the two."))
            return None
        return Plain(plain.field, plain.operator) if plain.operator in WITHOUT_VALUE else plain


class FitForm(ConditionForm):
    """Points for what a person is."""

    label = forms.CharField(label=_("What it is called"), max_length=80)
    points = forms.IntegerField(label=_("Points"), min_value=-1000, max_value=1000)
    field_order = ("place", "label", "field", "operator", "value", "points")

    def __init__(self, *args: Any, attributes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`attributes` are the choices of what a condition may ask for."""
        super().__init__(*args, **kwargs)
        self.choose("field", attributes)
        self.when: Node | None = None
        if isinstance(self.stood, FitRule) and plain_of(self.stood.when) is None:
            self.when = self.stood.when
            self.keep_condition()

    def clean(self) -> None:
        """Read the condition."""
        if not self.is_plain or (plain := self.plain()) is None:
            return
        if isinstance(self.stood, FitRule) and plain_of(self.stood.when) == plain:
            self.when = self.stood.when
            return
        try:
            self.when = node_of(plain, is_number=plain.field in OF_NUMBERS)
        except NotAValue as wrong:
            self.refuse("value", wrong)

    def made(self) -> FitRule:
        """The rule. Call it once the form is valid."""
        given = {key: self.cleaned_data[key] for key in ("label", "points")}
        return FitRule.model_validate({"when": self.when, **given})


class ActForm(ConditionForm):
    """Points for something a person did; its condition is on one of the values that such a fact carries."""

    label = forms.CharField(label=_("What it is called"), max_length=80)
    did = forms.ChoiceField(label=_("The person"))
    points = forms.IntegerField(label=_("Points"), min_value=-1000, max_value=1000)
    most_per_day = forms.IntegerField(label=_("Most a day"), required=False, min_value=1)
    half_life_days = forms.FloatField(
        label=_("Half-life, days"), required=False, min_value=0.1, max_value=3650
    )
    field_order = (
        "place",
        "label",
        "did",
        "field",
        "operator",
        "value",
        "points",
        "half_life_days",
        "most_per_day",
    )

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[str, str]], values: Sequence[str], **kwargs: Any
    ) -> None:
        """`kinds` are the choices of facts, `values` the names of what they carry."""
        super().__init__(*args, **kwargs)
        self.choose("did", kinds)
        self.choose("field", [(name, name) for name in values], gettext("whatever it was"))
        for name in ("field", "operator"):
            self.fields[name].required = False
        self.where: Mapping[str, ValueTest] = {}
        if isinstance(self.stood, EngagementRule) and self.stood.where and not act_condition(self.stood):
            self.where = self.stood.where
            self.keep_condition()
            del self.fields["did"]

    def clean(self) -> None:
        """Read the condition, if there is one."""
        if not self.is_plain or not self.stated("field") or "did" not in self.cleaned_data:
            return
        if not self.stated("operator"):
            self.add_error("operator", gettext("Say how the value is compared."))
        if self.carries(self.stated("field")) and (plain := self.plain()) is not None:
            self._read(plain)

    def carries(self, name: str) -> bool:
        """Whether facts of the chosen kind carry such a value; else that is said."""
        kind = self.cleaned_data["did"]
        names = carried(kind)
        if name.partition(".")[0] in names:
            return True
        values = {"kind": fact_name(kind), "field": name, "known": ", ".join(names)}
        self.add_error("field", gettext("“%(kind)s” knows no %(field)s; it knows: %(known)s.") % values)
        return False

    def _read(self, plain: Plain) -> None:
        if isinstance(self.stood, EngagementRule) and plain == act_condition(self.stood):
            self.where = self.stood.where
            return
        if plain.operator == "contains_one":
            self.add_error("operator", gettext("Here one text is looked for; make a row for each."))
            return
        try:
            is_number = is_of_numbers(self.cleaned_data["did"], plain.field)
            self.where = {plain.field: test_of(plain, is_number=is_number)}
        except NotAValue as wrong:
            self.refuse("value", wrong)

    def made(self) -> EngagementRule:
        """The rule. Call it once the form is valid."""
        names = ("label", "points", "most_per_day", "half_life_days")
        given = {key: self.cleaned_data[key] for key in names}
        did = self.cleaned_data["did"] if "did" in self.fields else self.stood.did  # type: ignore[union-attr]
        return EngagementRule(did=did, where=dict(self.where), **given)


def act_condition(rule: EngagementRule) -> Plain | None:
    """The one condition of a rule as a form states it; None for none and for several."""
    if len(rule.where) != 1:
        return None
    [(name, test)] = rule.where.items()
    return plain_test(name, test)


class RowSet(forms.BaseFormSet[RowForm]):
    """Rows of one kind; those taken out stay among them, without their fields."""

    deletion_widget = forms.HiddenInput

    @property
    def filled(self) -> list[Any]:
        """The rows that say something; asked once all were found valid."""
        return [form for form in self.forms if form.is_filled]


def row_set(form: type[RowForm]) -> type[RowSet]:
    """The rows of one kind of form."""
    made = forms.formset_factory(
        form, formset=RowSet, extra=0, can_delete=True, max_num=MOST, absolute_max=MOST
    )
    return cast(type[RowSet], made)


FitForms, ActForms = row_set(FitForm), row_set(ActForm)
