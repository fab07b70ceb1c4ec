"""Fields of one's own as a part of the form of a record; and the forms of the pages that define them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.fields import wording
from treaty.fields.commands import FieldDraft, Refused, WrongValue, join_tags
from treaty.fields.queries import (
    FieldRow,
    Named,
    NotTaken,
    cell_text,
    fields_of,
    found,
    names,
    offered,
    pointed_to,
    records_url,
    tags_url,
    taker_of,
    values_of,
    words,
    written,
)
from treaty.fields.rules import (
    CHOSEN,
    LINKED,
    LONGEST,
    LONGEST_LINE,
    NUMBERED,
    RECORDS,
    SEVERAL,
    BadValue,
    Kind,
    Plain,
    cells,
    grown,
    told,
)
from treaty.kit.cells import PARTED, CellField, SeveralField
from treaty.staff.queries import installation, user_with_role

OWN = "own_"
"""What the keys of columns of such fields begin with."""
NOT_ASKED: Mapping[str, Any] = {"help_text": "", "required": False}
"""A control that stands in no form."""


class WithFields(forms.Form):
    """A form of a record that has fields of one's own behind its usual ones."""

    record: ClassVar[str]

    def __init__(self, *args: Any, user: Any, one: int | None = None, **kwargs: Any) -> None:
        """`one` is the record whose values fill the form, None for a new one."""
        super().__init__(*args, **kwargs)
        self.one = one
        self.own = {f"own_{row.id}": row for row in fields_of(self.record)}
        self.uploads: dict[str, str] = {}
        """By the names of controls for files, those of the fields they fill."""
        values = values_of(self.record, [one], [*self.own.values()])[one] if one and self.own else {}
        for name, row in self.own.items():
            self.fields[name] = form_field(row, values.get(row.key), user, one)
            if one and row.kind is Kind.FILE:
                self.fields[f"{name}_file"] = upload_field(row)
                self.uploads[f"{name}_file"] = name

    def keep(self, name: str, called: Callable[[Any], object]) -> None:
        """Offer what the record holds, too, where nobody would choose it any more: saving then leaves it as it is."""
        held, field = self.initial.get(name), self.fields[name]
        offered = list(field.choices)  # type: ignore[attr-defined]  # only choices are kept
        if held and str(held) not in {str(value) for value, _label in offered}:
            field.choices = [*offered, (held, called(held))]  # type: ignore[attr-defined]

    def own_fields(self) -> list[forms.BoundField]:
        """The controls of the fields, in their order."""
        return [self[name] for name in self.fields if name in self.own or name in self.uploads]

    def usual(self) -> dict[str, Any]:
        """What was told besides fields of one's own."""
        besides = self.own.keys() | self.uploads.keys()
        return {name: value for name, value in self.cleaned_data.items() if name not in besides}

    def take_in(self, *, at: datetime, by: int | None) -> bool:
        """Keep the files that were uploaded, which their fields then hold; False with the reason where one is not taken."""
        for upload, name in self.uploads.items():
            file, row = self.cleaned_data.get(upload), self.own[name]
            if file is None or self.one is None:
                continue
            try:
                self.cleaned_data[name] = taker_of(row.kind)(
                    row.record, self.one, name=file.name or "", chunks=file.chunks(), at=at, by=by
                )
            except NotTaken as refused:
                self.add_error(upload, str(refused))
        return not self.errors

    def told_fields(self) -> dict[str, Plain]:
        """The plain values that were told, by the fields' keys; None empties one."""
        return {row.key: self.cleaned_data[name] for name, row in self.own.items()}

    def blame_field(self, error: WrongValue) -> None:
        """Put a refusal of the command beside the field at fault."""
        at_fault = next((name for name, row in self.own.items() if row.key == error.key), None)
        self.add_error(at_fault, wording.wrong(error.code))


def form_field(row: FieldRow, value: Plain, user: Any, one: int | None = None) -> forms.Field:
    """The control of a field of a record, filled with a value."""
    usual: dict[str, Any] = {"label": row.name, "help_text": row.hint, "required": False}
    if row.kind in CHOSEN - {Kind.TAGS}:
        return _choosing(row, value, usual)
    if row.kind is Kind.DATE:
        day = date.fromisoformat(str(value)) if value else None
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return DayField(**usual, initial=day, widget=widget)
    if row.kind is Kind.FILE:
        return _attaching(row, value, one, usual)
    if row.kind in LINKED:
        return RecordField(row.kind, user, value, usual)
    if row.kind is Kind.TAGS:
        return TagsField(row, value, usual)
    return PlainField(row, initial=written(row, value), **usual)


def upload_field(row: FieldRow) -> forms.Field:
    """The control that puts a file onto the record and into its field at once."""
    label = _("%(field)s: add a file") % {"field": row.name}
    return forms.FileField(label=label, required=False, allow_empty_file=True, widget=forms.FileInput())


