"""Readings of capture: the forms, and the consents they ask for."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from treaty.capture.models import Form
from treaty.fields.queries import FieldRow, fields_of
from treaty.fields.rules import LINKED, Kind
from treaty.people.queries import all_purposes, text_of

FormRow = Form
"""A form as pages read it."""


def open_form(key: str) -> Form | None:
    """The form that is served under a key; None where there is none, or it is switched off."""
    return Form.objects.filter(key=key, is_active=True).first()


def all_forms() -> "QuerySet[Form]":
    """All forms, unordered."""
    return Form.objects.all()


def forms() -> list[Form]:
    """All forms, by name."""
    return list(all_forms().order_by("name", "id"))


def form_by_id(form_id: int) -> Form | None:
    """One form for its settings page."""
    return Form.objects.filter(pk=form_id).first()


OWN = "own."
"""What the names of fields begin with that the company defined."""


class AskedField(NamedTuple):
    """A field of the company's own that a form asks for."""

    row: FieldRow
    label: str
    is_required: bool

    @property
    def input(self) -> str:
        """What the control is called."""
        return f"{OWN}{self.row.key}"


def askable_fields() -> list[FieldRow]:
    """The fields of persons that strangers can fill in: those that lead to no other record, and take no new words."""
    return [row for row in fields_of("person") if row.kind not in {*LINKED, Kind.TAGS}]


def asked_fields(form: Form) -> list[AskedField]:
    """The company's own fields that a form asks for, in its order; one that is out of use is asked for no more."""
    names = {str(field["name"]): field for field in form.fields if str(field["name"]).startswith(OWN)}
    rows = {f"{OWN}{row.key}": row for row in askable_fields()} if names else {}
    return [
        AskedField(rows[name], str(field["label"]), bool(field["required"]))
        for name, field in names.items()
        if name in rows
    ]


class AskedConsent(NamedTuple):
    """A box of a form: the purpose, and the version of its words that stand beside the box."""

    id: int
    name: str
    version: int
    text: str
    is_ticked: bool = False

    @property
    def input(self) -> str:
        """What the box is called; its value is the version, so that an answer says which words were read."""
        return f"consent-{self.id}"


def asked_consents(form: Form) -> list[AskedConsent]:
    """The boxes of a form, in its order; a purpose that is out of use is asked for no more."""
    rows = all_purposes().filter(pk__in=form.consents, retired_at=None) if form.consents else ()
    found = {row.pk: AskedConsent(row.pk, row.name, row.version, row.text) for row in rows}
    return [found[one] for one in form.consents if one in found]


def ticked(form: Form, values: Mapping[str, str]) -> list[AskedConsent]:
    """The boxes that an answer ticked, each with the words that stood beside it when the form was opened."""
    return [
        one._replace(version=int(told), is_ticked=True)
        for one in asked_consents(form)
        if (told := values.get(one.input, "")).isdecimal()
        and len(told) < 5
        and text_of(one.id, int(told)) is not None
    ]
