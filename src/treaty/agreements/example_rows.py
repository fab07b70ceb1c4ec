"""The example persons of a draft as rows within rows: who it is, what is known of them, what they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.agreements.choices import Choices, is_of_numbers, known_value, said
from treaty.agreements.rows import PlacedForm, RowForm, row_set
from treaty.agreements.rules import Document, Example, ExampleTouch
from treaty.segments.rules.plain import NotAValue, flat, nested, read, written


class ExampleForm(PlacedForm):
    """An example person: a name, and whether the definition must mean this person."""

    name = forms.CharField(label=_("Who it is"), max_length=120)
    passes = forms.TypedChoiceField(
        label=_("The definition"),
        choices=(("1", _("must mean this person")), ("0", _("must not mean this person"))),
        coerce=lambda text: text == "1",
        initial="1",
    )


class AttributeForm(RowForm):
    """Something known of an example person."""

    field = forms.ChoiceField(label=_("What is known"))
    value = forms.CharField(label=_("Value"), max_length=500)

    def __init__(
        self, *args: Any, attributes: Sequence[tuple[str, str]], stood: Mapping[str, object], **kwargs: Any
    ) -> None:
        """`stood` is what the document knows of the person, by dotted path."""
        super().__init__(*args, **kwargs)
        self.choose("field", attributes)
        self.stood = stood
        self.known: object = None

    def clean(self) -> None:
        """Read the value as its field holds it."""
        path, text = self.stated("field"), self.stated("value")
        if not path or not text:
            return
        if path in self.stood and said(self.stood[path]) == text:
            self.known = self.stood[path]
            return
        try:
            self.known = known_value(path, text)
        except NotAValue as wrong:
            self.refuse("value", wrong)


class TouchForm(PlacedForm):
    """Something an example person did, some days ago."""

    did = forms.ChoiceField(label=_("The person"))
    days_ago = forms.FloatField(label=_("Days ago"), min_value=0, max_value=3650, initial=0)
    field = forms.ChoiceField(label=_("Namely"), required=False)
    value = forms.CharField(label=_("Value"), required=False, max_length=500)

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[str, str]], values: Sequence[str], **kwargs: Any
    ) -> None:
        """`kinds` are the choices of facts, `values` the names of what they carry."""
        super().__init__(*args, **kwargs)
        self.choose("did", kinds)
        self.choose("field", [(name, name) for name in values], gettext("nothing more"))
        self.values: Mapping[str, Any] = {}
        if isinstance(self.stood, ExampleTouch) and len(self.stood.values) > 1:
            self.values = self.stood.values
            del self.fields["field"], self.fields["value"], self.fields["did"]

    def clean(self) -> None:
        """Read the value that it carried, if one is named."""
        name, text = self.stated("field"), self.stated("value")
        if "did" not in self.cleaned_data or not name:
            return
        stood = self.stood.values if isinstance(self.stood, ExampleTouch) else {}
        if name in stood and written(stood[name]) == text:
            self.values = {name: stood[name]}
            return
        try:
            self.values = {name: read(text, is_number=is_of_numbers(self.cleaned_data["did"], name))}
        except NotAValue as wrong:
            self.refuse("value", wrong)

    def made(self) -> ExampleTouch:
        """The touch. Call it once the form is valid."""
        did = self.cleaned_data["did"] if "did" in self.fields else self.stood.did  # type: ignore[union-attr]
        return ExampleTouch(did=did, days_ago=self.cleaned_data["days_ago"], values=dict(self.values))


ExampleForms, AttributeForms, TouchForms = row_set(ExampleForm), row_set(AttributeForm), row_set(TouchForm)


@dataclass(frozen=True)
class ExampleRow:
    """One example person: its own form, and the rows of what is known and what was done."""

    form: Any
    attributes: Any
    touches: Any

    def is_valid(self) -> bool:
        """Whether all of it is; what was taken out always is, and so is a new one nobody filled in."""
        if self.form.is_removed:
            return True
        if self.attributes.has_changed() or self.touches.has_changed():
            self.form.empty_permitted = False
        return all([self.form.is_valid(), self.attributes.is_valid(), self.touches.is_valid()])

    def made(self) -> Example:
        """The example. Call it once the row is valid."""
        known = {form.stated("field"): form.known for form in self.attributes.filled}
        return Example(
            name=self.form.cleaned_data["name"],
            passes=self.form.cleaned_data["passes"],
            attributes=nested(known),
            touches=tuple(form.made() for form in self.touches.filled),
        )


@dataclass(frozen=True)
class Examples:
    """All example persons of a draft."""

    forms: Any
    rows: tuple[ExampleRow, ...]

    def is_valid(self) -> bool:
        """Whether all are; each is asked, so that all errors show."""
        valid = [row.is_valid() for row in self.rows]
        return bool(self.forms.is_valid()) and all(valid)

    def all_rows(self) -> list[Any]:
        """Every form."""
        inner = [form for row in self.rows for form in (*row.attributes.forms, *row.touches.forms)]
        return [*self.forms.forms, *inner]

    def made(self) -> tuple[Example, ...]:
        """The examples. Call it once all are valid."""
        return tuple(row.made() for row in self.rows if row.form.is_filled)


def examples_of(document: Document, choices: Choices, sent: QueryDict | None) -> Examples:
    """The rows of a document's examples; with what was sent, bound to it."""
    initial = [
        {"place": place, "name": one.name, "passes": "1" if one.passes else "0"}
        for place, one in enumerate(document.examples)
    ]
    kwargs = {"stands": document.examples}
    all_forms = ExampleForms(sent, initial=initial, prefix="example", form_kwargs=kwargs)
    return Examples(all_forms, tuple(_row(form, choices, sent) for form in all_forms.forms))


def _row(form: Any, choices: Choices, sent: QueryDict | None) -> ExampleRow:
    stood = form.stood or Example(name="-", passes=True)
    held = flat(stood.attributes)
    # In the order of the choices: a database may keep the names of an object in another one.
    known = {path: held[path] for path, _words in choices.attributes if path in held}
    initial = [{"field": path, "value": said(value)} for path, value in known.items()]
    touches = [_touch(place, touch) for place, touch in enumerate(stood.touches)]
    of_person = {"attributes": choices.attributes, "stood": known}
    of_touch = {"kinds": choices.kinds, "values": choices.values, "stands": stood.touches}
    # Of one taken out nothing is sent but that it is.
    given = None if form.is_removed else sent
    prefix = str(form.prefix)
    return ExampleRow(
        form,
        AttributeForms(given, initial=initial, prefix=f"{prefix}-attribute", form_kwargs=of_person),
        TouchForms(given, initial=touches, prefix=f"{prefix}-touch", form_kwargs=of_touch),
    )


def _touch(place: int, touch: ExampleTouch) -> dict[str, object]:
    name, value = next(iter(touch.values.items()), ("", ""))
    days = int(touch.days_ago) if touch.days_ago.is_integer() else touch.days_ago
    return {"place": place, "did": touch.did, "days_ago": days, "field": name, "value": written(value)}