def _choosing(row: FieldRow, value: Plain, usual: dict[str, Any]) -> forms.Field:
    held = value if isinstance(value, list) else [value]
    choices = [(one.key, one.name) for one in row.options if not one.is_retired or one.key in held]
    if row.kind is Kind.MANY:
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(**usual, choices=choices, initial=value, widget=boxes)
    return forms.ChoiceField(**usual, choices=[("", _("Not known")), *choices], initial=value)


def _attaching(row: FieldRow, value: Plain, one: int | None, usual: dict[str, Any]) -> forms.Field:
    """One of the documents on the record; what stood there already may stay."""
    known = offered(row.kind, row.record, [one]).get(one, ()) if one else ()
    choices = [(each.id, each.name) for each in known]
    if isinstance(value, int) and value not in dict(choices):
        choices.append((value, f"#{value}"))
    there = _("One of the documents on this record, or a file that you add here.")
    first = _("One of the documents on this record: add it there first, then choose it here.")
    hint = usual["help_text"] or (there if one else first)
    empty = [("", _("Not known")), *choices]
    usual = {**usual, "help_text": hint}
    return forms.TypedChoiceField(**usual, choices=empty, coerce=int, empty_value=None, initial=value)


class DayField(forms.DateField):
    """A day, told as programs tell it."""

    def clean(self, value: Any) -> Plain:
        """The day as its ISO text."""
        day = super().clean(value)
        return day.isoformat() if day else None


class PlainField(forms.CharField):
    """A text, a number or an amount, as one types it."""

    def __init__(self, row: FieldRow, *, longest: int = LONGEST, **kwargs: Any) -> None:
        mode = {"inputmode": "decimal"} if row.kind is Kind.NUMBER else {}
        widget = forms.TextInput({**mode, "autocomplete": "off"})
        super().__init__(max_length=longest, widget=widget, **kwargs)
        self.row = row

    def clean(self, value: Any) -> Plain:
        """The plain value of what was typed."""
        try:
            return told(self.row.kind, super().clean(value), self.row.options, installation().currency)
        except BadValue as error:
            raise forms.ValidationError(wording.wrong(error.code)) from None


class TagsField(PlainField, SeveralField):
    """Tags in one line; those in use are offered while one types."""

    def __init__(self, row: FieldRow, value: Plain, usual: Mapping[str, Any]) -> None:
        usual = {
            **usual,
            "help_text": usual["help_text"] or _("Parted by commas or semicolons. New ones are added."),
        }
        super().__init__(row, initial=written(row, value), longest=LONGEST_LINE, **usual)
        self.widget.attrs["data-records"] = tags_url(row)


class RecordField(forms.CharField):
    """Another record, by its name, or by its number where several have the name."""

    def __init__(self, kind: Kind, user: Any, value: Plain, usual: Mapping[str, Any] = NOT_ASKED) -> None:
        usual = {**usual, "help_text": usual["help_text"] or _("A name, or a number such as #12.")}
        told = {"autocomplete": "off", "data-records": records_url(kind)}
        super().__init__(max_length=LONGEST, widget=forms.TextInput(told), **usual)
        self.kind, self.user, self.held = kind, user, value
        self.initial = self._named(value) if isinstance(value, int) else ""

    def _named(self, value: int) -> str:
        one = names(self.user, {self.kind: [value]}).get((self.kind, value))
        return f"{one.name} #{value}" if one else f"#{value}"

    def clean(self, value: Any) -> Plain:
        """The id of the record that is meant; what stood there already may stay, whoever sees it."""
        text = super().clean(value).strip()
        if not text:
            return None
        if numbered := NUMBERED.search(text):
            meant = int(numbered[1])
            if meant == self.held or names(self.user, {self.kind: [meant]}):
                return meant
            raise forms.ValidationError(wording.wrong("no_record"))
        return self._found(text)

    def _found(self, text: str) -> int:
        fitting = found(self.kind, self.user, text)
        exact = [one for one in fitting if one.name.casefold() == text.casefold()]
        meant = exact if len(exact) == 1 else fitting
        if not meant:
            raise forms.ValidationError(wording.wrong("no_record"))
        if len(meant) > 1:
            raise forms.ValidationError(several(meant))
        return meant[0].id


class OwnCell(CellField):
    """What makes the text of a cell out of what was typed into it: the value as files have it, of choices the keys."""

    def __init__(self, row: FieldRow, user: Any) -> None:
        super().__init__(required=False)
        self.row, self.user = row, user
        self.is_several = row.kind in SEVERAL

    def clean(self, value: Any) -> str:
        """The text, or why it cannot be."""
        text = str(value or "")
        if self.row.kind in LINKED:
            return cell_text(self.row, RecordField(self.row.kind, self.user, None).clean(text))
        try:
            plain = self.plain(text)
            if self.row.kind is Kind.TAGS and plain:
                # What one cell brings is there for the next.
                self.row = replace(self.row, options=grown(plain, self.row.options))
            cells(self.row.kind, plain, self.row.options)
        except BadValue as error:
            raise forms.ValidationError(wording.wrong(error.code)) from None
        return cell_text(self.row, plain)

    def plain(self, text: str) -> Plain:
        """The plain value of a text that a cell holds. Raises BadValue."""
        return told(self.row.kind, text, self.row.options, installation().currency)

    def held(self, shown: str) -> str:
        """Of a record, which is shown with its name, the number; of tags, which are shown by their names, the keys."""
        if self.row.kind is Kind.TAGS:
            return self.keys_of(shown)
        numbered = NUMBERED.search(shown) if self.row.kind in LINKED else None
        return f"#{numbered[1]}" if numbered else shown

    def ready(self, texts: Iterable[str]) -> None:
        """New tags join their field before rows are held, so that nobody waits in a round."""
        if self.row.kind is Kind.TAGS:
            told = [tag for text in texts for tag in self._told(text)]
            join_tags(self.row.record, {self.row.key: told})

    def known(self, text: str) -> str:
        """The tags of a line that somebody may wear; a word that is none is worn by nobody."""
        if self.row.kind is not Kind.TAGS:
            return text
        keys = {option.key for option in self.row.options}
        return PARTED.join(tag for tag in self._told(text) if tag in keys)

    def _told(self, text: str) -> list[str]:
        try:
            told = self.plain(text)
        except BadValue:
            return []
        return told if isinstance(told, list) else []

    def keys_of(self, shown: str) -> str:
        """The keys of tags that a line names."""
        try:
            return cell_text(self.row, self.plain(shown))
        except BadValue:
            return shown

    def again(self, held: str) -> str:
        """What was there before may be there again, whoever sees it."""
        return held

    def words(self, held: str) -> str:
        """What a cell holds, in the language of the page."""
        value = self.plain(held)
        known = pointed_to(self.user, [self.row], [{self.row.key: value}]) if value is not None else {}
        return words(self.row, value, known) if value is not None else ""


def own_cells(record: str, by: int | None) -> dict[str, OwnCell]:
    """By the keys of a list's columns, what reads the cells of fields of one's own for a user."""
    rows = fields_of(record)
    user = user_with_role(by) if by and any(row.kind in LINKED for row in rows) else None
    return {f"{OWN}{row.key}": OwnCell(row, user) for row in rows}


def own_controls(record: str, user: Any) -> dict[str, forms.Field]:
    """By the keys of a list's columns, the controls in which a user tells one value for many records; files stand on one."""
    rows = [row for row in fields_of(record) if row.kind is not Kind.FILE]
    return {f"{OWN}{row.key}": form_field(row, None, user) for row in rows}


@contextmanager
def own_value(record: str, column: str, text: str) -> Iterator[dict[str, Plain]]:
    """What the text of a cell tells of a field, as verbs of records take it; what they refuse is told in words."""
    try:
        yield {column.removeprefix(OWN): own_cells(record, None)[column].plain(text)}
    except WrongValue as error:
        raise forms.ValidationError(wording.wrong(error.code)) from None


def wrong(code: str) -> str:
    """Why a value cannot be, in words."""
    return wording.wrong(code)


def several(fitting: Sequence[Named]) -> str:
    """That several records fit, and how to say which."""
    listed = ", ".join(f"{one.name} #{one.id}" for one in fitting)
    return gettext("Several fit; write one of them with its number: %(records)s.") % {"records": listed}


class NewFieldForm(forms.Form):
    """A field that is defined."""

    record = forms.ChoiceField(label=_("Of"), choices=[(one, wording.RECORDS[one]) for one in RECORDS])
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=list(wording.KINDS.items()), help_text=_("It cannot be changed later.")
    )
    options = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One in each line, where the kind is one of choices or tags."),
    )
    hint = forms.CharField(
        label=_("Hint"), required=False, max_length=200, help_text=_("Stands beside the field in forms.")
    )

    def draft(self) -> FieldDraft:
        """The field as the command takes it."""
        told = self.cleaned_data
        lines = tuple(told["options"].splitlines())
        return FieldDraft(told["record"], told["name"], Kind(told["kind"]), told["hint"], lines)


class FieldForm(forms.Form):
    """What of a field can be changed."""

    name = forms.CharField(label=_("Name"), max_length=60)
    hint = forms.CharField(
        label=_("Hint"), required=False, max_length=200, help_text=_("Stands beside the field in forms.")
    )


class OptionForm(forms.Form):
    """The name of something to choose."""

    option = forms.CharField(label=_("Choice"), max_length=60)


def blame(form: forms.Form, refused: Refused) -> None:
    """Put a refusal beside the input at fault."""
    form.add_error(refused.field if refused.field in form.fields else None, wording.refusal(refused.code))
